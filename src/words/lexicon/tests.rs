//! Files of pronunciations, and texts in which their words stand.

use super::*;
use crate::words::sounds::Sound;
use crate::words::{said, words_with};

const TOML: &str = r#"
# Names and products.
[en]
nginx = "engine x"
Nguyen = "/wɪn/"
"New York" = "noo york"
"New York Times" = { say = "the grey lady" }
polish = "shine"
Polish = { ipa = "ˈpoʊlɪʃ" }
tomato = { ipa = "təˈmɑːtəʊ", inflections = true }
router = { say = "rooter", inflections = true }
SQL = { say = "sequel", case = false }
"C++" = "see plus plus"
t = "tango"

[fr]
"Élysée" = "/elize/"
nginx = "engine ix"
"jambon-beurre" = "jambon et beurre"
t = "tango"

[all]
Qatar = "/kɑˈtɑːr/"
"#;

fn lexicon(files: &[&str]) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for (number, content) in files.iter().enumerate() {
        lexicon.add(&format!("{number}.lex"), content).unwrap_or_else(|e| panic!("{e}"));
    }
    lexicon
}

/// What is said of a text: words parted by `|`, those with sounds of their own as `/…/`.
fn heard(lexicon: &Lexicon, text: &str, lang: Lang) -> String {
    let tongue = Tongue::of(lang);
    let given = lexicon.given(text, tongue, &mut BTreeSet::new(), |say| said(say, tongue));
    let words = words_with(text, tongue, given, &[]).into_iter().map(|word| match word.sounds.as_slice() {
        [] => word.spoken,
        sounds => {
            let part = |sound: &Sound| match sound {
                Sound::Spelt(text) | Sound::Other(text, _) => text.clone(),
                Sound::Ipa(ipa) => format!("/{}/", ipa.symbols),
            };
            format!("{}{}", word.spoken, sounds.iter().map(part).collect::<String>())
        }
    });
    words.collect::<Vec<_>>().join("|")
}

#[test]
fn words_of_the_lexicon_are_found_and_others_are_not() {
    let lexicon = lexicon(&[TOML]);
    let rows = [
        (Lang::En, "Nginx runs.", "engine x|runs."),
        (Lang::En, "NGINX, nginxes and anginx", "engine x,|nginxes|and|anginx"),
        (Lang::En, "Mrs. Nguyen’s house", "Missus|Nguyen's/wɪnz/|house"),
        (Lang::En, "(Nguyen)", "(Nguyen)/wɪn/"),
        (Lang::En, "nguyen", "nguyen"),
        (Lang::En, "in New  York today", "in|noo york|today"),
        (Lang::En, "the New York Times.", "the|the grey lady."),
        (Lang::En, "Polish the Polish, polish the polish", "Polish/ˈpoʊlɪʃ/|the|Polish,/ˈpoʊlɪʃ/|shine|the|shine"),
        (Lang::En, "Tomatoes!", "Tomatoes!/təˈmɑːtəʊz/"),
        (Lang::En, "two tomatos", "two|tomatos/təˈmɑːtəʊz/"),
        (Lang::En, "routers, routed", "rooters,|routed"),
        (Lang::En, "sql and SQL's", "sequel|and|sequel's"),
        (Lang::En, "C++ or C", "see plus plus|or|C"),
        (Lang::En, "don't t", "don't|tango"),
        (Lang::En, "a Nguyen-based plan", "a|Nguyen-based/wɪn/-based|plan"),
        (Lang::En, "Élysée", "Élysée"),
        (Lang::En, "Qatar $5 million", "Qatar/kɑˈtɑːr/|five million dollars"),
        (Lang::Fr, "à l’Élysée, nginx", "à|l'Élysée,l'/elize/|engine ix"),
        (Lang::Fr, "l'E\u{301}lyse\u{301}e", "l'Élyséel'/elize/"),
        (Lang::Fr, "un jambon-beurre", "un|jambon et beurre"),
        (Lang::Fr, "Qatar", "Qatar/kɑˈtɑːr/"),
    ];
    for (lang, text, expected) in rows {
        assert_eq!(heard(&lexicon, text, lang), expected, "{text}");
    }
}

#[test]
fn a_reading_that_says_more_than_an_entry_counts_and_one_that_says_the_same_does_not() {
    let lexicon = lexicon(&["[en]\nmillion = 'mill'\nNATO = 'treaty'\nkm = 'klicks'\n"]);
    let rows = [
        ("$5 million", "five million dollars"),
        ("a million", "a|mill"),
        ("NATO", "treaty"),
        ("some km", "some|klicks"),
    ];
    for (text, expected) in rows {
        assert_eq!(heard(&lexicon, text, Lang::En), expected, "{text}");
    }
}

#[test]
fn every_format_says_the_same() {
    let toml = "[en]\nNguyen = '/wɪn/'\nnginx = { say = 'engine x', inflections = true }\n[all]\nQatar='cutter'";
    let tsv = "# word\tlanguage\tsaid\nNguyen\ten\t/wɪn/\nnginx\ten\tengine x\tinflections\nQatar\t\tcutter\n";
    let pls = r#"<?xml version="1.0"?>
        <lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
          <lexeme><grapheme>Nguyen</grapheme><phoneme>ŋwɪən</phoneme><phoneme prefer="true">wɪn</phoneme></lexeme>
          <lexeme><grapheme>nginx</grapheme><grapheme>nginxs</grapheme><alias>engine x</alias></lexeme>
          <lexeme><grapheme>Qatar</grapheme><alias>cut&#116;er</alias></lexeme>
          <lexeme><grapheme>Qatar</grapheme><alias>second</alias></lexeme>
        </lexicon>"#;
    for content in [toml, tsv, pls] {
        assert_eq!(heard(&lexicon(&[content]), "Nguyen’s nginx, Qatar", Lang::En), "Nguyen's/wɪnz/|engine x,|cutter");
    }
    assert!(lexicon(&["# nothing\n\n"]).is_empty());
}

#[test]
fn the_later_file_counts_and_the_language_before_it() {
    let both = lexicon(&["[en]\nbow = 'boh'\n[all]\nrow='one'", "[en]\nbow = 'bough'\n[all]\nrow='two'"]);
    assert_eq!(heard(&both, "bow row", Lang::En), "bough|two");
    let both = lexicon(&["[en]\nbow = 'boh'", "[all]\nbow = 'bough'"]);
    assert_eq!((heard(&both, "bow", Lang::En), heard(&both, "bow", Lang::Fr)), ("boh".into(), "bough".into()));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let rows = [
        ("[en]\nx = \"\"", 2, "nothing to say for 'x'"),
        ("[en]\nx = 'a'\nx = 'b'", 3, "no TOML"),
        ("[en]\nx = 3", 2, "must be a text"),
        ("\n[de]\nx = 'y'", 2, "'de'"),
        ("x = 'y'", 1, "outside of a language"),
        ("[en]\nx = { say = 'a', ipa = 'b' }", 2, "either say or ipa"),
        ("[en]\nx = { inflections = 1, say = 'a' }", 2, "true or false"),
        ("[en]\nx = { sya = 'a' }", 2, "'sya'"),
        ("[en]\nx = '/n3wt@n/'", 2, "'3'"),
        ("[en]\n'...' = 'a'", 2, "no letter"),
        ("[en", 1, "no TOML"),
        ("a\ten\tb\nc\ten", 2, "three are needed"),
        ("a\ten\tb\na\ten\tc", 2, "before in line 1"),
        ("a\ten\tb\tloud", 1, "'loud'"),
        ("a\txx\tb", 1, "'xx'"),
        ("<lexicon>\n<lexeme><grapheme>a</grapheme></lexeme></lexicon>", 2, "not whole"),
        ("<lexicon alphabet='x-sampa'>\n\n<lexeme><grapheme>a</grapheme><phoneme>a</phoneme></lexeme>", 3, "x-sampa"),
        ("<html></html>", 1, "no pronunciation lexicon"),
        ("<lexicon>\n</lexeme>", 2, "no XML"),
    ];
    for (content, line, part) in rows {
        let error = Lexicon::default().add("l", content).expect_err(content);
        assert_eq!((error.kind(), error.line()), (Kind::Usage, Some(line)), "{content}: {error}");
        assert!(error.to_string().contains(part) && error.way_out().is_some(), "{content}: {error}");
    }
}

#[test]
fn entries_that_are_not_used_are_named() {
    let lexicon = lexicon(&["[en]\nbow = 'boh'\nrow = 'roh'"]);
    let tongue = Tongue::of(Lang::En);
    let note = |text: &str| {
        let mut used = BTreeSet::new();
        lexicon.given(text, tongue, &mut used, str::to_owned);
        lexicon.unused(&used).map(|note| (note.level, note.message))
    };
    assert_eq!(note("a bow, a row"), None);
    let (level, message) = note("a bow").expect("a note");
    assert!(level == crate::notes::Level::Info && message.contains("1 of 2") && message.contains("'row' (0.lex:3)"));
    let (level, message) = note("nothing").expect("a note");
    assert!(level == crate::notes::Level::Warning && message.contains("'bow' (0.lex:2), 'row'"), "{message}");
}
