//! Texts with noise, and what of them is said.

use super::*;

/// What is left when the noise is gone.
fn said(text: &str) -> String {
    let mut left = text.to_owned();
    for mark in noise(text, 0).into_iter().rev() {
        left.replace_range(mark.place, "");
    }
    left.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sounds_are_no_speech_and_asides_are() {
    let rows = [
        ("[applause]", ""),
        ("[Applause] Thank you.", "Thank you."),
        ("Thank you. [MUSIC PLAYING]", "Thank you."),
        ("I was [laughs] going home.", "I was going home."),
        ("He met [the president] twice.", "He met [the president] twice."),
        ("See [1] and [...] and [12:30].", "See [1] and [...] and [12:30]."),
        ("[door\ncloses]", ""),
        ("(door closes)", ""),
        ("(DOOR CLOSES) What?", "What?"),
        ("(sighs) Well.", "Well."),
        ("Well (laughter) yes.", "Well yes."),
        ("(And he never came back.)", "(And he never came back.)"),
        ("The WHO (World Health Organization) said", "The WHO (World Health Organization) said"),
        ("We stood (in the rain) for hours.", "We stood (in the rain) for hours."),
        ("(WHO) said so", "(WHO) said so"),
        ("*laughs* Right.", "Right."),
        ("It is *very* good.", "It is *very* good."),
        ("2 * 3 * laughs", "2 * 3 * laughs"),
        ("(rires)\nMerci. [Applaudissements]", "Merci."),
        ("(soupir) Bon.", "Bon."),
        ("(unclosed and [so on", "(unclosed and [so on"),
        ("【拍手】 Hello", "Hello"),
    ];
    for (text, left) in rows {
        assert_eq!(said(text), left, "{text:?}");
    }
}

#[test]
fn music_is_no_speech() {
    let rows = [
        ("♪", ""),
        ("♪ ♪", ""),
        ("♪♪ la la ♪♪", ""),
        ("♪ la la\nla la ♪\nHello.", "Hello."),
        ("♪ la\n♪ la", ""),
        ("♪ la ♪\n♪ la ♪", ""),
        ("♪ la ♪ ♪ la ♪", ""),
        ("Hello ♪ la ♪ you", "Hello you"),
        ("He sings ♪", "He sings"),
        ("# Happy birthday #", ""),
        ("We are #1 and #2", "We are #1 and #2"),
        ("# A heading", "# A heading"),
        ("♪ [door closes] ♪ Hello", "Hello"),
    ];
    for (text, left) in rows {
        assert_eq!(said(text), left, "{text:?}");
    }
}
