//! In: a time as subtitle files write it, and the sloppy ways they do. Out: the time, how precise it is, how it differs
//! from what its format says, and the text after it. Knows no line and no document.

use super::stamp::{digits, number, rounded};
use crate::time::{TICKS_PER_SECOND, Ticks};

/// A time of a subtitle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transcript) struct Clock<'a> {
    pub value: Ticks,
    /// What its last digit is worth.
    pub grain: Ticks,
    /// How many numbers stand before the fraction: 2 for `MM:SS`, 3 for `H:MM:SS`.
    pub fields: usize,
    /// The digits of the fraction.
    pub fraction: &'a str,
    /// The sign before the fraction, where there is one.
    pub sign: Option<char>,
    /// Whether a number has fewer or more digits than it should, is 60 or more, is below zero, or has spaces around it.
    pub sloppy: bool,
}

/// How the digits of a fraction that has fewer than three are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::transcript) enum Fraction {
    /// As a decimal fraction: `,5` is half a second.
    #[default]
    Decimal,
    /// As thousandths whose leading zeros are missing: `,5` is 5 ms.
    Thousandths,
}

/// The time at the beginning of `text`: `[H:]MM:SS` and perhaps a fraction after `,`, `.` or `:`; and what follows it.
pub(in crate::transcript) fn clock(text: &str, fraction: Fraction) -> Option<(Clock<'_>, &str)> {
    let (below, text) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
    let (first, mut rest) = digits(text);
    if first.is_empty() {
        return None;
    }
    let mut numbers = [first, "", "", ""];
    let (mut fields, mut sloppy) = (1, below);
    while fields < 4 {
        let Some(after) = rest.trim_start().strip_prefix(':') else { break };
        let (next, after_next) = digits(after.trim_start());
        if next.is_empty() {
            break;
        }
        sloppy |= !rest.starts_with(':') || after.starts_with(' ');
        (numbers[fields], rest) = (next, after_next);
        fields += 1;
    }
    if fields < 2 || numbers[0].len() > 5 || numbers[1..fields].iter().any(|n| n.len() > 3) {
        return None;
    }
    let (part, sign, rest) = match fields {
        4 => (numbers[3], Some(':'), rest),
        _ => after_point(rest),
    };
    let fields = fields.min(3);
    let (hours, minutes, seconds) = match fields {
        2 => (0, number(numbers[0]), number(numbers[1])),
        _ => (number(numbers[0]), number(numbers[1]), number(numbers[2])),
    };
    sloppy |= numbers[1..fields].iter().any(|n| n.len() != 2) || seconds > 59 || (fields == 3 && minutes > 59);
    let whole = match (part.len(), fraction) {
        (1..=2, Fraction::Thousandths) => 1000,
        (length, _) => 10_i64.pow(length as u32),
    };
    let value = ((hours * 60 + minutes) * 60 + seconds) * TICKS_PER_SECOND + rounded(number(part), whole);
    let value = Ticks(if below { -value } else { value });
    let grain = Ticks(rounded(1, whole).max(1));
    Some((Clock { value, grain, fields, fraction: part, sign, sloppy }, rest))
}

/// The fraction at the beginning: its digits, the sign before them, and what follows. A sign without digits is one.
fn after_point(text: &str) -> (&str, Option<char>, &str) {
    let start = text.trim_start();
    let Some(sign) = start.chars().next().filter(|c| matches!(c, ',' | '.' | '，' | ';')) else {
        return ("", None, text);
    };
    let (part, rest) = digits(start[sign.len_utf8()..].trim_start_matches(' '));
    if part.is_empty() && start.len() < text.len() {
        return ("", None, text);
    }
    // Nobody means more than a billionth.
    (&part[..part.len().min(9)], Some(sign), rest)
}

/// `START --> END` at the beginning of a line, and what follows it. The end may be missing, or no time.
pub(in crate::transcript) fn range(line: &str, fraction: Fraction) -> Option<(Clock<'_>, Option<Clock<'_>>, &str)> {
    let (start, rest) = clock(line.trim_start(), fraction)?;
    let rest = after_arrow(rest.trim_start())?.trim_start();
    match clock(rest, fraction) {
        Some((end, after)) if !after.starts_with(char::is_alphanumeric) => Some((start, Some(end), after)),
        _ => Some((start, None, rest)),
    }
}

/// What follows the arrow at the beginning: dashes of any kind and a point, perhaps with a space between them.
fn after_arrow(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('→') {
        return Some(rest);
    }
    let point = text.trim_start_matches(['-', '–', '—', '=']);
    let dashes = point.len() < text.len();
    let point = point.trim_start();
    point.strip_prefix('>').or_else(|| point.strip_prefix("&gt;")).filter(|_| dashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_and_programs_write_them() {
        let rows: [(&str, i64, i64, bool, &str); 18] = [
            ("00:00:01,500", 1500, 1, false, ""),
            ("00:01.500 x", 1500, 1, false, " x"),
            ("1:02:03.4", 3_723_400, 100, false, ""),
            ("0:0:4,8", 4800, 100, true, ""),
            ("00:00:04", 4000, 1000, false, ""),
            ("00:00:04,", 4000, 1000, false, ""),
            ("00: 00: 01, 500", 1500, 1, true, ""),
            ("00:00:01 ,500", 1500, 1, false, ""),
            ("00:00:01:500", 1500, 1, false, ""),
            ("100:00:00.000", 360_000_000, 1, false, ""),
            ("00:00:75,000", 75_000, 1, true, ""),
            ("-00:00:02,000", -2000, 1, true, ""),
            ("0:00:01.25 --> ", 1250, 10, false, " --> "),
            ("00:00:01.123456789123", 1123, 0, false, ""),
            ("00:00:01 , and", 1000, 1000, false, " , and"),
            ("0:01:02:x", 62_000, 1000, false, ":x"),
            ("2:3", 123_000, 1000, true, ""),
            ("00:00:01，500", 1500, 1, false, ""),
        ];
        for (text, ms, grain, sloppy, rest) in rows {
            let (clock, after) = clock(text, Fraction::Decimal).unwrap_or_else(|| panic!("{text}"));
            let found = (clock.value.0 / (TICKS_PER_SECOND / 1000), clock.grain.0 / (TICKS_PER_SECOND / 1000));
            assert_eq!((found, clock.sloppy, after), ((ms, grain), sloppy, rest), "{text}");
        }
        for text in ["", "x", "1", "1:", ":1", "123456:00:00", "00:0000", "a:b"] {
            assert_eq!(clock(text, Fraction::Decimal), None, "{text}");
        }
    }

    #[test]
    fn thousandths_without_their_zeros() {
        let value = |text: &str| clock(text, Fraction::Thousandths).map(|(clock, _)| clock.value);
        for (text, ms) in [("0:0:4,8", 4008), ("0:0:4,52", 4052), ("0:0:4,431", 4431)] {
            assert_eq!(value(text), Some(Ticks::from_millis(ms)), "{text}");
        }
    }

    #[test]
    fn arrows_of_every_kind() {
        for arrow in ["-->", " --> ", "->", " - - >", " → ", "\t-->\t", " --&gt; ", " -- > ", "--->", " —> "] {
            let line = format!("00:00:01,000{arrow}00:00:02,000 X1:5");
            let found =
                range(&line, Fraction::Decimal).map(|(start, end, rest)| (start.value, end.map(|e| e.value), rest));
            let expected = (Ticks::from_millis(1000), Some(Ticks::from_millis(2000)), " X1:5");
            assert_eq!(found, (arrow != " - - >").then_some(expected), "{arrow}");
        }
        assert!(range("00:00:01,000 --> ", Fraction::Decimal).is_some_and(|(_, end, _)| end.is_none()));
        assert!(range("00:00:01,000 Hello", Fraction::Decimal).is_none());
    }
}
