//! Texts and the words a voice is given for them.

use super::*;
use crate::lang::Lang;
use std::time::Instant;

fn spoken(text: &str, lang: Lang) -> Vec<String> {
    words(text, lang.into()).into_iter().map(|word| word.spoken).collect()
}

/// Rows of text, what is said, and perhaps the region it is said in.
fn check_table(table: &str, lang: &str) {
    let rows = table.lines().filter(|line| line.contains('\t'));
    let (mut count, mut wrong) = (0, Vec::new());
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let tongue: Tongue = cells.get(2).unwrap_or(&lang).parse().expect("a tag of a language");
        let said: Vec<String> = words(cells[0], tongue).into_iter().map(|word| word.spoken).collect();
        count += 1;
        if said.join(" ") != cells[1] {
            wrong.push(format!("{}\n  should be {}\n  but is    {}", cells[0], cells[1], said.join(" ")));
        }
    }
    assert!(count >= 300, "{count} rows only");
    assert!(wrong.is_empty(), "{} of {count} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn english_sentences_are_read_as_the_table_says() {
    check_table(include_str!("../../tests/data/words/en.tsv"), "en");
}

#[test]
fn french_sentences_are_read_as_the_table_says() {
    check_table(include_str!("../../tests/data/words/fr.tsv"), "fr");
}

#[test]
fn what_is_in_words_already_stays_as_it_is() {
    let tables = [
        (Lang::En, include_str!("../../tests/data/words/en.tsv")),
        (Lang::Fr, include_str!("../../tests/data/words/fr.tsv")),
    ];
    for (lang, table) in tables {
        for said in table.lines().filter_map(|line| line.split('\t').nth(1)) {
            assert_eq!(spoken(said, lang).join(" "), said);
        }
    }
}

#[test]
fn every_space_that_sets_thousands_apart_is_one() {
    for space in [" ", "\u{a0}", "\u{202f}", "\u{2009}"] {
        assert_eq!(spoken(&format!("12{space}500{space}€"), Lang::Fr), ["douze mille cinq cents euros"], "{space:?}");
        assert_eq!(spoken(&format!("9{space}h{space}30"), Lang::Fr), ["neuf heures trente"], "{space:?}");
        assert_eq!(spoken(&format!("20{space}%"), Lang::En), ["twenty percent"], "{space:?}");
    }
}

#[test]
fn words_as_a_voice_is_given_them() {
    let rows: &[(&str, &[&str])] = &[
        ("", &[]),
        ("... ♪ -- !", &[]),
        ("The light is on.", &["The", "light", "is", "on."]),
        ("Quoi\u{202f}? Oui\u{a0}!", &["Quoi?", "Oui!"]),
        ("« Non », dit-il ; puis : rien", &["\"Non\",", "dit-il;", "puis:", "rien"]),
        ("«\u{202f}Oui\u{202f}!\u{202f}»", &["\"Oui!\""]),
        ("“It’s” ‘so’", &["\"It's\"", "'so'"]),
        ("l’été d'hier", &["l'été", "d'hier"]),
        ("He came - late", &["He", "came,", "late"]),
        ("He came — late", &["He", "came,", "late"]),
        ("He came—late", &["He", "came,", "late"]),
        ("He came--late", &["He", "came,", "late"]),
        ("He came---late", &["He", "came,", "late"]),
        ("He came, -- late", &["He", "came,", "late"]),
        ("- Bonjour.", &["Bonjour."]),
        ("♪ la *la* _la_ ♪", &["la", "la", "la"]),
        ("... and then…", &["and", "then..."]),
        ("100 % of 5 €", &["one hundred percent", "of", "five euros"]),
        ("and / or", &["and,", "or"]),
        ("5 - 3", &["five,", "three"]),
        ("-5 and 2019–2020", &["minus five", "and", "twenty nineteen to twenty twenty"]),
        ("#1 snake_case 2*3", &["number one", "snake case", "two times three"]),
        ("( yes ) [ no ]", &["(yes)", "[no]"]),
        ("he said \" yes \" twice", &["he", "said", "\"yes\"", "twice"]),
        ("ofﬁce e\u{301}te\u{301}", &["office", "été"]),
        ("non\u{2011}stop 👍 go", &["non-stop", "go"]),
        ("rock & roll", &["rock", "and", "roll"]),
        ("What?! 😀", &["What?!"]),
        ("Ages 18+.", &["Ages", "eighteen plus."]),
    ];
    for (text, expected) in rows {
        assert_eq!(&spoken(text, Lang::En), expected, "{text:?}");
    }
}

#[test]
fn a_word_knows_its_place() {
    let rows = [
        ("« Où ça ? » dit-il — oui !", Lang::Fr, &["« Où", "ça ? »", "dit-il —", "oui !"][..]),
        ("He paid $12.5 million, on Sept. 3.", Lang::En, &["He", "paid", "$12.5 million,", "on", "Sept.", "3."]),
        ("Le 1 234,56 € (TTC).", Lang::Fr, &["Le", "1 234,56 €", "(TTC)."]),
        ("Call +44 20 7946 0958!", Lang::En, &["Call", "+44", "20", "7946", "0958!"]),
    ];
    for (text, lang, expected) in rows {
        let places: Vec<&str> = words(text, lang.into()).into_iter().map(|word| &text[word.text]).collect();
        assert_eq!(places, expected, "{text}");
    }
}

/// What every list of words must be.
fn check_words(text: &str, words: &[Word]) {
    let mut end = 0;
    for word in words {
        assert!(word.text.start >= end && word.text.start < word.text.end, "{text:?}: {words:?}");
        assert!(text.get(word.text.clone()).is_some(), "{text:?}: {words:?}");
        assert!(word.spoken.chars().any(char::is_alphanumeric), "{text:?}: {words:?}");
        assert!(!word.spoken.contains(|c: char| c.is_ascii_digit()), "{text:?}: {words:?}");
        assert!(!word.spoken.starts_with(' ') && !word.spoken.ends_with(' '), "{text:?}: {words:?}");
        end = word.text.end;
    }
    let mut words = words.iter().peekable();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        while words.next_if(|word| word.text.end <= at).is_some() {}
        assert!(words.peek().is_some_and(|word| word.text.contains(&at)), "{c:?} of {text:?} is in no word");
    }
}

/// The same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[test]
fn no_letter_or_digit_is_lost_and_no_place_is_used_twice() {
    let signs: Vec<char> =
        "aZé90½字 \u{a0}\u{202f}\t.,!?…:;«»“”‘’'\"()[]-–—_*~#♪|&+=@%€$£°²/\\ﬁ①٣e\u{301}\u{200b}😀<>`×→±≥hmskXVIMDrp"
            .chars()
            .collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..20_000 {
        let text: String = (0..round % 40).map(|_| signs[dice.roll(signs.len())]).collect();
        for lang in Lang::ALL {
            check_words(&text, &words(&text, lang.into()));
        }
    }
}

#[test]
fn pieces_of_the_tables_in_any_order_are_read_without_loss() {
    let tables = concat!(include_str!("../../tests/data/words/en.tsv"), include_str!("../../tests/data/words/fr.tsv"));
    let parts: Vec<&str> = tables
        .lines()
        .filter_map(|line| line.split('\t').next())
        .flat_map(|text| text.split_inclusive([' ', '-', '/', '.', ',']))
        .collect();
    let mut dice = Dice(7);
    for round in 0..6_000 {
        let text: String = (0..round % 12).map(|_| parts[dice.roll(parts.len())]).collect();
        for lang in Lang::ALL {
            let once = words(&text, lang.into());
            check_words(&text, &once);
            assert_eq!(once, words(&text, lang.into()));
        }
    }
}

#[test]
fn any_characters_at_all_are_read_without_loss() {
    let mut dice = Dice(3);
    for _ in 0..3_000 {
        let text: String = (0..dice.roll(60)).filter_map(|_| char::from_u32(dice.roll(0x1_2000) as u32)).collect();
        for lang in Lang::ALL {
            check_words(&text, &words(&text, lang.into()));
        }
    }
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    let parts = [
        "a.", "1-", "1,", "1 ", "a@", "$", "1/", "A.", "-", "http://", "#", "(", "+1", "M. ", "I", "1a", "9h", "«",
        "_", "12:30 ", ".", "(a)", "1-2, ", "Q1-", "x10 ", "Ps 1:1-", "1 - 2 ", "1° 2′ ",
    ];
    let whole = Instant::now();
    for part in parts {
        let text = part.repeat(100_000 / part.len());
        for lang in Lang::ALL {
            check_words(&text, &words(&text, lang.into()));
        }
    }
    assert!(whole.elapsed().as_secs() < 60, "{:?}", whole.elapsed());
}

#[test]
fn what_is_long_is_said_in_parts() {
    let long = [
        "1".repeat(5_000),
        format!("https://example.com/{}", "a-1/".repeat(500)),
        format!("https://example.com/{}", "7".repeat(2_000)),
        "wort".repeat(1_000),
    ];
    for text in long {
        for word in words(&text, Lang::En.into()) {
            assert!(word.spoken.len() <= 400, "{word:?}");
        }
    }
}

#[test]
fn words_of_the_other_language_are_read_by_its_rules() {
    let rows = [
        (
            Lang::En,
            "In 1998 he sang « En 1998, 71 fois » 3 times.",
            "In nineteen ninety-eight he sang \"En mille neuf cent quatre-vingt-dix-huit, soixante et onze fois\" three times.",
        ),
        (
            Lang::Fr,
            "L'année « In 1998, 71 times » et 71 fois.",
            "L'année \"In nineteen ninety-eight, seventy-one times\" et soixante et onze fois.",
        ),
    ];
    for (lang, text, expected) in rows {
        let (from, to) = (text.find('«').expect("a quotation") + 2, text.find('»').expect("its end"));
        let words = words_with(text, lang.into(), Vec::new(), std::slice::from_ref(&(from..to)));
        assert_eq!(words.iter().map(|word| word.spoken.as_str()).collect::<Vec<_>>().join(" "), expected);
        for word in &words {
            let inside = word.text.end > from && word.text.start < to;
            let other = matches!(word.sounds.as_slice(), [Sound::Other(_, its)] if *its == lang.other());
            assert_eq!(other, inside, "{word:?}");
        }
    }
    // A part of a word, and what is given for one of them.
    let text = "l'establishment et son boss";
    let given = vec![Given {
        place: 23..27,
        spoken: "boss".to_owned(),
        ipa: Some(sounds::Ipa { symbols: "bɔs".to_owned(), from: None }),
    }];
    let words = words_with(text, Lang::Fr.into(), given, &[2..15, 23..27]);
    let spelt = [Sound::Spelt("l'".to_owned()), Sound::Other("establishment".to_owned(), Lang::En)];
    assert_eq!(words[0].sounds, spelt);
    assert!(matches!(words[3].sounds.as_slice(), [Sound::Ipa(_)]));
}

#[test]
fn a_voice_of_the_other_language_has_the_words_of_the_line() {
    let text = "Il a dit « hello you » hier.";
    let mut words = words_with(text, Lang::Fr.into(), Vec::new(), std::slice::from_ref(&(12..21)));
    for_voice_of(Lang::En, Lang::Fr, &mut words);
    let own = |word: &Word| matches!(word.sounds.as_slice(), [Sound::Spelt(_)]);
    assert_eq!(words.iter().map(own).collect::<Vec<_>>(), [false, false, false, true, true, false]);
    assert_eq!(words[0].sounds, [Sound::Other("Il".to_owned(), Lang::Fr)]);
}
