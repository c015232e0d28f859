//! Texts and the words a voice is given for them.

use super::*;

fn spoken(text: &str, lang: Lang) -> Vec<String> {
    words(text, lang).into_iter().map(|word| word.spoken).collect()
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
        ("100 % of 5 €", &["100%", "of", "5€"]),
        ("It costs € 5 or 5 € or $ 6.", &["It", "costs", "€5", "or", "5€", "or", "$6."]),
        ("and / or", &["and,", "or"]),
        ("5 - 3", &["5,", "3"]),
        ("-5 and 2019–2020", &["-5", "and", "2019–2020"]),
        ("#1 snake_case 2*3", &["#1", "snake case", "2*3"]),
        ("( yes ) [ no ]", &["(yes)", "[no]"]),
        ("he said \" yes \" twice", &["he", "said", "\"yes\"", "twice"]),
        ("ofﬁce e\u{301}te\u{301}", &["office", "été"]),
        ("non\u{2011}stop 👍 go", &["non-stop", "go"]),
        ("rock & roll", &["rock", "and roll"]),
        ("this &", &["this and"]),
        ("What?! 😀", &["What?!"]),
    ];
    for (text, expected) in rows {
        assert_eq!(&spoken(text, Lang::En), expected, "{text:?}");
    }
    assert_eq!(spoken("thé & café = 2 + 2", Lang::Fr), ["thé", "et café", "égale 2", "plus 2"]);
}

#[test]
fn a_word_knows_its_place() {
    let text = "« Où ça ? » dit-il — oui !";
    let places: Vec<&str> = words(text, Lang::Fr).into_iter().map(|word| &text[word.text]).collect();
    assert_eq!(places, ["« Où", "ça ? »", "dit-il —", "oui !"]);
}

#[test]
fn no_letter_or_digit_is_lost_and_no_place_is_used_twice() {
    let signs: Vec<char> =
        "aZé9½字 \u{a0}\u{202f}\t.,!?…:;«»“”‘’'\"()[]-–—_*~#♪|&+=@%€/\\ﬁ①e\u{301}\u{200b}😀<>`".chars().collect();
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..20_000 {
        let mut text = String::new();
        for _ in 0..round % 40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push(signs[(seed >> 33) as usize % signs.len()]);
        }
        let words = words(&text, Lang::En);
        let mut end = 0;
        for word in &words {
            assert!(word.text.start >= end && word.text.start < word.text.end, "{text:?}: {words:?}");
            assert!(word.spoken.chars().any(char::is_alphanumeric), "{text:?}: {words:?}");
            end = word.text.end;
            // Composing a letter may join what stood apart, so the text is compared composed.
            let heard: String = word.spoken.chars().filter(|c| c.is_alphanumeric()).collect();
            let mut heard = heard.chars();
            for c in tidy::tidy(&text[word.text.clone()]).chars().filter(|c| c.is_alphanumeric()) {
                assert!(heard.any(|h| h == c), "{c} of {text:?} is lost: {words:?}");
            }
        }
        let covered = |at: usize| words.iter().any(|word| word.text.contains(&at));
        let lost = text.char_indices().find(|&(at, c)| c.is_alphanumeric() && !covered(at));
        assert_eq!(lost, None, "{text:?}: {words:?}");
    }
}
