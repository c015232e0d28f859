//! In: what stands between two spaces and is longer than any word: an address, a line without
//! spaces. Out: parts of it that a voice can say. Knows no language.

use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a word; the longest of English and French in use have half of that.
pub(super) const LONGEST: usize = 60;

/// The byte ranges of the parts of `text`, none longer than [`LONGEST`] characters, together all of it. It is cut after
/// a mark where there is one in the second half of a part.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(end) = end_of_part(&text[start..]) {
        found.push(start..start + end);
        start += end;
    }
    found.push(start..text.len());
    found
}

/// Where the first part of `rest` ends; none where all of it is one.
fn end_of_part(rest: &str) -> Option<usize> {
    let (hard, _) = rest.char_indices().nth(LONGEST)?;
    // A letter keeps its accents, as far as there is an end of them.
    let accents = rest[hard..].chars().take_while(|c| is_combining_mark(*c)).take(LONGEST).map(char::len_utf8);
    let hard = hard + accents.sum::<usize>();
    let (half, _) = rest.char_indices().nth(LONGEST / 2)?;
    let mark = |c: char| !c.is_alphanumeric() && !is_combining_mark(c) && !matches!(c, '\'' | '’');
    let soft = rest[half..hard].rfind(mark).map(|at| half + at);
    let soft = soft.map(|at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
    Some(soft.unwrap_or(hard)).filter(|end| *end < rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_short_and_together_the_whole() {
        let rows = [
            ("".to_owned(), 1),
            ("word".to_owned(), 1),
            ("a".repeat(60), 1),
            ("a".repeat(61), 2),
            ("字".repeat(150), 3),
            ("a".to_owned() + &"\u{301}".repeat(500), 5),
            ("https://www.example.com/a/very/long/path?with=a&query=that&goes=on#and-on".to_owned(), 2),
        ];
        for (text, count) in rows {
            let parts = parts(&text);
            assert_eq!(parts.len(), count, "{text}");
            assert_eq!(parts.iter().map(|part| &text[part.clone()]).collect::<String>(), text);
            assert!(parts.iter().all(|part| text[part.clone()].chars().count() <= 2 * LONGEST));
        }
        let text = "https://www.example.com/a/very/long/path?with=a&query=that&goes=on#and-on";
        assert_eq!(&text[parts(text)[0].clone()], "https://www.example.com/a/very/long/path?with=a&query=that&");
        let text = "a".repeat(59) + "e\u{301}e";
        assert_eq!(parts(&text)[0].end, 62);
    }
}
