//! In: a word in capitals. Out: its letters one by one where it is spelt; nothing where it is said as a word. Knows lists
//! of both, and a rule for what is in neither.
//!
//! In order: what a list says; in a text that is all in capitals everything else that could be a word is one; up to three
//! letters are spelt; longer ones are said if they could be a word of the language: there is a vowel, no run of vowels
//! or consonants is longer than words have, and they begin and end with consonants that words begin and end with.

use super::Match;
use super::token::Text;
use crate::lang::Lang;

/// Said as words, whatever their length.
const SAID: &[&str] = &[
    "NATO", "NASA", "JSON", "GNU", "WAV", "UNESCO", "UNICEF", "OPEC", "FIFA", "UEFA", "AIDS", "SIDA", "LASER", "RADAR",
    "OTAN", "ONU", "PIN", "SIM", "ROM", "RAM", "GIF", "JPEG", "ZIP", "OK", "COVID", "SARS", "MERS", "FEMA", "OSHA",
    "NAFTA", "SWAT", "ENA", "PACS", "SMIC", "INSEE", "INSERM", "INRIA", "INRAE", "CAPES", "BAFA", "CROUS", "ASSEDIC",
    "OPEP", "LED", "BIC", "IKEA", "FIAT", "SAAB", "LEGO", "NIMBY", "YOLO", "FOMO", "GAFAM", "ZEP", "CEDEX", "RIB",
    "TIG", "PAC", "ASEAN", "CERN", "EFTA", "INRI", "OVNI", "SACEM", "SAMU", "TOEFL", "TOEIC", "WASP", "CAPTCHA", "CAC",
    "CNIL", "ADEME", "ARCOM", "BASIC", "COBOL", "DOM", "TOM",
];
/// Spelt although they could be words.
const SPELT: &[&str] = &[
    "FBI", "CIA", "NSA", "USA", "UK", "EU", "UN", "UE", "BBC", "CNN", "CEO", "CFO", "IBM", "AI", "IA", "ATM", "CIO",
    "URSS", "USSR", "RATP", "EDF", "SNCF", "TGV", "RER", "IEEE", "ISO", "IOS", "UAE", "EAU", "AOC", "OMS", "OMC",
    "OGM", "IRM", "IVG", "ADN", "ARN", "DNA", "RNA", "IUT", "IPCC", "UPS", "EPA", "ACLU", "ESPN", "AARP", "OECD",
    "OCDE", "OSCE", "USAID", "UCLA", "ENT", "ESA", "ETA", "IRA", "PIB", "HLM", "SUV", "DIY", "ASAP", "AKA", "FAQ",
    "DOA", "RTBF", "AOL", "EPFL", "ETH", "RSI", "UDC", "UBS", "IAEA", "AIEA", "UCI", "IUCN", "UICN", "PDF", "URL",
    "TVA", "CV", "PC", "TV", "DVD", "CD", "QI", "IQ", "ID", "GPS", "SMS", "USB", "RH", "HR", "PR", "VIP",
];
/// Short words of both languages that are written in capitals for weight, not because they are spelt.
const ENGLISH_WORDS: &[&str] = &[
    "NO", "YES", "NOT", "ALL", "BUT", "AND", "THE", "YOU", "ME", "MY", "WE", "HE", "SHE", "IT", "IS", "IN", "ON", "OF",
    "OR", "TO", "DO", "GO", "SO", "IF", "AT", "BY", "BE", "AS", "AN", "AM", "UP", "HIS", "HER", "OUR", "WHO", "WHY",
    "HOW", "ANY", "ONE", "TWO", "NOW", "NEW", "OLD", "BIG", "BAD", "OUT", "OFF", "TOO", "CAN", "DID", "HAS", "HAD",
    "WAS", "ARE", "SEE", "SAY", "GET", "GOT", "LET", "RUN", "TRY", "USE", "WAY", "DAY", "MAN", "BOY", "FUN", "HOT",
    "TOP", "WIN", "WAR", "OH", "AH", "HA", "HEY", "WOW", "YAY", "ITS", "MAY", "FOR", "FROM", "THAT", "THIS", "MUST",
    "NEVER", "STOP", "SUN", "RED", "END", "FREE", "LOVE", "HELP", "BOOM", "BANG", "AHH", "OOH", "SHH", "HMM", "UGH",
    "DAD", "MOM", "MUM", "GOD", "CAT", "DOG", "HIM", "SET", "SIT", "TEN", "SIX", "DON", "LL", "RE", "VE", "AIN", "ISN",
];
const FRENCH_WORDS: &[&str] = &[
    "NON", "OUI", "LE", "LA", "LES", "UN", "UNE", "DES", "DU", "DE", "ET", "OU", "EST", "SI", "JE", "TU", "IL", "ELLE",
    "ON", "NOUS", "VOUS", "MA", "MON", "TA", "TON", "SA", "SON", "CE", "CET", "QUI", "QUE", "PAS", "TRÈS", "BON", "VU",
    "EN", "AU", "AUX", "NE", "SE", "ME", "TE", "LUI", "TOUT", "TOUS", "RIEN", "ICI", "LÀ", "OÙ", "JAMAIS", "VIE",
    "MER", "AMI", "ROI", "FIN", "MAL", "NUL", "OH", "AH", "EH", "HÉ", "STOP", "VA", "VAS", "FAIT", "PEU", "PUR", "SUR",
    "SOUS", "PAR", "TOI", "MOI", "SOI", "JOUR", "NUIT", "FEU", "EAU", "AIR", "ART", "ÂGE", "ÎLE", "QU", "ÇA", "MES",
    "TES", "SES", "NOS", "VOS",
];
/// Mixed in case, and spelt.
const MIXED: [(&str, &str); 8] = [
    ("WWII", "World War two"),
    ("WWI", "World War one"),
    ("PhD", "P H D"),
    ("PhDs", "P H D's"),
    ("asap", "A S A P"),
    ("iOS", "I O S"),
    ("FAQs", "F A Q's"),
    ("SaaS", "sass"),
];

/// Consonants that words of both languages begin with, besides single ones.
const BEGINNINGS: &[&str] = &[
    "bl", "br", "ch", "chr", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "ph", "pl", "pr", "qu", "sc", "sch", "scr",
    "sh", "sk", "sl", "sm", "sn", "sp", "spl", "spr", "st", "str", "sw", "th", "thr", "tr", "tw", "wh", "wr", "kn",
    "gn", "shr", "squ", "vr", "ps", "rh", "kr", "phr", "thw", "pn",
];
/// Consonants that words end with, besides single ones.
const ENDS: &[&str] = &[
    "ch", "ck", "ct", "cts", "ff", "ft", "gh", "ght", "ld", "lds", "lf", "lk", "ll", "lls", "lm", "lp", "ls", "lt",
    "mb", "mp", "mps", "ms", "nc", "nd", "nds", "ng", "ngs", "nk", "nks", "ns", "nt", "nts", "pt", "pts", "ps", "rc",
    "rd", "rds", "rf", "rk", "rks", "rl", "rm", "rms", "rn", "rns", "rp", "rs", "rt", "rts", "sh", "sk", "sm", "sp",
    "ss", "st", "sts", "th", "ths", "ts", "tt", "xt", "bs", "cks", "ds", "gs", "ks", "ws", "rth", "nth", "lth", "tch",
    "wn", "wns", "rst", "rld", "ngth", "wl", "zz", "nch", "rch", "rsh", "ys",
];

/// Words in capitals, and a few in both cases.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_word(at) || !text.fresh(at) || text.is_digits(at + 1) {
        return None;
    }
    let (written, lang) = (text.text(at), text.tongue.lang);
    if let Some((_, spoken)) = MIXED.iter().find(|(form, _)| *form == written && !text.shouted) {
        return text.says(at, at + 1, *spoken);
    }
    if let Some(found) = with_and(text, at) {
        return Some(found);
    }
    let plural = lang == Lang::En && written.ends_with('s') && written.chars().count() > 2;
    let stem = if plural { &written[..written.len() - 1] } else { written };
    let in_capitals = stem.chars().nth(1).is_some() && stem.chars().all(|c| c.is_uppercase() && c.is_alphabetic());
    if !in_capitals || stem.chars().count() > 12 || !is_spelt(text, at, stem) {
        return None;
    }
    text.says(at, at + 1, spelt(stem, lang) + if plural { "'s" } else { "" })
}

/// Whether capitals make this a word that is shouted rather than an acronym.
pub(super) fn is_shout(word: &str, lang: Lang) -> bool {
    let words = if lang == Lang::En { ENGLISH_WORDS } else { FRENCH_WORDS };
    let long = (4..=24).contains(&word.chars().take(25).count()) && is_word_like(&word.to_lowercase(), lang);
    words.contains(&word) || (long && !SAID.contains(&word) && !SPELT.contains(&word))
}

fn is_spelt(text: &Text<'_>, at: usize, stem: &str) -> bool {
    let lang = text.tongue.lang;
    let words = if lang == Lang::En { ENGLISH_WORDS } else { FRENCH_WORDS };
    let the_who = stem == "WHO" && text.word_before(at) == "the" && !text.shouted;
    if SAID.contains(&stem) || (words.contains(&stem) && !the_who) {
        return false;
    }
    let small = stem.to_lowercase();
    SPELT.contains(&stem) || the_who || !is_word_like(&small, lang) || (!text.shouted && stem.chars().count() <= 3)
}

/// `AT&T`, `R&D`: capitals around the sign.
fn with_and(text: &Text<'_>, at: usize) -> Option<Match> {
    let capitals =
        |at: usize| text.is_word(at) && text.text(at).len() <= 3 && text.text(at).chars().all(char::is_uppercase);
    if !(text.is(at + 1, "&") && capitals(at) && capitals(at + 2)) {
        return None;
    }
    let lang = text.tongue.lang;
    let and = if lang == Lang::En { "and" } else { "et" };
    text.says(at, at + 3, format!("{} {and} {}", spelt(text.text(at), lang), spelt(text.text(at + 2), lang)))
}

/// The letters of `word` one by one, as capitals.
pub(super) fn spelt(word: &str, lang: Lang) -> String {
    let letter = |c: char| match c {
        'Y' | 'y' if lang == Lang::Fr => "i grec".to_owned(),
        'ß' => "S S".to_owned(),
        _ => c.to_uppercase().collect(),
    };
    word.chars().filter(|c| c.is_alphanumeric()).map(letter).collect::<Vec<_>>().join(" ")
}

/// What is said for single letters with points between them: a word if the list has it so.
pub(super) fn dotted(letters: &str, lang: Lang) -> String {
    if letters.chars().count() > 2 && SAID.contains(&letters) { letters.to_owned() } else { spelt(letters, lang) }
}

/// Whether these small letters could be a word.
pub(super) fn is_word_like(small: &str, lang: Lang) -> bool {
    let vowel = |c: char| "aeiouyàâäéèêëîïôöùûüœæ".contains(c);
    if !small.contains(vowel) || small.chars().any(|c| !c.is_alphabetic()) {
        return false;
    }
    let runs = |of: &dyn Fn(char) -> bool| small.split(|c| !of(c)).map(|run| run.chars().count()).max().unwrap_or(0);
    let consonants = |c: char| !vowel(c);
    let first = small.split(vowel).next().unwrap_or_default();
    let last = small.rsplit(vowel).next().unwrap_or_default();
    let most_vowels = if lang == Lang::Fr { 4 } else { 3 };
    let whole = small.chars().count();
    runs(&vowel) <= most_vowels.min(whole.saturating_sub(1).max(1))
        && runs(&consonants) <= 4
        && (first.chars().count() <= 1 || BEGINNINGS.contains(&first))
        && (last.chars().count() <= 1 || ENDS.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::is_word_like;
    use crate::lang::Lang;

    #[test]
    fn what_could_be_a_word() {
        let rows = [
            ("nato", true),
            ("unesco", true),
            ("street", true),
            ("world", true),
            ("html", false),
            ("sncf", false),
            ("hdmi", false),
            ("ratp", false),
            ("isbn", false),
            ("bbc", false),
            ("inserm", true),
            ("", false),
        ];
        for (word, like) in rows {
            assert_eq!(is_word_like(word, Lang::En), like, "{word}");
        }
    }
}
