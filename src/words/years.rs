//! In: a word that may be a year, and the word before it. Out: the year as English reads it. Knows no other numbers:
//! French reads years as it reads any number.

const ONES: [&str; 20] = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Words after which four digits are a year rather than a count.
const BEFORE: [&str; 32] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "in",
    "since",
    "until",
    "year",
    "spring",
    "summer",
    "autumn",
    "winter",
];

/// `word` as a year, its punctuation kept, where it is one: 1100 to 2099 after a month, a season or a word such as
/// `in`. 2000 to 2009 stay numbers, which is how they are read.
pub(super) fn year(word: &str, before: Option<&str>) -> Option<String> {
    let plain = before?.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let digits = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let number: usize = digits.parse().ok().filter(|n| digits.len() == 4 && (1100..2100).contains(n))?;
    // "in March, 1990" counts, "in, 1990" and a day of the month do not come with these words.
    if !BEFORE.contains(&plain.as_str()) || (2000..2010).contains(&number) {
        return None;
    }
    let (high, low) = (number / 100, number % 100);
    let low = match low {
        0 => "hundred".to_owned(),
        1..10 => format!("oh {}", ONES[low]),
        _ => below_hundred(low),
    };
    Some(format!("{} {low}{}", below_hundred(high), &word[digits.len()..]))
}

fn below_hundred(number: usize) -> String {
    match number {
        0..20 => ONES[number].to_owned(),
        _ if number.is_multiple_of(10) => TENS[number / 10 % 10].to_owned(),
        _ => format!("{}-{}", TENS[number / 10 % 10], ONES[number % 10]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_as_years_and_counts_are_not() {
        let rows = [
            ("2020", Some("November"), Some("twenty twenty")),
            ("1998.", Some("in"), Some("nineteen ninety-eight.")),
            ("1905,", Some("In"), Some("nineteen oh five,")),
            ("1900", Some("Since"), Some("nineteen hundred")),
            ("1815)", Some("(June"), Some("eighteen fifteen)")),
            ("2007", Some("in"), None),
            ("1998", Some("exactly"), None),
            ("1998", None, None),
            ("998", Some("in"), None),
            ("19980", Some("in"), None),
            ("+1998", Some("in"), None),
            ("3000", Some("in"), None),
        ];
        for (word, before, read) in rows {
            assert_eq!(year(word, before).as_deref(), read, "{before:?} {word}");
        }
    }
}
