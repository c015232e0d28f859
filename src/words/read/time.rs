//! In: a time of day or a duration in figures. Out: it in words. Knows no dates.

use super::Match;
use super::count::to;
use super::number::cardinal;
use super::token::Text;
use crate::lang::Lang;

/// Words beside which `3:1` is a ratio or a score.
const RATIOS: [&str; 16] = [
    "ratio", "score", "scored", "odds", "scale", "rapport", "proportion", "won", "lost", "beat", "échelle", "of",
    "gagné", "perdu", "victoire", "format",
];

/// A time in figures: its numbers, and the token after it.
struct Clock {
    hour: u64,
    minute: Option<u64>,
    second: Option<u64>,
    end: usize,
}

fn number(text: &Text<'_>, at: usize, below: u64) -> Option<u64> {
    text.text(at).parse().ok().filter(|number| text.is_digits(at) && text.text(at).len() <= 2 && *number < below)
}

/// Times.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_digits(at) || !text.fresh(at) {
        return None;
    }
    if let Some(found) = minutes(text, at).or_else(|| stopwatch(text, at)) {
        return Some(found);
    }
    let found = match text.tongue.lang {
        Lang::En => english(text, at),
        Lang::Fr => french(text, at),
    };
    found.or_else(|| long_minutes(text, at))
}

/// A number and its unit of time.
pub(super) fn lasting(text: &Text<'_>, number: u64, unit: (&str, &str)) -> String {
    let name = if text.french() { unit.1 } else { unit.0 };
    let many = if text.french() { number > 1 } else { number != 1 };
    format!("{} {name}{}", cardinal(number, text.tongue, text.french()), if many { "s" } else { "" })
}

/// `1min30s`, `2 min 05`: a length.
fn minutes(text: &Text<'_>, at: usize) -> Option<Match> {
    let minute = number(text, at, 100)?;
    let name = text.past_space(at + 1);
    let seconds = text.past_space(name + 1);
    let second = number(text, seconds, 60).filter(|_| matches!(text.low(name), "min" | "mn"))?;
    let letter = text.past_space(seconds + 1);
    let said = matches!(text.low(letter), "s" | "sec") && !text.goes_on(letter + 1);
    let end = if said { letter + 1 } else { seconds + 1 };
    if text.goes_on(end) || !(said || text.text(seconds).len() == 2 && seconds == name + 1) {
        return None;
    }
    let minute = lasting(text, minute, ("minute", "minute"));
    text.says(at, end, format!("{minute} {}", lasting(text, second, ("second", "seconde"))))
}

/// The time of day that a date in figures is followed by, as ISO 8601 has it behind a `T`: in words, and the token after
/// it.
pub(super) fn of_day(text: &Text<'_>, at: usize) -> Option<(String, usize)> {
    let mut clock = colons(text, at)?;
    clock.second = clock.second.filter(|second| *second > 0);
    let universal = text.is(clock.end, "Z");
    let end = clock.end + usize::from(universal);
    let time = if text.french() { say_french(text, &clock) } else { say_english(text, &clock, false) };
    (!text.goes_on(end)).then(|| (time + if universal { " U T C" } else { "" }, end))
}

/// `27'12"` and `12"87`, in French: a length. In English it is one of feet and inches.
pub(super) fn primes(text: &Text<'_>, at: usize) -> Option<Match> {
    let minute = number(text, at, 100).filter(|_| text.french() && text.fresh(at))?;
    let hundredths = matches!(text.text(at + 1), "\"" | "″" | "”") && text.text(at + 2).len() <= 2;
    if hundredths && text.is_digits(at + 2) && !text.goes_on(at + 3) {
        let second = lasting(text, minute, ("second", "seconde"));
        return text.says(
            at,
            at + 3,
            format!("{second} {}", super::number::integer(text.text(at + 2), text.tongue, false)),
        );
    }
    let prime = |at: usize| matches!(text.text(at), "'" | "’" | "′");
    let second = number(text, at + 2, 60).filter(|_| prime(at + 1) && text.text(at + 2).len() == 2)?;
    let end = match text.text(at + 3) {
        "\"" | "″" | "”" => at + 4,
        _ if prime(at + 3) && prime(at + 4) => at + 5,
        _ => return None,
    };
    let minute = lasting(text, minute, ("minute", "minute"));
    text.says(at, end, format!("{minute} {}", lasting(text, second, ("second", "seconde"))))
}

/// `1:23.45`: a length to a fraction of a second.
fn stopwatch(text: &Text<'_>, at: usize) -> Option<Match> {
    let minute = number(text, at, 60)?;
    let (point, part) = (at + 3, at + 4);
    let exact = text.is(at + 1, ":") && text.text(at + 2).len() == 2 && text.is_digits(part);
    if !exact || !matches!(text.text(point), "." | ",") || text.text(part).len() > 3 || text.goes_on(part + 1) {
        return None;
    }
    let second = number(text, at + 2, 60)?;
    let minute = lasting(text, minute, ("minute", "minute"));
    let digits = text.text(part);
    let spoken = match text.tongue.lang {
        Lang::En => {
            let part = super::number::one_by_one(digits, Lang::En);
            format!("{minute} {} point {part} seconds", cardinal(second, text.tongue, false))
        }
        Lang::Fr => {
            let part = super::number::integer(digits, text.tongue, false);
            format!("{minute} {} {part}", lasting(text, second, ("second", "seconde")))
        }
    };
    text.says(at, part + 1, spoken)
}

/// `10:30`, `10:30:05`; two digits after each colon.
fn colons(text: &Text<'_>, at: usize) -> Option<Clock> {
    let hour = number(text, at, 25)?;
    if !text.is(at + 1, ":") || text.text(at + 2).len() != 2 {
        return None;
    }
    let minute = Some(number(text, at + 2, 60)?);
    let more = text.is(at + 3, ":") && text.text(at + 4).len() == 2;
    let second = if more { Some(number(text, at + 4, 60)?) } else { None };
    let end = at + 3 + if more { 2 } else { 0 };
    let goes_on = (text.is(end, ":") || text.is(end, ".")) && text.is_digits(end + 1);
    (!goes_on).then_some(Clock { hour, minute, second, end })
}

/// Numbers with a colon between them that are no time.
fn ratio(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is(at + 1, ":") || !text.is_digits(at + 2) || text.is(at + 3, ":") || text.goes_on(at + 3) {
        return None;
    }
    if text.is_dash(at + 3) && text.is_digits(at + 4) && text.text(at + 2).len() == 1 && !text.goes_on(at + 5) {
        // Verses of a chapter: `5:3-12`.
        let [chapter, from, until] =
            [at, at + 2, at + 4].map(|at| super::number::integer(text.text(at), text.tongue, false));
        return text.says(at, at + 5, format!("{chapter}, {from} {} {until}", to(text.tongue.lang)));
    }
    let short = text.text(at + 2).len() != 2;
    let told = RATIOS.contains(&text.word_before(at)) && (text.word_before(at) != "of" || told_before(text, at));
    if !(short || told) || text.text(at).len() > 4 || text.text(at + 2).len() > 4 {
        return None;
    }
    let [first, second] = [at, at + 2].map(|at| super::number::integer(text.text(at), text.tongue, false));
    text.says(at, at + 3, format!("{first} {} {second}", to(text.tongue.lang)))
}

/// Whether the word before `of` says that a ratio follows.
fn told_before(text: &Text<'_>, at: usize) -> bool {
    text.before(at).is_some_and(|of| RATIOS.contains(&text.word_before(of)))
}

/// The half of the day written at `end`, after a space or not: in letters, and the token after it.
fn half(text: &Text<'_>, end: usize) -> Option<(&'static str, usize)> {
    let at = text.past_space(end);
    match text.low(at) {
        "am" if at == end || text.text(at) != "Am" => Some(("A M", at + 1)),
        "pm" => Some(("P M", at + 1)),
        "a" | "p" if text.is(at + 1, ".") && text.low(at + 2) == "m" => {
            let letters = if text.low(at) == "a" { "A M" } else { "P M" };
            let point = text.is(at + 3, ".") && !text.ends_sentence(at + 3);
            Some((letters, at + 3 + usize::from(point)))
        }
        _ => None,
    }
    .filter(|(_, end)| !text.goes_on(*end))
}

/// `56:19`, which is no time of day: minutes and seconds.
fn long_minutes(text: &Text<'_>, at: usize) -> Option<Match> {
    let minute = number(text, at, 100).filter(|minute| *minute > 24 && text.is(at + 1, ":"))?;
    let second = number(text, at + 2, 60).filter(|_| text.text(at + 2).len() == 2)?;
    if text.goes_on(at + 3) || matches!(text.text(at + 3), ":" | "." | "," | "-") && text.is_digits(at + 4) {
        return None;
    }
    let minutes = lasting(text, minute, ("minute", "minute"));
    let spoken = match (second, text.french()) {
        (0, _) => minutes,
        (_, true) => format!("{minutes} {}", cardinal(second, text.tongue, true)),
        (1..10, false) => {
            format!("{} oh {}", cardinal(minute, text.tongue, false), cardinal(second, text.tongue, false))
        }
        (_, false) => format!("{} {}", cardinal(minute, text.tongue, false), cardinal(second, text.tongue, false)),
    };
    text.says(at, at + 3, spoken)
}

/// `1100 hours`, `0600 hours`, in English.
fn military(text: &Text<'_>, at: usize) -> Option<Match> {
    let digits = text.text(at);
    let told = digits.len() == 4 && text.word_after(at + 1) == "hours";
    let (hour, minute) = digits.split_at_checked(2).filter(|_| told)?;
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.parse().ok()?);
    let dated = digits.starts_with('0') || matches!(text.word_before(at), "at" | "by" | "until" | "from" | "before");
    if hour > 24 || minute > 59 || !dated || !digits.starts_with(['0', '1', '2']) {
        return None;
    }
    let oh = if hour < 10 { "oh " } else { "" };
    let minutes = if minute == 0 { "hundred".to_owned() } else { cardinal(minute, text.tongue, false) };
    text.says(at, at + 1, format!("{oh}{} {minutes}", cardinal(hour, text.tongue, false)))
}

fn english(text: &Text<'_>, at: usize) -> Option<Match> {
    if let Some(found) = military(text, at) {
        return Some(found);
    }
    if let Some(found) = ratio(text, at) {
        return Some(found);
    }
    // `2h30` is a length; a time of day has colons.
    if let Some(Clock { hour, minute: Some(minute), second: None, end }) =
        hours(text, at).filter(|clock| text.is(at + 1, "h") && (text.is_word(clock.end - 1) || !text.goes_on(at + 3)))
    {
        let hour = lasting(text, hour, ("hour", "heure"));
        let minute = match text.is_word(end - 1) {
            true => lasting(text, minute, ("minute", "minute")),
            false => cardinal(minute, text.tongue, false),
        };
        return text.says(at, end, format!("{hour} {minute}"));
    }
    let first = moment(text, at)?;
    let last = super::count::past_any_dash(text, first.clock.end).and_then(|next| moment(text, next));
    // Hours alone are times only where one of them says so.
    let sure = |moment: &Moment| moment.clock.minute.is_some() || moment.half.is_some();
    if !(sure(&first) || last.as_ref().is_some_and(sure)) {
        return None;
    }
    let end = last.as_ref().map_or(first.clock.end, |last| last.clock.end);
    let half = first.half.is_some() || last.as_ref().is_some_and(|last| last.half.is_some());
    let mut spoken = say_moment(text, &first, half);
    if let Some(last) = last {
        spoken = format!("{spoken} to {}", say_moment(text, &last, half));
    }
    if text.goes_on(end) && text.text(end) != "Z" { None } else { text.says(at, end, spoken) }
}

/// A time in English, with its half of the day where that is written.
struct Moment {
    clock: Clock,
    half: Option<&'static str>,
}

/// `10:30`, `9 a.m.`, `8`.
fn moment(text: &Text<'_>, at: usize) -> Option<Moment> {
    let hour = || number(text, at, 13).filter(|hour| *hour > 0);
    let alone = || Some(Clock { hour: hour()?, minute: None, second: None, end: at + 1 });
    let mut clock = colons(text, at).or_else(alone)?;
    let half = half(text, clock.end);
    clock.end = half.map_or(clock.end, |(_, end)| end);
    Some(Moment { clock, half: half.map(|(letters, _)| letters) })
}

fn say_moment(text: &Text<'_>, moment: &Moment, half: bool) -> String {
    let time = match moment.clock.minute {
        None => cardinal(moment.clock.hour, text.tongue, false),
        Some(_) => say_english(text, &moment.clock, half),
    };
    moment.half.map_or(time.clone(), |letters| format!("{time} {letters}"))
}

fn say_english(text: &Text<'_>, clock: &Clock, half: bool) -> String {
    let say = |number: u64| cardinal(number, text.tongue, false);
    let unit = |number: u64, name: &str| format!("{} {name}{}", say(number), if number == 1 { "" } else { "s" });
    let minute = clock.minute.unwrap_or(0);
    if let Some(second) = clock.second {
        let [hours, minutes, seconds] =
            [(clock.hour, "hour"), (minute, "minute"), (second, "second")].map(|(n, name)| unit(n, name));
        return format!("{hours} {minutes} and {seconds}");
    }
    match (clock.hour, minute) {
        (hour, 0) if half && hour > 0 => say(hour),
        (0 | 24, 0) => "midnight".to_owned(),
        (hour, 0) if hour <= 12 => format!("{} o'clock", say(hour)),
        (hour, 0) => format!("{} hundred", say(hour)),
        (hour, 1..10) => format!("{} oh {}", say(hour), say(minute)),
        (hour, _) => format!("{} {}", say(hour), say(minute)),
    }
}

/// `9h30`, `14 h 30`, `2h 05min 30s`; and with colons.
fn hours(text: &Text<'_>, at: usize) -> Option<Clock> {
    let hour = number(text, at, 100)?;
    let letter = text.past_space(at + 1);
    if text.low(letter) != "h" || (text.text(letter) == "H" && letter > at + 1) {
        return None;
    }
    let mut clock = Clock { hour, minute: None, second: None, end: letter + 1 };
    let minutes = text.past_space(letter + 1);
    if let Some(minute) = number(text, minutes, 60).filter(|_| text.text(minutes).len() == 2) {
        clock.minute = Some(minute);
        clock.end = minutes + 1;
        if let Some(second) =
            number(text, minutes + 2, 60).filter(|_| matches!(text.text(minutes + 1), "'" | "’" | "′"))
        {
            (clock.second, clock.end) = (Some(second), minutes + 3);
        }
        let name = text.past_space(minutes + 1);
        let short = !text.french() && name == minutes + 1 && text.is(name, "m");
        if (matches!(text.low(name), "min" | "mn") || short) && !text.goes_on(name + 1) {
            clock.end = name + 1;
            let seconds = text.past_space(name + 1);
            let letter = text.past_space(seconds + 1);
            if let Some(second) = number(text, seconds, 60).filter(|_| text.low(letter) == "s") {
                clock.second = Some(second);
                clock.end = letter + 1;
            }
        }
    }
    (!text.goes_on(clock.end) && !text.is(clock.end, "/")).then_some(clock)
}

fn french(text: &Text<'_>, at: usize) -> Option<Match> {
    if let Some(found) = ratio(text, at) {
        return Some(found);
    }
    let clock = hours(text, at).or_else(|| colons(text, at))?;
    let (mut spoken, mut end) = (say_french(text, &clock), clock.end);
    if let Some(next) = super::count::past_any_dash(text, end)
        && let Some(last) = hours(text, next).or_else(|| colons(text, next))
    {
        spoken = format!("{spoken} à {}", say_french(text, &last));
        end = last.end;
    }
    if text.goes_on(end) { None } else { text.says(at, end, spoken) }
}

fn say_french(text: &Text<'_>, clock: &Clock) -> String {
    let unit = |number: u64, name: &str| {
        format!("{} {name}{}", cardinal(number, text.tongue, true), if number < 2 { "" } else { "s" })
    };
    let hours = unit(clock.hour, "heure");
    match (clock.minute, clock.second) {
        (Some(minute), Some(second)) => format!("{hours} {} {}", unit(minute, "minute"), unit(second, "seconde")),
        (Some(minute), None) if minute > 0 => format!("{hours} {}", cardinal(minute, text.tongue, true)),
        _ => hours,
    }
}
