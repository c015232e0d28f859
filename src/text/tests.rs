//! Sentences of English and French text, and where they end.

use super::*;

fn split(text: &str) -> Vec<&str> {
    sentences(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn sentences_end_where_a_reader_would_breathe() {
    let rows: &[(&str, &[&str])] = &[
        ("", &[]),
        ("  \t ", &[]),
        ("No end", &["No end"]),
        (" One. Two!  Three? ", &["One.", "Two!", "Three?"]),
        ("He said \"Stop.\" Then he left.", &["He said \"Stop.\"", "Then he left."]),
        ("(It rained.) We went.", &["(It rained.)", "We went."]),
        ("“Why?” he asked. No one knew.", &["“Why?” he asked.", "No one knew."]),
        ("Wait… What?! No way...  Yes.", &["Wait…", "What?!", "No way...", "Yes."]),
        ("Well... maybe. Fine.", &["Well... maybe.", "Fine."]),
        ("Pi is 3.14 or so. See a.b.c for it.", &["Pi is 3.14 or so.", "See a.b.c for it."]),
        ("no capitals here. so what. fine", &["no capitals here.", "so what.", "fine"]),
        ("It was «\u{202f}vrai\u{202f}!\u{202f}» Donc oui.", &["It was «\u{202f}vrai\u{202f}!\u{202f}»", "Donc oui."]),
        ("Il a dit : « Non. » Puis rien.", &["Il a dit : « Non. »", "Puis rien."]),
        ("Vraiment\u{a0}? ! Oui\u{202f}!", &["Vraiment\u{a0}? !", "Oui\u{202f}!"]),
        ("Ah ! dit-il. Bon.", &["Ah ! dit-il.", "Bon."]),
        ("- Bonjour. - Salut.", &["- Bonjour.", "- Salut."]),
    ];
    for (text, expected) in rows {
        assert_eq!(&split(text), expected, "{text:?}");
    }
}

#[test]
fn a_point_after_an_abbreviation_ends_nothing() {
    let whole = [
        "Dr. Smith met Mrs. Jones at St. Mary.",
        "M. Dupont et Mme. Durand.",
        "J. R. R. Tolkien wrote it.",
        "See No. 5 on p. 7, vol. 3.",
        "Read 1 Cor. 13:4, ref. AB-12, and pop. 4,500 hab. (2013).",
        "Le n°. 12 est cher.",
        "The U.S. Army came at 5 p.m. Friday.",
        "Fruits, p. ex. Pommes.",
        "France vs. Italy, e.g. Rome.",
        "1. The first thing.",
        "12. Le second.",
        "On Sept. 3 it opened.",
        "It costs etc. Bob pays.",
    ];
    for text in whole {
        assert_eq!(split(text), [text]);
    }
    let two = [
        ("He lives in the U.S. The house is big.", "The house is big."),
        ("Apples, pears, etc. They were ripe.", "They were ripe."),
        ("Did he? No. I think not.", "I think not."),
        ("It was vitamin C. It helped.", "It helped."),
        ("That was in 1999. Then came 2000.", "Then came 2000."),
        ("Nous partons à 5 p.m. Elle reste.", "Elle reste."),
    ];
    for (text, last) in two {
        assert_eq!(split(text).last(), Some(&last), "{text}");
    }
}

#[test]
fn what_cannot_be_said_joins_the_sentence_before() {
    assert_eq!(split("Done. ♪ ..."), ["Done. ♪ ..."]);
    assert_eq!(split("... ! Done."), ["... ! Done."]);
    assert_eq!(split("..."), ["..."]);
}

#[test]
fn ends_and_beginnings() {
    for (text, ends) in [("a.", true), ("a.\" ", true), ("a », ", false), ("Oui\u{202f}!\u{a0}»", true), ("", false)]
    {
        assert_eq!(ends_sentence(text), ends, "{text:?}");
    }
    for (text, lower) in [("“and so", true), ("And", false), ("3 men", false), ("", false), ("élan", true)] {
        assert_eq!(starts_lower(text), lower, "{text:?}");
    }
}

#[test]
fn a_great_many_marks_take_no_great_time() {
    let begun = std::time::Instant::now();
    assert!(!sentences(&" . ! a.a".repeat(100_000)).is_empty());
    assert_eq!(sentences(&format!("A{} a", " .".repeat(300_000))).len(), 1);
    assert!(begun.elapsed().as_secs() < 5);
}
