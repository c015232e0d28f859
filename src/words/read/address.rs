//! In: an address of mail or of the web, a file's name, a hashtag, the name of an account. Out: its parts as they are
//! read out. Knows the endings of addresses as lists, and looks at what stands between two spaces at most.

use super::acronym::{is_word_like, spelt};
use super::number::{integer, one_by_one, year};
use super::token::{Kind, Text};
use super::{Match, Reading};
use crate::lang::Lang;

/// Endings of addresses that are no words.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "info", "fr", "uk", "de", "ca", "ch", "eu", "io", "ai", "tv", "co", "dev",
    "app", "es", "nl", "jp", "au", "int", "mil", "biz", "xyz", "lu", "qc", "gouv", "ie", "nz", "pl", "se", "fi", "dk",
    "cz", "paris",
];
/// Endings of files.
const FILES: &[&str] = &[
    "pdf", "txt", "doc", "docx", "xls", "xlsx", "csv", "json", "html", "htm", "xml", "png", "jpg", "jpeg", "gif",
    "svg", "mp3", "mp4", "wav", "srt", "vtt", "zip", "gz", "exe", "py", "js", "rs", "md", "odt", "ppt", "pptx", "toml",
    "yaml",
];
/// Endings that are said as words.
const SAID: [&str; 12] = ["com", "org", "net", "info", "gov", "gouv", "dev", "app", "paris", "co", "biz", "zip"];

/// Signs in an address: English, French.
const SIGNS: [(&str, &str, &str); 14] = [
    (".", "dot", "point"),
    ("@", "at", "arobase"),
    ("/", "slash", "barre oblique"),
    ("-", "dash", "tiret"),
    ("_", "underscore", "tiret bas"),
    (":", "colon", "deux-points"),
    ("?", "question mark", "point d'interrogation"),
    ("=", "equals", "égale"),
    ("&", "and", "et"),
    ("#", "hash", "dièse"),
    ("%", "percent", "pour cent"),
    ("+", "plus", "plus"),
    ("~", "tilde", "tilde"),
    ("\\", "backslash", "barre oblique inversée"),
];

/// Addresses, files, hashtags and accounts.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.opens(at) || text.kind(at) == Some(Kind::Space) {
        return None;
    }
    if text.is(at, "#") {
        return hashtag(text, at);
    }
    if text.is(at, "@") {
        return account(text, at);
    }
    if !text.goes_on(at) {
        return None;
    }
    let end = end(text, at);
    let from = past_scheme(text, at, end);
    if from > at || is_address(text, at, end) { Some(say(text, at, from, end)) } else { None }
}

/// Where what may be an address is over: at white space, or at marks that close a sentence or a bracket.
fn end(text: &Text<'_>, at: usize) -> usize {
    let inside = |at: usize| text.goes_on(at) || SIGNS.iter().any(|(sign, ..)| text.is(at, sign));
    let mut end = at;
    while end < text.tokens.len() && inside(end) {
        end += 1;
    }
    while end > at && matches!(text.text(end - 1), "." | "?" | ":" | "-" | "&" | "=" | "~") {
        end -= 1;
    }
    end
}

/// The token after `https://`, which nobody reads out.
fn past_scheme(text: &Text<'_>, at: usize, end: usize) -> usize {
    let scheme = matches!(text.low(at), "http" | "https" | "ftp");
    if scheme && at + 4 < end && text.is(at + 1, ":") && text.is(at + 2, "/") && text.is(at + 3, "/") {
        at + 4
    } else {
        at
    }
}

/// Whether these tokens are an address without a scheme, or the name of a file.
fn is_address(text: &Text<'_>, at: usize, end: usize) -> bool {
    let tokens = || at..end;
    if tokens().filter(|at| text.is(*at, "@")).count() == 1 {
        let sign = tokens().find(|at| text.is(*at, "@")).unwrap_or(at);
        return sign > at && text.goes_on(sign + 1) && (sign..end).any(|at| text.is(at, "."));
    }
    if text.low(at) == "www" && text.is(at + 1, ".") {
        return true;
    }
    // The host ends with the first stroke.
    let host = tokens().find(|at| text.is(*at, "/") || text.is(*at, "?") || text.is(*at, ":")).unwrap_or(end);
    let plain = (at..host).all(|at| text.goes_on(at) || matches!(text.text(at), "." | "-" | "_"));
    let last = host.saturating_sub(1);
    // `mp3` is two tokens.
    let (ending, dot) = if text.is_digits(last) && last > at {
        (format!("{}{}", text.text(last - 1), text.text(last)), last.saturating_sub(2))
    } else {
        (text.text(last).to_owned(), last.saturating_sub(1))
    };
    let dotted = dot > at && text.is(dot, ".") && text.goes_on(dot - 1);
    let known = DOMAINS.contains(&ending.as_str()) || (host == end && FILES.contains(&ending.as_str()));
    let long = text.tokens[at..host].iter().map(|token| token.text.len()).sum::<usize>() > ending.len() + 2;
    plain && dotted && known && long && (text.is_word(dot - 1) || FILES.contains(&ending.as_str()))
}

/// A reading for each part that is not said as it is written, so that a long address can be said in several breaths.
fn say(text: &Text<'_>, at: usize, from: usize, end: usize) -> Match {
    let lang = text.tongue.lang;
    let host = (from..end).find(|at| text.is(*at, "/")).unwrap_or(end);
    let mut readings: Vec<Reading> = Vec::new();
    if from > at {
        readings.push(text.reading(at, from, ""));
    }
    for here in from..end {
        match text.kind(here) {
            Some(Kind::Word) => {
                let ending = here + 1 == host || (text.is(here + 1, ".") && here > from);
                readings
                    .extend(spelt_part(text, here, ending, host).map(|spoken| text.reading(here, here + 1, spoken)));
            }
            Some(Kind::Digits) => match super::amount::long(text, here) {
                Some(long) => readings.extend(long.readings),
                None => readings.push(text.reading(here, here + 1, digits(text, here))),
            },
            // A stroke at the very end is not read.
            _ if here + 1 == end && text.is(here, "/") && here > from + 1 => readings.push(text.reading(here, end, "")),
            _ => readings.push(text.reading(here, here + 1, format!(" {} ", sign(text.text(here), lang)))),
        }
    }
    Match { end, readings }
}

fn sign(sign: &str, lang: Lang) -> &'static str {
    let row = SIGNS.iter().find(|(written, ..)| *written == sign);
    row.map_or("", |(_, english, french)| if lang == Lang::En { english } else { french })
}

/// Letters one by one, where they are an ending such as `fr` or could be no word.
fn spelt_part(text: &Text<'_>, at: usize, ending: bool, host: usize) -> Option<String> {
    let (low, lang) = (text.low(at), text.tongue.lang);
    let length = low.chars().take(7).count();
    let single = length == 1 && !(at > 0 && matches!(text.text(at - 1), "/" | "-" | "_"));
    let short = length == 2 && at < host && ending && !SAID.contains(&low);
    let unsaid = (2..7).contains(&length) && !low.contains(['a', 'e', 'i', 'o', 'u', 'y', 'é', 'è']);
    (single || short || unsaid || matches!(low, "pdf" | "www")).then(|| spelt(low, lang))
}

fn digits(text: &Text<'_>, at: usize) -> String {
    let digits = text.text(at);
    match digits.parse::<u64>() {
        Ok(number @ 1900..2100) if digits.len() == 4 => year(number, text.tongue),
        _ if digits.len() <= 2 => integer(digits, text.tongue, false),
        _ => one_by_one(digits, text.tongue.lang),
    }
}

/// `#ClimateAction2023`, cut at capitals and before numbers.
fn hashtag(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_word(at + 1) {
        return None;
    }
    let mut words = vec!["hashtag".to_owned()];
    let end = named(text, at + 1, &mut words);
    text.says(at, end, words.join(" "))
}

/// `@harbour_news`.
fn account(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_word(at + 1) {
        return None;
    }
    let mut words = vec![sign("@", text.tongue.lang).to_owned()];
    let end = named(text, at + 1, &mut words);
    text.says(at, end, words.join(" "))
}

/// The words of a name without spaces, which begins at `at`; the token after it.
fn named(text: &Text<'_>, at: usize, words: &mut Vec<String>) -> usize {
    const MOST: usize = 16;
    let mut end = at;
    while end < at + MOST && (text.goes_on(end) || (text.is(end, "_") && text.goes_on(end + 1))) {
        if text.is_digits(end) {
            words.push(digits(text, end));
        } else if text.is_word(end) {
            words.extend(at_capitals(text.text(end), text.tongue.lang));
        }
        end += 1;
    }
    end
}

/// The words in a name: `ClimateAction` is two, `COPNews` too.
fn at_capitals(name: &str, lang: Lang) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let after_small = at > 0 && chars[at - 1].is_lowercase();
        let before_small = at > 0 && chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if at == 0 || (c.is_uppercase() && (after_small || before_small)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let capitals = |word: &str| word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase);
    let unsaid = |word: &str| capitals(word) && (word.len() <= 3 || !is_word_like(&word.to_lowercase(), lang));
    words.into_iter().map(|word| if unsaid(&word) { spelt(&word, lang) } else { word }).collect()
}
