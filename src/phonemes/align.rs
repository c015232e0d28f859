//! In: the phonemes of several words together, and of each word alone. Out: which phoneme of the whole belongs to
//! which word. Knows sounds by their class only, and no language.

use super::inventory::{Class, class};

/// Costs of an edit, in sixteenths of replacing one sound by another.
mod cost {
    pub const OTHER_SOUND: u32 = 16;
    pub const OTHER_VOWEL: u32 = 5;
    pub const MARK: u32 = 3;
    pub const GAP: u32 = 12;
    pub const SPACE: u32 = 4;
    pub const LOST_BOUNDARY: u32 = 6;
}

/// One position of the reference: a symbol of a word alone, or the end of a word that is not the last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Sound(char),
    Boundary,
}

/// For each symbol of `whole` the index into `alone` of the word it belongs to: an edit distance over both sequences,
/// in order, decides. Indices never decrease; a word that has sounds alone gets at least one where there are enough.
/// Spaces count to the word before them.
pub fn owners(whole: &[char], alone: &[Vec<char>]) -> Vec<usize> {
    let mut steps = Vec::new();
    for (word, sounds) in alone.iter().enumerate() {
        if word > 0 {
            steps.push(Step::Boundary);
        }
        steps.extend(sounds.iter().map(|&c| Step::Sound(c)));
    }
    let mut owners = trace(whole, &steps, &distances(whole, &steps));
    spare_everyone(whole, alone, &mut owners);
    owners
}

/// The least cost of turning the first `i` steps into the first `j` symbols, row by row.
fn distances(whole: &[char], steps: &[Step]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0_u32; whole.len() + 1]; steps.len() + 1];
    for i in 0..=steps.len() {
        for j in 0..=whole.len() {
            let mut best = if i == 0 && j == 0 { 0 } else { u32::MAX };
            if i > 0 {
                best = best.min(table[i - 1][j].saturating_add(dropping(steps[i - 1])));
            }
            if j > 0 {
                best = best.min(table[i][j - 1].saturating_add(adding(whole[j - 1])));
            }
            if i > 0 && j > 0 {
                best = best.min(table[i - 1][j - 1].saturating_add(turning(steps[i - 1], whole[j - 1])));
            }
            table[i][j] = best;
        }
    }
    table
}

/// Walks the cheapest way back and counts the boundaries passed before each symbol.
fn trace(whole: &[char], steps: &[Step], table: &[Vec<u32>]) -> Vec<usize> {
    let (mut i, mut j) = (steps.len(), whole.len());
    let mut word = steps.iter().filter(|&&step| step == Step::Boundary).count();
    let mut owners = vec![0; whole.len()];
    while i > 0 || j > 0 {
        let here = table[i][j];
        if i > 0 && j > 0 && here == table[i - 1][j - 1].saturating_add(turning(steps[i - 1], whole[j - 1])) {
            (i, j) = (i - 1, j - 1);
            word -= usize::from(steps[i] == Step::Boundary);
            owners[j] = word;
        } else if j > 0 && here == table[i][j - 1].saturating_add(adding(whole[j - 1])) {
            j -= 1;
            owners[j] = word;
        } else {
            i -= 1;
            word -= usize::from(steps[i] == Step::Boundary);
        }
    }
    owners
}

fn dropping(step: Step) -> u32 {
    match step {
        Step::Boundary => cost::LOST_BOUNDARY,
        Step::Sound(' ') => cost::SPACE,
        Step::Sound(c) => single(c),
    }
}

fn adding(symbol: char) -> u32 {
    if symbol == ' ' { cost::SPACE } else { single(symbol) }
}

fn single(symbol: char) -> u32 {
    if class(symbol) == Class::Mark { cost::MARK } else { cost::GAP }
}

fn turning(step: Step, symbol: char) -> u32 {
    match step {
        Step::Boundary if symbol == ' ' => 0,
        Step::Boundary => u32::MAX,
        Step::Sound(c) if c == symbol => 0,
        Step::Sound(' ') => u32::MAX,
        Step::Sound(_) if symbol == ' ' => u32::MAX,
        Step::Sound(c) => match (class(c), class(symbol)) {
            (Class::Vowel, Class::Vowel) => cost::OTHER_VOWEL,
            (Class::Mark, Class::Mark) => cost::MARK,
            (Class::Mark, _) | (_, Class::Mark) => u32::MAX,
            _ => cost::OTHER_SOUND,
        },
    }
}

/// Gives each word that has sounds, but got none, one sound of a neighbour that has more than one.
fn spare_everyone(whole: &[char], alone: &[Vec<char>], owners: &mut [usize]) {
    let is_sound = |c: char| matches!(class(c), Class::Vowel | Class::Consonant);
    let count = |owners: &[usize], word: usize| {
        owners.iter().zip(whole).filter(|&(&owner, &c)| owner == word && is_sound(c)).count()
    };
    for (word, sounds) in alone.iter().enumerate() {
        if !sounds.iter().any(|&c| is_sound(c)) || count(owners, word) > 0 {
            continue;
        }
        let end = owners.partition_point(|&owner| owner <= word);
        if word > 0 && count(owners, word - 1) > 1 {
            let last = (0..end).rev().find(|&at| owners[at] == word - 1 && is_sound(whole[at]));
            owners[last.unwrap_or(end)..end].fill(word);
        } else if let Some(&next) = owners.get(end).filter(|&&next| count(owners, next) > 1) {
            let first = (end..owners.len()).find(|&at| owners[at] == next && is_sound(whole[at]));
            // What follows the sound and only modifies it goes with it.
            let stop = first.map_or(end, |at| {
                (at + 1..owners.len())
                    .find(|&at| whole[at] == 'ˈ' || whole[at] == 'ˌ' || class(whole[at]) != Class::Mark)
                    .unwrap_or(owners.len())
            });
            owners[end..stop].fill(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `whole` cut at the word boundaries found.
    fn cut(whole: &str, alone: &[&str]) -> String {
        let symbols: Vec<char> = whole.chars().collect();
        let words: Vec<Vec<char>> = alone.iter().map(|word| word.chars().collect()).collect();
        let owners = owners(&symbols, &words);
        assert!(owners.is_sorted(), "{owners:?}");
        let part = |word| symbols.iter().zip(&owners).filter(|&(_, &o)| o == word).map(|(c, _)| c).collect::<String>();
        (0..alone.len()).map(|word| part(word).trim().to_owned()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn boundaries_fall_where_the_words_alone_say() {
        let rows: [(&str, &[&str], &str); 9] = [
            ("ʌvðə", &["ˈʌv", "ðˈə"], "ʌv|ðə"),
            ("fɚɹə wˈiːk", &["fˈɔːɹ", "ˈeɪ", "wˈiːk"], "fɚɹ|ə|wˈiːk"),
            ("lez amˈi", &["lˈe", "amˈi"], "lez|amˈi"),
            ("fˈɔːɹɾi fˈaɪv pˈiːpəl", &["fˈɔːɹɾi fˈaɪv", "pˈiːpəl"], "fˈɔːɹɾi fˈaɪv|pˈiːpəl"),
            ("twˈɛlv dˈɑːlɚz", &["twˈɛlv dˈɑːlɚz"], "twˈɛlv dˈɑːlɚz"),
            ("ab", &["a", "", "b"], "a||b"),
            ("ta", &["ta", "a"], "t|a"),
            ("a", &["a", "a"], "|a"),
            ("", &["a"], ""),
        ];
        for (whole, alone, expected) in rows {
            assert_eq!(cut(whole, alone), expected, "{whole}");
        }
    }
}
