//! The same text in every encoding it may come in, and bytes that are no text.

use super::*;

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn notes(decoded: &Decoded<'_>) -> Vec<(Option<usize>, &'static str)> {
    decoded.notes.iter().map(|note| (note.line, note.code)).collect()
}

#[test]
fn every_common_encoding_gives_the_same_text() {
    let text = "00:01 Où est passé l'été ?\n00:05 Déjà à côté du château, près de la forêt.\n";
    let rows = [
        (text.as_bytes().to_vec(), "UTF-8"),
        (format!("\u{feff}{text}").into_bytes(), "UTF-8"),
        (utf16(text, false, true), "UTF-16LE"),
        (utf16(text, true, true), "UTF-16BE"),
        (utf16(text, false, false), "UTF-16LE"),
        (utf16(text, true, false), "UTF-16BE"),
        (encoding_rs::WINDOWS_1252.encode(text).0.into_owned(), "windows-1252"),
    ];
    for (bytes, name) in rows {
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!((decoded.encoding, &*decoded.text), (name, text));
    }
}

#[test]
fn a_guess_is_told_with_its_line() {
    for word in ["caf\u{e9}", "d\u{e9}j\u{e0} vu", "l'\u{e9}t\u{e9}"] {
        let bytes = encoding_rs::WINDOWS_1252.encode(&format!("plain\r\n{word}\r\n")).0.into_owned();
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.text, format!("plain\n{word}\n"));
        assert_eq!(notes(&decoded), [(Some(2), "encoding-guessed")]);
    }
}

#[test]
fn a_stated_encoding_is_taken_unless_a_mark_says_otherwise() {
    let text = "00:01 Где свет?\n";
    let bytes = encoding_rs::KOI8_R.encode(text).0.into_owned();
    let stated = |label: &str| label.parse::<NamedEncoding>().ok();
    let decoded = decode(&bytes, stated("KOI8-R")).unwrap();
    assert_eq!((&*decoded.text, decoded.encoding, notes(&decoded)), (text, "KOI8-R", vec![]));
    let marked = utf16(text, true, true);
    let decoded = decode(&marked, stated("latin1")).unwrap();
    assert_eq!((&*decoded.text, notes(&decoded)), (text, vec![(Some(1), "encoding-stated")]));
    let wrong = decode("caf\u{e9}".as_bytes(), stated("ascii")).unwrap();
    assert_eq!((&*wrong.text, wrong.encoding), ("cafÃ©", "windows-1252"));
    let utf8 = decode(b"caf\xE9 noir", stated("utf8")).unwrap();
    assert_eq!((&*utf8.text, notes(&utf8)), ("caf\u{fffd} noir", vec![(Some(1), "damaged-text")]));
}

#[test]
fn clean_text_is_not_copied() {
    for (text, borrowed) in [("00:01 é\n\tb", true), ("00:01 a\r\n", false), ("a\u{feff}b", false)] {
        let decoded = decode(text.as_bytes(), None).unwrap();
        assert_eq!(matches!(decoded.text, Cow::Borrowed(_)), borrowed, "{text:?}");
    }
}

#[test]
fn a_few_bad_bytes_leave_it_utf8() {
    let decoded = decode("é à ù\nbonjour ".as_bytes(), None).unwrap();
    assert!(decoded.notes.is_empty());
    let mut bytes = "é à ù\nbonjour ".as_bytes().to_vec();
    bytes.extend(b"\xC3");
    let decoded = decode(&bytes, None).unwrap();
    assert_eq!((decoded.encoding, notes(&decoded)), ("UTF-8", vec![(Some(2), "damaged-text")]));
}

#[test]
fn broken_utf16_is_told_with_its_line() {
    let mut odd = utf16("one\r\ntwo", false, true);
    odd.push(b'x');
    assert_eq!(notes(&decode(&odd, None).unwrap()), [(Some(2), "cut-off")]);
    let mut unpaired = utf16("one\r\ntwo\n", false, true);
    unpaired.extend([0x3D, 0xD8, b'x', 0]);
    assert_eq!(notes(&decode(&unpaired, None).unwrap()), [(Some(3), "damaged-text")]);
}

#[test]
fn line_ends_of_every_kind() {
    assert_eq!(decode("a\r\nb\rc\nd\u{2028}e\u{2029}f\u{85}g".as_bytes(), None).unwrap().text, "a\nb\nc\nd\ne\nf\ng");
    assert_eq!([line_of(b""), line_of(b"a\r\nb"), line_of(b"a\rb\r"), line_of(b"a\n\n")], [1, 2, 3, 3]);
}

#[test]
fn control_characters_go_with_a_note_and_invisible_ones_without() {
    let long = "a rather long line of plain words, so that a few odd characters are no great part of it";
    let text = format!("{long}\nre\u{ad}d \u{1b}[1;31mfox\u{1b}[0m\u{7}\u{c}go\0\0\0");
    let decoded = decode(text.as_bytes(), None).unwrap();
    assert_eq!(decoded.text, format!("{long}\nred fox go"));
    assert_eq!(notes(&decoded), [(Some(2), "control-characters")]);
}

#[test]
fn what_is_no_text_is_refused_with_a_reason() {
    let rows: &[(&[u8], &str)] = &[
        (b"", "the file is empty"),
        (b" \r\n\t\n", "nothing in the file but white space"),
        (b"\xEF\xBB\xBF", "nothing in the file but white space"),
        (b"\0\0\0\0", "does not look like text"),
        (b"one\ntw\0o\x01\x02", "line 2: this does not look like text"),
        (b"%PDF-1.4", "this is a PDF, not a transcript; export it as plain text"),
        (b"\xFF\xFE\0\0a\0\0\0", "UTF-32"),
    ];
    for (bytes, reason) in rows {
        let error = decode(bytes, None).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(error.to_string().contains(reason), "{error}");
    }
}
