//! In: whole numbers. Out: how English says them. Knows no digits as written.

const ONES: [&str; 20] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 5] = [
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];
/// Ordinals that are not their cardinal with `th`.
const ORDINALS: [(&str, &str); 7] = [
    ("one", "first"),
    ("two", "second"),
    ("three", "third"),
    ("five", "fifth"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("twelve", "twelfth"),
];

fn below_hundred(number: u64) -> String {
    match number {
        0..20 => ONES[number as usize].to_owned(),
        _ if number.is_multiple_of(10) => TENS[(number / 10 % 10) as usize].to_owned(),
        _ => format!("{}-{}", TENS[(number / 10 % 10) as usize], ONES[(number % 10) as usize]),
    }
}

/// `number` in words, with the British `and` if asked.
pub(super) fn cardinal(number: u64, and: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = number;
    for (scale, name) in SCALES {
        if rest >= scale {
            parts.push(format!("{} {name}", cardinal(rest / scale, and)));
            rest %= scale;
        }
    }
    if rest >= 100 {
        parts.push(format!("{} hundred", ONES[(rest / 100) as usize]));
        rest %= 100;
    }
    if rest > 0 || parts.is_empty() {
        if and && !parts.is_empty() {
            parts.push("and".to_owned());
        }
        parts.push(below_hundred(rest));
    }
    parts.join(" ")
}

/// The last word of a number and what stands before it.
fn last(words: &str) -> (&str, &str) {
    words.split_at(words.rfind([' ', '-']).map_or(0, |at| at + 1))
}

/// The ordinal of `number`.
pub(super) fn ordinal(number: u64, and: bool) -> String {
    let words = cardinal(number, and);
    let (before, last) = last(&words);
    let special = ORDINALS.iter().find(|(from, _)| *from == last).map(|(_, to)| (*to).to_owned());
    let ordinal = special.unwrap_or_else(|| match last.strip_suffix('y') {
        Some(stem) => format!("{stem}ieth"),
        None => format!("{last}th"),
    });
    format!("{before}{ordinal}")
}

/// The plural of a number in words: `nineties`, `hundreds`.
pub(super) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with("six") => format!("{words}es"),
        None => format!("{words}s"),
    }
}

/// A year: in two halves, but for the first ten years of a millennium and what is shorter than four digits.
pub(super) fn year(number: u64, and: bool) -> String {
    let (high, low) = (number / 100, number % 100);
    if !(1000..10_000).contains(&number) || high.is_multiple_of(10) && low < 10 {
        return cardinal(number, and);
    }
    match low {
        0 => format!("{} hundred", below_hundred(high)),
        1..10 => format!("{} oh {}", below_hundred(high), below_hundred(low)),
        _ => format!("{} {}", below_hundred(high), below_hundred(low)),
    }
}
