//! In: a line. Out: how long a voice would take to say it by itself, estimated from its characters. Knows no voice.
//!
//! Measured with `cuevox plan --json` (2026-11): the natural durations of 57 English lines by `en_US-joe-medium` (which
//! takes 18.2 characters a second), 17 by `af_heart` (19.2, and 0.3 s besides) and 23 French ones by `ff_siwis` (20.0, and
//! 0.2 s besides), white space and punctuation counted. The estimate is off by 8 % on average and by less than 20 % for
//! nine lines of ten. The default English voice, `hibari-heart`, takes 3 % longer than `en_US-joe-medium` for the same 185
//! lines.

use super::Limits;
use crate::lang::Lang;
use crate::text::sayable;
use crate::transcript::Cue;

/// How many characters of what is said a digit stands for: `2014` is `twenty fourteen`.
const DIGIT: usize = 4;

/// How many a sign that is read as a word stands for.
const SIGN: usize = 7;

/// The silence, in seconds, that belongs to any line.
const BREATH: f64 = 0.1;

/// Characters a second of the default voice of a language.
pub(super) fn pace(lang: Lang) -> f64 {
    match lang {
        Lang::En => 18.0,
        Lang::Fr => 19.5,
    }
}

/// How many seconds the line takes at the voice's own pace; none if nothing in it is spoken.
pub(super) fn seconds(cue: &Cue, lang: Lang, limits: &Limits) -> f64 {
    let text = cue.aloud(limits.sounds);
    if !sayable(&text) {
        return 0.0;
    }
    let spoken: usize = text.split_whitespace().map(|word| word.chars().map(weight).sum::<usize>() + 1).sum();
    BREATH + spoken as f64 / limits.pace.unwrap_or_else(|| pace(lang))
}

fn weight(c: char) -> usize {
    match c {
        '0'..='9' => DIGIT,
        '%' | '&' | '€' | '$' | '£' | '+' | '=' | '°' | '@' => SIGN,
        _ => 1,
    }
}
