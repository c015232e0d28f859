//! Lines alone and among neighbours, and the language each should get.

use super::*;
use Lang::{En, Fr};

fn languages(texts: &[&str], stated: &[Option<Lang>], forced: Option<Lang>) -> Vec<Lang> {
    let stated = |at: usize| stated.get(at).copied().flatten();
    super::languages(texts.iter().enumerate().map(|(at, text)| (text, stated(at))), forced)
}

#[test]
fn a_line_alone_is_judged_by_itself() {
    let rows = [
        ("Yes.", En),
        ("No.", En),
        ("Non.", Fr),
        ("Oui !", Fr),
        ("D'accord.", Fr),
        ("D’accord.", Fr),
        ("OK", En),
        ("42", En),
        ("♪", En),
        ("Thank you very much.", En),
        ("Merci beaucoup.", Fr),
        ("Je ne sais pas.", Fr),
        ("I do not know.", En),
        ("The café was full.", En),
        ("Where is the restaurant?", En),
        ("C'est le week-end.", Fr),
        ("Nikol Pashinyan accused the government in Baku.", En),
        ("Le gouvernement de Bakou a pris des mesures.", Fr),
    ];
    for (text, lang) in rows {
        assert_eq!(languages(&[text], &[], None), [lang], "{text}");
    }
}

#[test]
fn short_and_unsure_lines_lean_on_their_neighbours() {
    let english = "The lighthouse keeper climbed the stairs every evening.";
    let french = "Le gardien du phare montait les marches chaque soir.";
    for line in ["OK", "42", "...", "", "Paris", "Nikol Pashinyan", "Marie Dupont", "Askeran", "Police", "Yes.", "Non."]
    {
        assert_eq!(languages(&[english, line, english], &[], None), [En; 3], "{line}");
        assert_eq!(languages(&[french, line, french], &[], None), [Fr; 3], "{line}");
        assert_eq!(languages(&[line, french], &[], None), [Fr; 2], "{line}");
    }
}

#[test]
fn a_line_that_is_surely_in_the_other_language_stands_alone() {
    let english = "The lighthouse keeper climbed the stairs every evening.";
    let french = "Le gardien du phare montait les marches chaque soir.";
    assert_eq!(languages(&[english, french, english, english], &[], None), [En, Fr, En, En]);
    assert_eq!(languages(&[french, french, english, french], &[], None), [Fr, Fr, En, Fr]);
    assert_eq!(languages(&[french, "I do not know what you mean.", french], &[], None), [Fr, En, Fr]);
    assert_eq!(languages(&[english, "Je ne sais pas ce que c'est.", english], &[], None), [En, Fr, En]);
}

#[test]
fn the_most_likely_sequence_pays_for_each_change() {
    let rows: [(&[f64], &[Lang]); 7] = [
        (&[], &[]),
        (&[0.0], &[En]),
        (&[-0.1], &[Fr]),
        (&[9.0, -4.9, 9.0], &[En, En, En]),
        (&[9.0, -5.1, 9.0], &[En, Fr, En]),
        (&[9.0, -2.6], &[En, Fr]),
        (&[0.0, 0.0, -9.0], &[Fr, Fr, Fr]),
    ];
    for (evidence, expected) in rows {
        assert_eq!(most_likely(evidence.iter().copied()), expected, "{evidence:?}");
    }
}

#[test]
fn a_forced_language_needs_no_models() {
    assert_eq!(languages(&["Bonjour", "Hello"], &[], Some(En)), [En, En]);
    assert_eq!(languages(&[], &[], None), []);
}

#[test]
fn very_long_lines_are_judged_by_their_beginning() {
    let line = "é".repeat(200_000);
    assert_eq!(languages(&[&line], &[], None).len(), 1);
}

#[test]
fn the_example_is_an_english_track_and_a_french_narration() {
    let transcript = crate::transcript::read(include_bytes!("../../../examples/harbour.txt")).unwrap();
    let texts = |cues: &[crate::transcript::Cue]| cues.iter().map(|cue| cue.text().to_owned()).collect::<Vec<_>>();
    for (cues, count, lang) in [(&transcript.stamped, 12, En), (&transcript.prose, 6, Fr)] {
        let texts = texts(cues);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(languages(&texts, &[], None), vec![lang; count]);
    }
    assert_eq!(transcript.prose.last().map(|cue| cue.paragraph()), Some(2));
    assert_eq!(transcript.notes, []);
}

#[test]
fn odd_texts_are_judged_without_harm() {
    let texts = ["\u{301}", "é", "字", "Привет мир", "مرحبا", "a\u{0}b", "'", "’’’", "１２", "ŉ ß İ"];
    assert_eq!(languages(&texts, &[], None).len(), texts.len());
    for text in texts {
        assert_eq!(languages(&[text], &[], None).len(), 1, "{text}");
    }
}

#[test]
fn a_stated_language_is_kept_and_helps_its_neighbours() {
    let texts = [
        "Good morning to all of you who are here.",
        "Oui.",
        "They know that the tide comes in twice a day, and when it is high.",
        "Non, merci.",
    ];
    let (en, fr) = (Some(En), Some(Fr));
    let rows = [
        ([None, fr, None, None], None, [En, Fr, En, Fr]),
        ([fr, en, fr, en], None, [Fr, En, Fr, En]),
        ([fr, en, fr, en], en, [En; 4]),
    ];
    for (stated, forced, wanted) in rows {
        assert_eq!(languages(&texts, &stated, forced)[..3], wanted[..3], "{stated:?}");
    }
    assert_eq!(languages(&["OK", "Taxi"], &[fr], None), [Fr, Fr]);
}
