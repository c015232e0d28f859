//! In: a voice's tokens and durations, and the pace the transcript asks of each word. Out: the
//! tokens with the durations that are natural from then on. Knows no stamp and no plan.

use crate::timing::Token;
use crate::timing::fit::fit;
use crate::voice::encode;

/// The pace of a word for which none is asked, in thousandths of its natural duration.
const NATURAL: u32 = 1000;

/// Tokens with their natural frames, which are more or fewer where the transcript asks for another
/// pace. `paces` has for each word how long it is to be, in thousandths of what the voice would
/// give it.
///
/// A stretch of words of one pace is shared out as a whole, and is as long as was asked to half a
/// frame: rounded each by itself, tokens of two or three frames would miss a pace of 1.25 by a
/// third of the way.
pub(super) fn paced(tokens: &[encode::Token], frames: &[u32], paces: &[u32]) -> Vec<Token> {
    let mut natural = Vec::with_capacity(tokens.len());
    for (token, &frames) in tokens.iter().zip(frames) {
        natural.push(Token { frames, class: token.class });
    }
    let each = paces_of_tokens(tokens, paces);
    let mut made = Vec::with_capacity(natural.len());
    for stretch in each[..natural.len()].chunk_by(|a, b| a == b) {
        let mine = &natural[made.len()..made.len() + stretch.len()];
        if stretch[0] == NATURAL {
            made.extend_from_slice(mine);
            continue;
        }
        let sum: u64 = mine.iter().map(|token| u64::from(token.frames)).sum();
        let wanted = (sum * u64::from(stretch[0]) + u64::from(NATURAL / 2)) / u64::from(NATURAL);
        let fitted = mine.iter().zip(fit(mine, wanted));
        made.extend(fitted.map(|(token, frames)| Token { frames, ..*token }));
    }
    made
}

/// The pace of each token: that of its word, and between two words theirs if it is the same.
fn paces_of_tokens(tokens: &[encode::Token], paces: &[u32]) -> Vec<u32> {
    let pace = |word: Option<usize>| word.and_then(|word| paces.get(word)).copied();
    let mut after = vec![None; tokens.len()];
    let mut next = None;
    for (at, token) in tokens.iter().enumerate().rev() {
        next = pace(token.word).or(next);
        after[at] = next;
    }
    let mut before = None;
    let mut each = Vec::with_capacity(tokens.len());
    for (token, after) in tokens.iter().zip(after) {
        let own = pace(token.word).or_else(|| after.filter(|_| after == before));
        before = pace(token.word).or(before);
        each.push(own.unwrap_or(NATURAL));
    }
    each
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phonemes::inventory::class;

    /// Words of these symbols, parted by spaces that belong to none.
    fn tokens(text: &str) -> Vec<encode::Token> {
        let mut word = 0;
        let mut made = Vec::new();
        for symbol in text.chars() {
            let own = (symbol != ' ').then_some(word);
            word += usize::from(symbol == ' ');
            made.push(encode::Token { symbol, word: own, class: class(symbol) });
        }
        made
    }

    fn sum(tokens: &[Token]) -> u32 {
        tokens.iter().map(|token| token.frames).sum()
    }

    #[test]
    fn a_stretch_of_words_has_the_pace_it_was_asked_for() {
        let text = "ðə taɪd kʌmz ɪn";
        let frames = [2, 1, 1, 3, 4, 2, 2, 1, 3, 3, 2, 2, 1, 2, 3];
        let natural: u32 = frames.iter().sum();
        for asked in [500, 667, 714, 800, 870, 909, 950, 999, 1001, 1100, 1250, 1333, 1500, 2000] {
            let made = paced(&tokens(text), &frames, &[asked; 4]);
            let (got, wanted) = (f64::from(sum(&made)), f64::from(natural * asked) / 1000.0);
            assert!((got - wanted).abs() <= 0.5, "{asked}: {got} frames, not {wanted}");
        }
    }

    #[test]
    fn only_what_was_asked_for_changes() {
        let tokens = tokens("ba ba ba ba");
        let frames = [4; 11];
        // Paces of the four words, and how many frames each token has where nothing is to change.
        let rows: [([u32; 4], &[usize], u32); 4] = [
            ([1000; 4], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 44),
            ([1000, 500, 1000, 1000], &[0, 1, 2, 5, 6, 7, 8, 9, 10], 40),
            // The space between two words of one pace has it, too.
            ([1000, 500, 500, 1000], &[0, 1, 2, 8, 9, 10], 34),
            ([1000, 500, 2000, 1000], &[0, 1, 2, 5, 8, 9, 10], 48),
        ];
        for (paces, kept, total) in rows {
            let made = paced(&tokens, &frames, &paces);
            assert!(kept.iter().all(|at| made[*at].frames == 4), "{paces:?}: {made:?}");
            assert_eq!(sum(&made), total, "{paces:?}");
        }
    }

    #[test]
    fn every_token_keeps_a_frame_and_its_kind() {
        let tokens = tokens("ba ba");
        let made = paced(&tokens, &[1, 2, 1, 2, 1], &[100, 100]);
        assert_eq!(made.iter().map(|token| token.frames).collect::<Vec<_>>(), [1; 5]);
        assert!(made.iter().zip(&tokens).all(|(made, token)| made.class == token.class));
        assert!(paced(&[], &[], &[]).is_empty());
    }
}
