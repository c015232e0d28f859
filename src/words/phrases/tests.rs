//! Sentences and where one may pause in them.

use super::*;

/// The words with a sign before each that tells its border: `~` never, `_` poor, nothing for a word, `/` a phrase, `|` a
/// clause, `||` a sentence.
fn shown(text: &str, lang: Lang) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut shown = words[0].to_owned();
    for (word, border) in words[1..].iter().zip(borders(&words, lang)) {
        let sign = match border {
            Border::Never => "~",
            Border::Poor => "_",
            Border::Word => "",
            Border::Phrase => "/",
            Border::Clause => "|",
            Border::Sentence => "||",
        };
        shown.push_str(&format!(" {sign}{word}"));
    }
    shown
}

fn check(lang: Lang, rows: &[(&str, &str)]) {
    for (text, wanted) in rows {
        assert_eq!(&shown(text, lang), wanted, "{text}");
    }
}

#[test]
fn marks_tell_first() {
    check(
        Lang::En,
        &[
            (
                "Yes. The tide, he said; (so he thinks) it goes.",
                "Yes. ||The ~tide, |he _said; |(so _he _thinks) |it _goes.",
            ),
            ("then Dr. Smith left. “Why?” she said", "then _Dr. ~Smith left. ||“Why?” |she _said"),
            ("it is — they say — gone", "it _is |— |they _say |— |gone"),
        ],
    );
    check(
        Lang::Fr,
        &[(
            "Non\u{a0}! Elle dit\u{a0}: «\u{a0}Viens\u{a0}!\u{a0}» puis",
            "Non\u{a0}! ||Elle _dit\u{a0}: |«\u{a0}Viens\u{a0}!\u{a0}» |puis",
        )],
    );
}

#[test]
fn small_words_tell_where_there_are_no_marks() {
    check(
        Lang::En,
        &[
            (
                "the old keeper came down the stairs and nobody was there to meet him",
                "the ~old keeper came down the ~stairs /and _nobody was _there to _meet _him",
            ),
            ("she knows that bridges move and we watch", "she _knows /that _bridges move |and _we _watch"),
            ("boats and ships of the line", "boats /and _ships _of _the ~line"),
            ("a truck stands still because it can not", "a ~truck stands still |because _it _can _not"),
            ("we looked at loads so now it is easy", "we _looked at _loads |so _now /it _is _easy"),
            ("I gave it the name that it's got", "I _gave it the ~name /that _it's _got"),
            ("see if you can um try twenty three times", "see |if _you _can _um /try twenty ~three times"),
            ("the king's men don’t know New York", "the ~king's _men don’t _know New ~York"),
            ("$5 million is one thousand boats", "$5 million is _one ~thousand boats"),
        ],
    );
    check(
        Lang::Fr,
        &[
            (
                "le pont bouge parce que le vent souffle et il tient",
                "le ~pont bouge |parce ~que _le ~vent souffle |et _il _tient",
            ),
            ("une voiture garée qu'il n'a pas vue", "une ~voiture garée _qu'il _n'a _pas _vue"),
            ("les gens dorment dans la gare mais ils partent", "les ~gens dorment /dans _la ~gare |mais _ils _partent"),
            ("l'eau monte c’est tard alors on part", "l'eau monte |c’est _tard |alors _on _part"),
            ("j'ai vu vingt deux bateaux si vous voulez", "j'ai _vu vingt ~deux bateaux |si _vous _voulez"),
            ("alors que le vent", "alors ~que _le ~vent"),
        ],
    );
}

#[test]
fn capitals_in_a_shouted_line_name_nothing() {
    check(
        Lang::En,
        &[
            ("BOATS LEAVE TODAY", "BOATS LEAVE TODAY"),
            ("Boats leave Saint Malo today", "Boats leave Saint ~Malo today"),
        ],
    );
}

#[test]
fn there_is_one_border_fewer_than_words() {
    for (words, count) in [(&[][..], 0), (&["a"][..], 0), (&["", "…", "b"][..], 2), (&["'", "''", "’"][..], 2)] {
        assert_eq!(borders(words, Lang::En).len(), count);
        assert_eq!(borders(words, Lang::Fr).len(), count);
    }
}

#[test]
fn small_words_say_nothing_by_themselves() {
    let rows = [
        ("The", Lang::En, false),
        ("and,", Lang::En, false),
        ("it's", Lang::En, false),
        ("shop", Lang::En, true),
        ("Yes.", Lang::En, true),
        ("seven", Lang::En, true),
        ("l'", Lang::Fr, false),
        ("l'eau", Lang::Fr, true),
    ];
    for (word, lang, says) in rows {
        assert_eq!(says_something(word, lang), says, "{word}");
    }
}
