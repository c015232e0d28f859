//! In: the sentences of prose. Out: the same with their speakers, where the prose is a dialogue: `Anna: …` at the beginning
//! of paragraphs. Knows no times.
//!
//! Prose has words before a colon that are no names (`Decision:`), so more is asked of it than of subtitles: at least half
//! of the paragraphs begin with a label, and at least two names label two paragraphs each. A label holds for its paragraph.

use super::speakers::{Kind, label};
use crate::transcript::cue::Cue;
use crate::transcript::marks::{Mark, Silence, What};
use std::collections::HashMap;
use std::sync::Arc;

/// Finds the speakers of a dialogue.
pub(super) fn dialogue(prose: &mut [Cue]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let (mut paragraphs, mut labelled, mut last) = (0usize, 0usize, 0);
    for cue in prose.iter().filter(|cue| std::mem::replace(&mut last, cue.paragraph()) != cue.paragraph()) {
        paragraphs += 1;
        if let Some((name, _)) = named(cue.text()) {
            labelled += 1;
            *counts.entry(name).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= 2);
    if labelled * 2 < paragraphs || counts.len() < 2 {
        return;
    }
    let mut speaker: Option<Arc<str>> = None;
    last = 0;
    for cue in prose {
        if std::mem::replace(&mut last, cue.paragraph()) != cue.paragraph() {
            let found = named(cue.text()).filter(|(name, _)| counts.contains_key(name));
            speaker = found.map(|(name, end)| {
                cue.set_marks(vec![Mark { place: 0..end, what: What::Silent(Silence::Label) }]);
                name.into()
            });
        }
        cue.set_speaker(speaker.clone());
    }
}

/// The name before a colon that a paragraph begins with, and where the label is over.
fn named(text: &str) -> Option<(String, usize)> {
    let label = label(text, false).filter(|label| label.kind == Kind::Colon)?;
    (label.place.end < text.len()).then(|| (label.name.to_owned(), label.place.end))
}

#[cfg(test)]
mod tests {
    use crate::transcript::{Sounds, read};

    /// Each sentence as `speaker|what is said`.
    fn said(text: &str) -> Vec<String> {
        let transcript = read(text.as_bytes()).expect("prose");
        let one = |cue: &super::Cue| format!("{}|{}", cue.speaker().unwrap_or(""), cue.aloud(Sounds::Skip).trim());
        transcript.prose.iter().map(one).collect()
    }

    #[test]
    fn a_dialogue_has_speakers_and_other_prose_has_none() {
        let dialogue = "They meet.\n\nAnna: Hello. You here?\n\n**Ben:** Yes.\n\nAnna: Well.\n\nBen: So it is.";
        let heard = ["|They meet.", "Anna|Hello.", "Anna|You here?", "Ben|Yes.", "Anna|Well.", "Ben|So it is."];
        assert_eq!(said(dialogue), heard);
        let paused = "Anna[pause 0.5s]: Hello you.\n\nBen: Yes.\n\nAnna: Well.\n\nBen: [pause 1s] So.";
        assert_eq!(said(paused), ["Anna|Hello you.", "Ben|Yes.", "Anna|Well.", "Ben|So."]);
        let minutes = "We met.\n\nDecision: we go.\n\nIt rained.\n\nDecision: we stay.\n\nAll left.";
        assert!(said(minutes).iter().all(|line| line.starts_with('|')), "{:?}", said(minutes));
        assert_eq!(said("Anna: a one.\n\nBen: a two."), ["|Anna: a one.", "|Ben: a two."]);
    }
}
