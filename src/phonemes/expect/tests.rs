//! Words that are said otherwise where a verb, a noun or a past form is expected, held against C espeak-ng.

use super::super::Phonemizer;

/// Voice, text, and what piper-tts, which has espeak-ng in C, makes of it; but `used to` is said as it is.
const SENTENCES: [(&str, &str, &str); 84] = [
    ("fr", "Tu as raison.", "ty a ʁɛzˈɔ\u{303}."),
    ("fr", "Tu as vu ce film ?", "ty a vˈy sə- fˈilm?"),
    ("fr", "Tu n'as pas deux minutes ?", "ty na pa dˈø minˈyt?"),
    ("fr", "Ils décident vite.", "il desˈid vˈit."),
    ("fr", "Elles décident vite.", "ɛl desˈid vˈit."),
    ("fr", "Ils ferment la porte.", "il fˈɛʁm la- pˈɔʁt."),
    ("fr", "Ils résident à Paris.", "il ʁezˈidt a paʁˈi."),
    ("fr", "Ils président la séance.", "il pʁezˈid la- seˈɑ\u{303}s."),
    ("fr", "Ils content des histoires.", "il kˈɔ\u{303}t de-z istwˈaʁ."),
    ("fr", "Ils se parent de bijoux.", "il sə- pˈaʁ də- biʒˈu."),
    ("fr", "Ils divergent souvent.", "il divˈɛʁʒ suvˈɑ\u{303}."),
    ("fr", "Elles convergent vers nous.", "ɛl kɔ\u{303}vˈɛʁʒ vɛʁ nˈu."),
    ("fr", "Ils équivalent à rien.", "ilz ekivˈalt a ʁjˈɛ\u{303}."),
    ("fr", "Ils violent la loi.", "il vjˈol la- lwˈa."),
    ("fr", "Ils excellent en tout.", "ilz ɛksˈɛlt ɑ\u{303} tˈu."),
    ("fr", "Ils négligent leurs devoirs.", "il neɡlˈiʒ lœʁ dəvwˈaʁ."),
    ("fr", "Elles affluent vers la ville.", "ɛlz aflˈy vɛʁ la- vˈil."),
    ("fr", "Elles influent sur le cours.", "ɛlz ɛ\u{303}flˈy syʁ lə- kˈuʁ."),
    ("fr", "Ils coïncident bien.", "il kɔɛ\u{303}sˈid bjˈɛ\u{303}."),
    ("fr", "Nous portions les valises.", "nu pɔʁtjˈɔ\u{303} le- valˈiz."),
    ("fr", "Nous inventions des jeux.", "nuz ɛ\u{303}vɑ\u{303}tjˈɔ\u{303} de- ʒˈø."),
    ("fr", "Nous objections souvent.", "nuz ɔbʒɛktjˈɔ\u{303} suvˈɑ\u{303}."),
    ("fr", "Nous mentions parfois.", "nu mɑ\u{303}tjˈɔ\u{303} paʁfwˈa."),
    ("fr", "Nous options pour la paix.", "nuz ɔptjˈɔ\u{303} puʁ la- pˈɛ."),
    ("fr", "Nous éditions des livres.", "nuz editjˈɔ\u{303} de- lˈivʁ."),
    ("fr", "Nous exécutions les ordres.", "nuz ɛɡzekytjˈɔ\u{303} le-z ˈɔʁdʁ."),
    ("fr", "Je sens le vent.", "ʒə- sˈɑ\u{303} lə- vˈɑ\u{303}."),
    ("fr", "Il est content.", "il ɛ kɔ\u{303}tˈɑ\u{303}."),
    ("fr", "Le couvent est fermé.", "lə- kuvˈɑ\u{303} ɛ fɛʁmˈe."),
    ("fr", "Le président parle.", "lə- pʁezidˈɑ\u{303} pˈaʁl."),
    ("fr", "Un homme violent parle.", "œ\u{303}n ˈɔm vjolˈɑ\u{303} pˈaʁl."),
    ("fr", "C'est un excellent repas.", "sɛt œ\u{303}n ɛksɛlˈɑ\u{303} ʁəpˈa."),
    ("fr", "Les portions sont petites.", "le- pɔʁsjˈɔ\u{303} sˈɔ\u{303} pətˈit."),
    ("fr", "Des inventions utiles.", "de-z ɛ\u{303}vɑ\u{303}sjˈɔ\u{303}z ytˈil."),
    ("fr", "L'as de pique.", "lˈas də- pˈik."),
    ("fr", "Le vent est fort.", "lə- vˈɑ\u{303} ɛ fˈɔʁ."),
    ("fr", "Il but un verre.", "il bˈyt œ\u{303} vˈɛʁ."),
    ("fr", "Le but est clair.", "lə- bˈyt ɛ klˈɛʁ."),
    ("fr", "Tu bus un café.", "ty bˈy œ\u{303} kafˈe."),
    ("fr", "Le bus est en retard.", "lə- bˈys ɛt ɑ\u{303} ʁətˈaʁ."),
    ("fr", "Il faut se fier à lui.", "il fo sə- fjˈeʁ a lyˈi."),
    ("fr", "Il est fier de lui.", "il ɛ fjˈɛʁ də- lyˈi."),
    ("fr", "Tu en as.", "ty ɑ\u{303}n ˈa."),
    ("fr", "Oui, tu as.", "wˈi, ty ˈa."),
    ("fr", "Ils en ont.", "ilz ɑ\u{303}n ˈɔ\u{303}."),
    ("fr", "On y va, tu as tout ?", "ɔ\u{303}n i vˈa, ty a tˈu?"),
    ("en-us", "He read the letter yesterday and put it away.", "hiː ɹˈiːd ðə lˈɛɾɚ jˈɛstɚdˌeɪ ænd pˌʊt ɪɾ ɐwˈeɪ."),
    ("en-us", "I have already read that book.", "aɪ hæv ɔːlɹˌɛdi ɹˈɛd ðæt bˈʊk."),
    ("en-us", "I've read it.", "aɪv ɹˈɛd ɪt."),
    ("en-us", "They will read it.", "ðeɪ wɪl ɹˈiːd ɪt."),
    ("en-us", "Do not tear the paper.", "duːnˌɑːt tˈɛɹ ðə pˈeɪpɚ."),
    ("en-us", "A tear fell.", "ɐ tˈɪɹ fˈɛl."),
    ("en-us", "He would never desert his friends.", "hiː wʊd nˈɛvɚ dᵻzˈɜːt hɪz fɹˈɛndz."),
    ("en-us", "The desert is hot.", "ðə dˈɛzɚt ɪz hˈɑːt."),
    ("en-us", "They record a record.", "ðeɪ ɹᵻkˈɔːɹd ɐ ɹˈɛkɚd."),
    ("en-us", "The record was lost.", "ðə ɹˈɛkɚd wʌz lˈɔst."),
    ("en-us", "We will present the present.", "wiː wɪl pɹɪzˈɛnt ðə pɹˈɛzənt."),
    ("en-us", "He had separated them.", "hiː hæd sˈɛpɚɹˌeɪɾᵻd ðˌɛm."),
    ("en-us", "They separate it.", "ðeɪ sˈɛpɚɹˌeɪt ɪt."),
    ("en-us", "You must produce the produce.", "juː mˈʌst pɹədˈuːs ðə pɹˈɑːduːs."),
    ("en-us", "I want to use it.", "aɪ wˈɔnt tə jˈuːz ɪt."),
    ("en-us", "The use of it.", "ðə jˈuːs ʌv ɪt."),
    ("en-us", "They were used.", "ðeɪ wɜː jˈuːzd."),
    ("en-us", "He refuses to refuse.", "hiː ɹᵻfjˈuːzᵻz tə ɹᵻfjˈuːz."),
    ("en-us", "They object to the object.", "ðeɪ ɑːbdʒˈɛkt tə ðɪʲ ˈɑːbdʒɛkt."),
    ("en-us", "The wind was strong.", "ðə wˈɪnd wʌz stɹˈɔŋ."),
    ("en-us", "They live here.", "ðeɪ lˈɪv hˈɪɹ."),
    ("en-us", "A live show.", "ɐ lˈaɪv ʃˈoʊ."),
    ("en-us", "It was a close call.", "ɪt wʌzɐ klˈoʊs kˈɔːl."),
    ("en-us", "Please close the door.", "plˈiːz klˈoʊs ðə dˈɔːɹ."),
    ("en-us", "To increase the price.", "tʊ ɪŋkɹˈiːs ðə pɹˈaɪs."),
    ("en-us", "He increases the price.", "hiːʲ ɪŋkɹˈiːsᵻz ðə pɹˈaɪs."),
    ("en-us", "An increase in price.", "ɐn ˈɪŋkɹiːs ɪn pɹˈaɪs."),
    ("en-us", "She used to live there.", "ʃiː jˈuːst tə lˈɪv ðˈɛɹ."),
    ("en-us", "He's used it.", "hiːz jˈuːzd ɪt."),
    ("en-us", "They had used it.", "ðeɪ hæd jˈuːzd ɪt."),
    ("en-us", "I excuse you.", "aɪ ɛkskjˈuːs juː."),
    ("en-us", "That is no excuse.", "ðæt ɪz nˈoʊ ɛkskjˈuːs."),
    ("en-us", "They had learned it.", "ðeɪ hæd lˈɜːnd ɪt."),
    ("en-us", "The house was housed.", "ðə hˈaʊs wʌz hˈaʊzd."),
    ("en-us", "He wants to record it.", "hiː wˈɔnts tə ɹᵻkˈɔːɹd ɪt."),
    ("en-us", "It has been recorded.", "ɪt hɐzbɪn ɹᵻkˈɔːɹdᵻd."),
    ("en-us", "We protest.", "wiː pɹətˈɛst."),
    ("en-us", "The protest was loud.", "ðə pɹˈoʊtɛst wʌz lˈaʊd."),
];

#[test]
fn forms_after_the_words_that_expect_them() {
    let dir = tempfile::tempdir().unwrap();
    let phonemizer = Phonemizer::open(dir.path()).unwrap();
    let mut wrong = Vec::new();
    for (voice, text, expected) in SENTENCES {
        let phonemes = phonemizer.phonemize(voice, &text.split(' ').collect::<Vec<_>>()).unwrap();
        let got: String = phonemes.iter().map(|phoneme| phoneme.symbol).collect();
        if got != expected {
            wrong.push(format!("{text}\n  {expected}\n  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
