//! In: the lines of a transcript, and for whom voices were chosen. Out: notes on what will not be heard as it was meant,
//! as far as the text alone tells. Knows no phonemes and speaks nothing.

use crate::lang::Lang;
use crate::notes::Note;
use crate::transcript::Cue;
use std::collections::BTreeSet;

/// From so many characters on a word is worth a remark: it is not one.
const LONG: usize = 120;

/// How much of a text a message quotes, in characters.
const QUOTED: usize = 20;

/// Remarks on the lines of one track.
pub(crate) fn on_lines(cues: &[Cue]) -> Vec<Note> {
    let foreign = |cue: &Cue| cue.text().chars().any(is_foreign);
    let long = |cue: &Cue| cue.text().split_whitespace().any(|word| word.chars().nth(LONG).is_some());
    let mut notes = Vec::new();
    if let Some((line, more, quoted)) = first(cues, foreign, |word| word.chars().any(is_foreign)) {
        let message = format!(
            "'{quoted}' is not in Latin letters; the voices read English and French, and leave such letters out or \
             spell them{more}"
        );
        notes.push(Note::warning(line, "other-script", message));
    }
    if let Some((line, more, quoted)) = first(cues, long, |word| word.chars().nth(LONG).is_some()) {
        let message = format!("'{quoted}' has no space for {LONG} characters and more; it is spoken in parts{more}");
        notes.push(Note::warning(line, "long-word", message));
    }
    notes
}

/// The first line of which this is true, how many others there are in words, and the word that makes it true.
fn first(
    cues: &[Cue],
    of_cue: impl Fn(&Cue) -> bool,
    of_word: impl Fn(&str) -> bool,
) -> Option<(usize, String, String)> {
    let mut found = cues.iter().filter(|cue| of_cue(cue));
    let cue = found.next()?;
    let more = match found.count() {
        0 => String::new(),
        1 => " (and so in 1 more line)".to_owned(),
        count => format!(" (and so in {count} more lines)"),
    };
    let word = cue.text().split_whitespace().find(|word| of_word(word)).unwrap_or_default();
    let quoted = match word.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{}…", &word[..at]),
        None => word.to_owned(),
    };
    Some((cue.line(), more, quoted))
}

/// A letter of a script that neither English nor French is written in. Greek letters count as signs: both read them out.
fn is_foreign(c: char) -> bool {
    let latin = matches!(c,
        '\0'..='\u{3ff}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1fff}' | '\u{2000}'..='\u{2bff}'
        | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}'
        | '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f100}'..='\u{1f1ff}');
    c.is_alphabetic() && !latin
}

/// A remark on each name that a voice was chosen for and that no line has.
pub(crate) fn on_speakers<'a>(chosen: impl Iterator<Item = &'a str>, cues: impl Iterator<Item = &'a Cue>) -> Vec<Note> {
    let there: BTreeSet<&str> = cues.filter_map(|cue| cue.speaker()).collect();
    let missing: BTreeSet<&str> = chosen.filter(|name| !there.contains(name)).collect();
    let note = |name: &str| {
        let names: Vec<&str> = there.iter().take(5).copied().collect();
        let who = match (names.is_empty(), looks_like_a_language(name)) {
            (true, true) => format!("languages are {}", Lang::ALL.map(Lang::tag).join(" and ")),
            (true, false) => "no speaker is named in this transcript".to_owned(),
            (false, _) => format!("the speakers here are {}", names.join(", ")),
        };
        let message = format!("no line is spoken by '{name}', so the voice chosen for that name is not used; {who}");
        Note::warning(None, "unknown-speaker", message)
    };
    missing.into_iter().map(note).collect()
}

fn looks_like_a_language(name: &str) -> bool {
    name.split(['-', '_']).next().is_some_and(|tag| tag.len() == 2 && tag.chars().all(|c| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(line: usize, text: &str, speaker: Option<&str>) -> Cue {
        let mut cue = Cue::new(line, text);
        cue.set_speaker(speaker.map(Into::into));
        cue
    }

    #[test]
    fn letters_no_voice_reads_are_remarked_on_once() {
        let rows = [
            ("Hello, naïve café, œuvre, Łódź, ﬁne, ½, №, π, 𝓗, Ⅳ, ＡＢ, [ˈfoʊn]", None),
            ("你好，世界。", Some("'你好，世界。'")),
            ("He said Привет to me", Some("'Привет'")),
            ("שלום עולם", Some("'שלום'")),
            ("مرحبا", Some("'مرحبا'")),
            ("한국어 हिन्दी", Some("'한국어'")),
        ];
        for (text, quoted) in rows {
            let notes = on_lines(&[cue(3, text, None)]);
            assert_eq!(notes.first().map(|n| (n.code, n.line)), quoted.map(|_| ("other-script", Some(3))), "{text}");
            assert!(quoted.is_none_or(|q| notes[0].message.contains(q)), "{notes:?}");
        }
        let many: Vec<Cue> = (1..=1000).map(|line| cue(line, "Привет", None)).collect();
        let notes = on_lines(&many);
        assert!(notes.len() == 1 && notes[0].message.contains("999 more lines"), "{notes:?}");
    }

    #[test]
    fn words_that_are_none_are_remarked_on() {
        let notes = on_lines(&[cue(1, "short words", None), cue(2, &"a".repeat(500), None)]);
        assert_eq!(notes.iter().map(|n| (n.code, n.line)).collect::<Vec<_>>(), [("long-word", Some(2))]);
        assert!(notes[0].message.starts_with("'aaaaaaaaaaaaaaaaaaaa…' has no space"), "{notes:?}");
    }

    #[test]
    fn a_voice_for_somebody_who_is_not_there_is_remarked_on() {
        let says = |chosen: &[&str], cues: &[&Cue]| -> Vec<String> {
            on_speakers(chosen.iter().copied(), cues.iter().copied()).into_iter().map(|n| n.message).collect()
        };
        let (anna, ben, nobody) = (cue(1, "x", Some("Anna")), cue(2, "x", Some("Ben")), cue(3, "x", None));
        assert_eq!(says(&["Anna"], &[&anna, &ben]), [""; 0]);
        assert!(says(&["anna"], &[&anna, &ben])[0].ends_with("the speakers here are Anna, Ben"));
        assert!(says(&["Carl"], &[&nobody])[0].ends_with("no speaker is named in this transcript"));
        assert!(says(&["de"], &[&nobody])[0].ends_with("languages are en and fr"));
    }
}
