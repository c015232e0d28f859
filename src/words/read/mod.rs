//! In: a text and its language. Out: [`Reading`]s: which parts of it are not said as they are written (numbers, dates,
//! times, money, units, abbreviations, acronyms, signs, addresses), and what is said instead. Knows no pieces and no
//! phonemes.
//!
//! The text is cut into tokens once. At each token the rules are asked in the order of [`RULES`]; the first that matches
//! says what is said and where to go on. A rule looks at a bounded number of tokens (the address rule at what stands
//! between two spaces, and only from its beginning), so reading takes time in proportion to the text.

mod abbreviation;
mod acronym;
mod address;
mod amount;
mod angle;
mod code;
mod count;
mod date;
mod fraction;
mod gender;
mod interjection;
mod law;
mod money;
mod number;
mod phone;
mod roman;
mod symbol;
mod time;
mod token;
mod unit;
mod verse;
mod year;

use super::sounds::{Given, merged};
use crate::lang::Tongue;
use crate::transcript::SayAs;
use std::ops::Range;
use token::Text;

/// A part of the text and what is said for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The bytes of the text it stands for.
    pub(super) place: Range<usize>,
    /// What is said: letters, spaces and the punctuation between; may be empty where a sign is passed over.
    pub(super) spoken: String,
}

/// What a rule found.
struct Match {
    /// The token to go on with.
    end: usize,
    /// In order, without overlap.
    readings: Vec<Reading>,
}

/// A rule: what is said from this token on, if that is its business.
type Rule = fn(&Text<'_>, usize) -> Option<Match>;

/// The rules, the more special before the more general.
const RULES: [Rule; 31] = [
    address::rule,
    verse::rule,
    law::article,
    law::book,
    abbreviation::rule,
    law::parts,
    angle::rule,
    code::zip,
    code::height,
    time::primes,
    phone::rule,
    year::season,
    fraction::round,
    date::rule,
    time::rule,
    money::rule,
    code::version,
    code::model,
    code::times,
    fraction::rule,
    year::rule,
    amount::rule,
    unit::each,
    unit::scale,
    code::rule,
    roman::rule,
    interjection::rule,
    acronym::rule,
    law::clause,
    symbol::rule,
    amount::leftover,
];

/// The same as [`readings`], the stretches of `others` read in the other language and the rest apart from them.
pub(super) fn readings_of_each(text: &str, tongue: Tongue, given: Vec<Given>, others: &[Range<usize>]) -> Vec<Given> {
    let mut all = Vec::new();
    let (mut given, mut from) = (given.into_iter().peekable(), 0);
    let end = text.len()..text.len();
    for other in others.iter().chain([&end]) {
        let runs = [(from..other.start, tongue), (other.clone(), Tongue::of(tongue.lang.other()))];
        for (run, tongue) in runs.into_iter().filter(|(run, _)| !run.is_empty()) {
            let mut own = Vec::new();
            while let Some(given) = given.next_if(|given| given.place.start < run.end) {
                // What reaches from one language into the other is read in neither.
                if given.place.start >= run.start && given.place.end <= run.end {
                    own.push(Given { place: shifted(&given.place, |at| at - run.start), ..given });
                }
            }
            let read = readings(&text[run.clone()], tongue, own).into_iter();
            all.extend(read.map(|r| Given { place: shifted(&r.place, |at| at + run.start), ..r }));
        }
        from = other.end;
    }
    all
}

fn shifted(place: &Range<usize>, by: impl Fn(usize) -> usize) -> Range<usize> {
    by(place.start)..by(place.end)
}

/// The readings of `text` and what is given for it, in order and without overlap.
fn readings(text: &str, tongue: Tongue, given: Vec<Given>) -> Vec<Given> {
    let plain = read(text, tongue).into_iter();
    let plain: Vec<Given> = plain.map(|r| Given { place: r.place, spoken: r.spoken, ipa: None }).collect();
    if given.is_empty() {
        return plain;
    }
    // A reading that reaches beyond what is given says more than could be said in parts.
    let beyond = |given: &Given| {
        let at = plain.partition_point(|r| r.place.end <= given.place.start);
        let over = plain[at..].iter().take_while(|r| r.place.start < given.place.end);
        let wider = |r: &Given| r.place.start < given.place.start || r.place.end > given.place.end;
        over.filter(|r| !r.spoken.is_empty()).any(wider)
    };
    let given = given.into_iter().filter(|given| !beyond(given)).collect();
    merged(given, plain)
}

/// The readings of `text`, in order and without overlap.
fn read(text: &str, tongue: Tongue) -> Vec<Reading> {
    let text = Text::new(text, tongue);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        match if text.is_space(at) { None } else { RULES.iter().find_map(|rule| rule(&text, at)) } {
            Some(Match { end, readings }) => {
                found.extend(readings);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// What is said of `text` where it is to be read as this kind of thing; `None` where it is read as ever.
pub(super) fn say_as(text: &str, how: SayAs, tongue: Tongue) -> Option<String> {
    let digits = || text.chars().filter(char::is_ascii_digit).collect::<String>();
    let whole = || Some(digits()).filter(|d| !d.is_empty() && text.chars().all(|c| !c.is_alphabetic()));
    match how {
        SayAs::Characters => {
            let each = text.chars().filter(|c| c.is_alphanumeric()).map(|c| match c.to_digit(10) {
                Some(digit) => number::cardinal(u64::from(digit), tongue, false),
                None => c.to_uppercase().collect(),
            });
            Some(each.collect::<Vec<_>>().join(" ")).filter(|said| !said.is_empty())
        }
        SayAs::Cardinal => whole().map(|digits| number::integer(&digits, tongue, false)),
        SayAs::Ordinal => digits().parse().ok().map(|value| number::ordinal(value, tongue, false)),
        SayAs::Telephone => {
            let groups = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
            let said: Vec<String> = groups.map(|group| number::one_by_one(group, tongue.lang)).collect();
            Some(said.join(", ")).filter(|said| !said.is_empty())
        }
        SayAs::Usual => None,
    }
}
