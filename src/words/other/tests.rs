//! Lines with stretches of the other language, and real text that has none.

use super::*;
use Lang::{En, Fr};

/// The stretches that are found in a text, parted by `|`.
fn found(text: &str, lang: Lang) -> String {
    let stretches = stretches(text, lang, &[], &mut Judge::default());
    stretches.found.into_iter().map(|place| text[place].trim().to_owned()).collect::<Vec<_>>().join("|")
}

fn check(rows: &[(Lang, &str, &str)]) {
    let each = rows.iter().map(|(lang, text, expected)| (text, found(text, *lang), expected));
    let wrong: Vec<_> = each.filter(|(_, found, expected)| found != *expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn quotations_and_sentences_of_the_other_language_are_found() {
    let rows = [
        (En, "She sang “Je ne regrette rien” to a full house.", "Je ne regrette rien"),
        (En, "He only said \"c'est la vie\" and left.", "c'est la vie"),
        (En, "The sign read « Entrée interdite aux chiens ».", "Entrée interdite aux chiens"),
        (En, "\"Où est la gare ?\" he asked the porter.", "Où est la gare ?"),
        (
            En,
            "Ladies and gentlemen, welcome. Mesdames et messieurs, soyez tous les bienvenus.",
            "Mesdames et messieurs, soyez tous les bienvenus.",
        ),
        (
            Fr,
            "Il a répondu : « To be or not to be, that is the question. »",
            "To be or not to be, that is the question.",
        ),
        (Fr, "Le discours « I have a dream » a marqué l'histoire.", "I have a dream"),
        (Fr, "Sur l'affiche, on lit \"Keep calm and carry on\" en lettres blanches.", "Keep calm and carry on"),
        (En, "She said “I have a dream” to a full house.", ""),
        (Fr, "Il a dit : « Je n'ai rien vu, je vous le jure. »", ""),
        (En, "The film “La Dolce Vita” and the opera “La Traviata” were shown.", ""),
        (En, "The play ends with “Et tu, Brute?” as everyone knows.", ""),
        (En, "Her column “La vita è bella” appears in “Le Monde” on Mondays.", ""),
        (En, "They shouted “Me gusta la playa que se va” all night.", ""),
        (Fr, "Il a crié « Was ist das denn für ein Ding? » au guichet.", ""),
        (Fr, "Le magazine « Time » et le site « Google News » sont cités.", ""),
    ];
    check(&rows);
}

#[test]
fn names_that_only_the_other_language_spells_like_that_are_found() {
    let rows = [
        (En, "François Mitterrand met Hélène in Besançon.", "François|Hélène|Besançon"),
        (
            En,
            "The train stops at Saint-Rémy-de-Provence and Boulogne-sur-Mer.",
            "Saint-Rémy-de-Provence|Boulogne-sur-Mer",
        ),
        (En, "José, Beyoncé, Renée and Zoë read Brontë at the café in Curaçao.", ""),
        (En, "Crème brûlée, naïve clichés, a façade: Déjà vu in Fenerbahçe and São Paulo.", ""),
        (En, "Pérez, Dvořák, Béla Bartók, László and Héctor wrote to Conceição.", ""),
        (Fr, "Elle vit à Greenwich, près de Wellington, et joue à Hollywood.", "Greenwich|Wellington|Hollywood"),
        (Fr, "Beethoven, Goethe, Schwarzenegger et Bismarck à Waterloo.", ""),
        (Fr, "Les Kazakhs de Tachkent, le Kuwait, Taïwan, Hiroshima et Kinshasa.", ""),
    ];
    check(&rows);
}

#[test]
fn nothing_is_found_in_the_sentences_of_the_tables() {
    let tables = [
        (En, include_str!("../../../tests/data/words/en.tsv")),
        (Fr, include_str!("../../../tests/data/words/fr.tsv")),
    ];
    let (mut judge, mut wrong) = (Judge::default(), Vec::new());
    for (lang, table) in tables {
        for text in table.lines().flat_map(|line| line.split('\t').take(2)) {
            let found = stretches(text, lang, &[], &mut judge).found;
            wrong.extend(found.into_iter().map(|place| format!("{} in {text}", &text[place])));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn marks_count_before_what_is_found_and_the_inner_before_the_outer() {
    let text = "She sang “Je ne regrette rien” in Besançon.";
    let at = |part: &str| text.find(part).map(|from| from..from + part.len()).expect("a part");
    let mark = |part: &str, lang| Direction { place: at(part), what: Directed::Lang(lang) };
    let rows = [
        (vec![mark("Je ne regrette rien", En)], "", "Besançon"),
        (vec![mark("sang", Fr)], "sang", "Je ne regrette rien|Besançon"),
        (vec![mark("sang “Je ne regrette rien” in", Fr), mark("regrette", En)], "sang “Je ne | rien” in", "Besançon"),
    ];
    for (directions, marked, found) in rows {
        let stretches = stretches(text, En, &directions, &mut Judge::default());
        let shown = |places: Vec<Range<usize>>| places.into_iter().map(|p| &text[p]).collect::<Vec<_>>().join("|");
        assert_eq!((shown(stretches.marked), shown(stretches.found)), (marked.to_owned(), found.to_owned()));
    }
}

#[test]
fn what_the_lexicon_has_is_cut_out_of_what_was_found() {
    let stretches = Stretches { marked: std::iter::once(20..25).collect(), found: vec![0..10, 12..14] };
    let taken = [3..5, 12..14, 21..22];
    assert_eq!(stretches.without(taken.iter()), [0..3, 5..10, 20..25]);
}
