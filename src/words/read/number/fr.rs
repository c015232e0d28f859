//! In: whole numbers. Out: how French says them, in France, Belgium and Switzerland. Knows no digits as written.
//!
//! Spelt as before 1990, hyphens only below a hundred: that is what dictionaries of pronunciation have.

use crate::lang::Region;

const ONES: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
];
const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];
const SCALES: [(u64, &str); 4] = [
    (1_000_000_000_000_000, "billiard"),
    (1_000_000_000_000, "billion"),
    (1_000_000_000, "milliard"),
    (1_000_000, "million"),
];

/// The word for 70, 80 or 90 where the region has one.
fn own_tens(tens: u64, region: Option<Region>) -> Option<&'static str> {
    match (tens, region) {
        (7, Some(Region::Belgian | Region::Swiss)) => Some("septante"),
        (8, Some(Region::Swiss)) => Some("huitante"),
        (9, Some(Region::Belgian | Region::Swiss)) => Some("nonante"),
        _ => None,
    }
}

fn below_hundred(number: u64, region: Option<Region>) -> String {
    let (tens, ones) = (number / 10 % 10, (number % 10) as usize);
    if number <= 16 {
        return ONES[number as usize].to_owned();
    }
    let plain = if tens < 7 { TENS.get(tens as usize).copied() } else { None };
    if let Some(name) = own_tens(tens, region).or(plain) {
        return match ones {
            0 => name.to_owned(),
            1 => format!("{name} et un"),
            _ => format!("{name}-{}", ONES[ones]),
        };
    }
    let teens = |base: &str| format!("{base}-{}", below_hundred(number % 20, region));
    match number {
        71 => "soixante et onze".to_owned(),
        70..80 => teens("soixante"),
        80 => "quatre-vingts".to_owned(),
        _ => teens("quatre-vingt"),
    }
}

fn below_thousand(number: u64, region: Option<Region>) -> String {
    match (number / 100, number % 100) {
        (0, low) => below_hundred(low, region),
        (1, 0) => "cent".to_owned(),
        (1, low) => format!("cent {}", below_hundred(low, region)),
        (high, 0) => format!("{} cents", ONES[high as usize]),
        (high, low) => format!("{} cent {}", ONES[high as usize], below_hundred(low, region)),
    }
}

/// A number before `mille` loses the `s` of `cents` and `vingts`.
fn before_mille(words: &str) -> &str {
    if words.ends_with("cents") || words.ends_with("vingts") { &words[..words.len() - 1] } else { words }
}

/// `number` in words; its last `un` becomes `une` if asked.
pub(super) fn cardinal(number: u64, region: Option<Region>, feminine: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = number;
    for (scale, name) in SCALES {
        let count = rest / scale;
        if count > 0 {
            parts.push(format!("{} {name}{}", cardinal(count, region, false), if count > 1 { "s" } else { "" }));
            rest %= scale;
        }
    }
    match rest / 1000 {
        0 => {}
        1 => parts.push("mille".to_owned()),
        count => parts.push(format!("{} mille", before_mille(&below_thousand(count, region)))),
    }
    rest %= 1000;
    if rest > 0 || parts.is_empty() {
        parts.push(below_thousand(rest, region));
    }
    let words = parts.join(" ");
    let one = words == "un" || words.ends_with(" un") || words.ends_with("-un");
    if feminine && one { words + "e" } else { words }
}

/// The ordinal of `number`.
pub(super) fn ordinal(number: u64, region: Option<Region>, feminine: bool) -> String {
    if number == 1 {
        return if feminine { "première" } else { "premier" }.to_owned();
    }
    let words = cardinal(number, region, false);
    let (before, last) = words.split_at(words.rfind([' ', '-']).map_or(0, |at| at + 1));
    let stem = match last {
        "cinq" => "cinqu",
        "neuf" => "neuv",
        "vingts" | "cents" | "millions" | "milliards" | "billions" => &last[..last.len() - 1],
        _ => last.strip_suffix('e').unwrap_or(last),
    };
    let before = if before == "un " && last.starts_with("mi") { "" } else { before };
    format!("{before}{stem}ième")
}
