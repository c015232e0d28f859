//! In: lines and their languages. Out: findings about what single lines say: another language, no speech, the same again.
//! Knows no times.

use super::Limits;
use crate::lang::Lang;
use crate::notes::{Note, Notes};
use crate::text::sayable;
use crate::transcript::{Cue, What};
use crate::words::foreign::foreign;

/// So many lines in one language on both sides make a line in the other an odd one.
const NEIGHBOURS: usize = 3;

/// The most lines next to each other that are odd; more of them are a passage.
const FEW: usize = 2;

/// The same words so many times in a row are no accident.
const OFTEN: usize = 3;

/// How many characters of all lines together are looked at for the language of the whole.
const SAMPLE: usize = 4000;

/// The most lines whose language is looked at one by one: no film has as many, and of more lines each n-th will do.
const LOOKED_AT: usize = 20_000;

/// What speech recognisers write where there is silence or music, in small letters, without its closing marks.
const INVENTED: &[&str] = &[
    "thanks for watching",
    "thank you for watching",
    "please subscribe",
    "subtitles by the amara.org community",
    "sous-titrage st' 501",
    "sous-titrage société radio-canada",
    "sous-titres réalisés para la communauté d'amara.org",
    "sous-titres réalisés par la communauté d'amara.org",
    "merci d'avoir regardé cette vidéo",
];

/// Adds what there is to say about single lines.
pub(super) fn judge(cues: &[Cue], langs: &[Lang], limits: &Limits, findings: &mut Notes) {
    if limits.lang.is_none() {
        odd_languages(cues, langs, findings);
    }
    foreign_languages(cues, findings);
    repeated(cues, findings);
    for cue in cues {
        findings.extend(not_spoken(cue, limits));
        findings.extend(invented(cue));
        findings.extend(address(cue));
    }
}

/// Lines, one or two together, between others in the other language. What the file itself states is not odd.
fn odd_languages(cues: &[Cue], langs: &[Lang], findings: &mut Notes) {
    let said: Vec<usize> = (0..cues.len()).filter(|i| cues[*i].sayable()).collect();
    let runs: Vec<&[usize]> = said.chunk_by(|a, b| langs[*a] == langs[*b]).collect();
    for three in runs.windows(3) {
        let [before, odd, after] = three else { continue };
        if before.len() < NEIGHBOURS || after.len() < NEIGHBOURS || odd.len() > FEW {
            continue;
        }
        for cue in odd.iter().map(|i| &cues[*i]).filter(|cue| cue.lang().is_none()) {
            let (here, around) = (langs[odd[0]], langs[before[0]]);
            let message = format!(
                "this line looks {} among lines that look {}; --lang says what all lines are in",
                name(here),
                name(around)
            );
            findings.push(Note::info(cue.line(), "odd-language", message));
        }
    }
}

fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::Fr => "French",
    }
}

/// One warning if the whole is in a language that no voice speaks, else one for each long line that is.
fn foreign_languages(cues: &[Cue], findings: &mut Notes) {
    let mut sample = String::new();
    // Lines from all over the text: a foreword may be in another language.
    let step = (cues.len() / 64).max(1);
    for cue in cues.iter().step_by(step).filter(|cue| cue.sayable()) {
        sample.push_str(cue.text());
        sample.push('\n');
        if sample.len() > SAMPLE {
            break;
        }
    }
    if let (Some(language), Some(first)) = (foreign(&sample), cues.iter().find(|cue| cue.sayable())) {
        let message = format!(
            "this looks {language}, and the voices speak English and French; it will be read as if it were that"
        );
        findings.push(Note::warning(first.line(), "foreign-language", message));
        return;
    }
    for cue in cues.iter().step_by(cues.len().div_ceil(LOOKED_AT).max(1)) {
        if let Some(language) = foreign(cue.text()) {
            let message = format!("this line looks {language}, and the voices speak English and French");
            findings.push(Note::warning(cue.line(), "foreign-language", message));
        }
    }
}

/// A hint where the same words stand three times in a row and more.
fn repeated(cues: &[Cue], findings: &mut Notes) {
    let same = |a: &Cue, b: &Cue| a.sayable() && a.text().trim() == b.text().trim();
    for run in cues.chunk_by(same).filter(|run| run.len() >= OFTEN) {
        let message = format!(
            "the same words stand here {} times in a row; speech recognisers do that in silence: leave out what nobody said",
            run.len()
        );
        findings.push(Note::info(run[0].line(), "repeated", message));
    }
}

/// A hint for a line that is left out because it is no speech.
fn not_spoken(cue: &Cue, limits: &Limits) -> Option<Note> {
    if !cue.sayable() || sayable(&cue.aloud(limits.sounds)) {
        return None;
    }
    let why = cue.marks().last().map_or("is no speech", |mark| {
        let What::Silent(why) = mark.what;
        why.words()
    });
    let message = format!("this line is not spoken: it {why}");
    Some(Note::info(cue.line(), "not-spoken", message))
}

fn invented(cue: &Cue) -> Option<Note> {
    let text = cue.text().trim().trim_end_matches(['.', '!', '…', ' ']).replace('’', "'").to_lowercase();
    let message = "speech recognisers write this where nobody speaks; leave it out if nobody said it";
    INVENTED.contains(&text.as_str()).then(|| Note::info(cue.line(), "invented", message))
}

/// A hint for an address of the web or of mail, which is spelt.
fn address(cue: &Cue) -> Option<Note> {
    let is_address = |word: &&str| {
        let mail = word.split_once('@').is_some_and(|(who, place)| !who.is_empty() && place.contains('.'));
        word.contains("://") || word.starts_with("www.") || mail
    };
    let word = cue.text().split_whitespace().find(is_address)?;
    let shown: String = word.chars().take(40).collect();
    Some(Note::info(cue.line(), "address", format!("'{shown}' is an address, and will be read sign by sign")))
}
