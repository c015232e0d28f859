//! In: the words of a clause. Out: the part of speech of one of them. Knows weights that `tagger.py` learned, and no
//! pronunciation.

use flate2::read::ZlibDecoder;
use std::io::Read;

/// A part of speech, as far as some word sounds different by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Any other.
    Other,
    /// The infinitive, the imperative.
    Base,
    /// A verb of the present without -s.
    Present,
    /// A verb of the past.
    Past,
    /// A past participle.
    Participle,
    /// Any other form of a verb.
    Verb,
    /// A noun.
    Noun,
    /// A name.
    Name,
    /// An adjective.
    Adjective,
    /// An adverb.
    Adverb,
    /// A preposition, or a conjunction that makes a clause depend.
    Preposition,
    /// An adverb that belongs to a verb.
    Particle,
    /// An article, a demonstrative.
    Determiner,
}

/// In the order of the weights.
const TAGS: [Tag; 13] = [
    Tag::Other,
    Tag::Base,
    Tag::Present,
    Tag::Past,
    Tag::Participle,
    Tag::Verb,
    Tag::Noun,
    Tag::Name,
    Tag::Adjective,
    Tag::Adverb,
    Tag::Preposition,
    Tag::Particle,
    Tag::Determiner,
];

const ROWS: usize = 1 << 15;

impl Tag {
    /// What a lexicon calls it: by its own name, then by that of its family.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Tag::Other => ["", ""],
            Tag::Base => ["VB", "VERB"],
            Tag::Present => ["VBP", "VERB"],
            Tag::Past => ["VBD", "VERB"],
            Tag::Participle => ["VBN", "VERB"],
            Tag::Verb => ["VBZ", "VERB"],
            Tag::Noun => ["NN", "NOUN"],
            Tag::Name => ["NNP", "NOUN"],
            Tag::Adjective => ["JJ", "ADJ"],
            Tag::Adverb => ["RB", "ADV"],
            Tag::Preposition => ["IN", "IN"],
            Tag::Particle => ["RP", "RP"],
            Tag::Determiner => ["DT", "DT"],
        }
    }
}

/// Tells parts of speech.
pub struct Tagger {
    weights: Vec<u8>,
}

impl Tagger {
    /// Unpacks the weights; without any, everything is [`Tag::Other`].
    pub fn unpack(packed: &[u8]) -> Tagger {
        let mut weights = Vec::new();
        if ZlibDecoder::new(packed).read_to_end(&mut weights).is_err() || weights.len() != ROWS * TAGS.len() {
            weights.clear();
        }
        Tagger { weights }
    }

    /// The part of speech of the word at `at` of a clause.
    pub fn tag(&self, clause: &[String], at: usize) -> Tag {
        if self.weights.is_empty() {
            return Tag::Other;
        }
        let mut scores = [0_i32; TAGS.len()];
        for feature in features(clause, at) {
            let row = row(&feature) * TAGS.len();
            for (score, &weight) in scores.iter_mut().zip(&self.weights[row..row + TAGS.len()]) {
                *score += i32::from(weight.cast_signed());
            }
        }
        let mut best = 0;
        for at in 1..scores.len() {
            if scores[at] > scores[best] {
                best = at;
            }
        }
        TAGS[best]
    }
}

/// A word as the tagger sees it: small, `^` before it where it was not.
pub fn seen(word: &str) -> String {
    let small = word.to_lowercase();
    if small == word { small } else { format!("^{small}") }
}

/// What is looked at; as in `tagger.py`.
fn features(clause: &[String], at: usize) -> [String; 19] {
    let get =
        |offset: isize| at.checked_add_signed(offset).and_then(|index| clause.get(index)).map_or(".", String::as_str);
    let (w, p1, p2, n1, n2) = (get(0), get(-1), get(-2), get(1), get(2));
    let bare = w.trim_start_matches('^');
    // As Python writes them.
    let truth = |holds: bool| if holds { "True" } else { "False" };
    [
        "b".to_owned(),
        format!("w{w}"),
        format!("s{}", tail(bare, 3)),
        format!("t{}", tail(bare, 2)),
        format!("c{}{}", truth(w.starts_with('^')), truth(at == 0)),
        format!("p{p1}"),
        format!("q{p2}"),
        format!("n{n1}"),
        format!("m{n2}"),
        format!("x{}", tail(p1, 2)),
        format!("y{}", tail(n1, 2)),
        format!("z{}", tail(p2, 2)),
        format!("v{}", tail(n2, 2)),
        format!("k{p1} {bare}"),
        format!("l{bare} {n1}"),
        format!("o{p2} {p1}"),
        format!("r{} {}", tail(p1, 2), tail(bare, 2)),
        format!("u{} {}", tail(bare, 2), tail(n1, 2)),
        format!("h{p1} {n1}"),
    ]
}

/// The last letters of a word.
fn tail(word: &str, letters: usize) -> &str {
    word.char_indices().rev().take(letters).last().map_or("", |(at, _)| &word[at..])
}

/// The row of a feature: FNV-1a, folded.
fn row(feature: &str) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    for byte in feature.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> 15)) as usize & (ROWS - 1)
}
