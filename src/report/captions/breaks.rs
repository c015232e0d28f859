//! In: what is heard of a line, chunk by chunk. Out: the same in captions of at most two lines, broken where a reader would
//! pause. Looks at times only to find pauses; decides none.

use super::tokens::Token;

/// Characters of a line.
const WIDTH: usize = 42;

/// What each caption costs: there are as few as possible.
const CAPTION: usize = 120;

/// From here on a caption stays too long, in milliseconds.
const LONG: i64 = 7000;

/// Below this it is gone too soon.
const SHORT: i64 = 1000;

/// Words that begin a clause: a break before them is a good one.
const BEFORE: &[&str] = &[
    "and", "but", "or", "nor", "because", "that", "which", "who", "whose", "when", "where", "while", "if", "although",
    "though", "so", "than", "as", "until", "with", "without", "from", "into", "for", "to", "in", "on", "at", "by",
    "of", "de", "du", "des", "et", "mais", "ou", "ni", "car", "que", "qui", "dont", "où", "quand", "lorsque",
    "pendant", "si", "comme", "parce", "puis", "donc", "avec", "sans", "pour", "dans", "sur", "par", "vers", "chez",
    "depuis",
];

/// Words that lean on what follows: a break after them is a bad one.
const AFTER: &[&str] = &[
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "but", "my", "your",
    "his", "her", "its", "our", "their", "this", "that", "these", "those", "i", "he", "she", "we", "they", "it", "is",
    "are", "was", "were", "be", "been", "will", "would", "can", "could", "not", "no", "very", "mr", "mrs", "dr", "le",
    "la", "les", "un", "une", "des", "du", "de", "au", "aux", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "ton",
    "ta", "tes", "son", "sa", "ses", "notre", "nos", "votre", "vos", "leur", "leurs", "je", "tu", "il", "elle", "on",
    "nous", "vous", "ils", "elles", "ne", "se", "et", "ou", "à", "en", "dans", "sur", "par", "pour", "est", "sont",
    "très", "m", "mme",
];

/// Characters of a line of chunks, spaces between them included.
pub(super) fn width(tokens: &[Token]) -> usize {
    tokens.iter().map(|token| token.text.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

/// The captions a line becomes, each as its lines. So many characters stand before the first one and before those after it.
/// Found by dynamic programming: the cheapest way to break the whole.
pub(super) fn split(tokens: &[Token], labels: [usize; 2]) -> Vec<Vec<Vec<Token>>> {
    let count = tokens.len();
    let mut best: Vec<(usize, usize)> = vec![(usize::MAX, count); count + 1];
    best[count] = (0, count);
    for from in (0..count).rev() {
        let label = labels[usize::from(from > 0)];
        for to in from + 1..=count {
            if to > from + 1 && label + width(&tokens[from..to]) > 2 * WIDTH + 1 {
                break;
            }
            let cost = best[to].0.saturating_add(caption_cost(tokens, from, to, label));
            if cost < best[from].0 {
                best[from] = (cost, to);
            }
        }
    }
    let (mut captions, mut from) = (Vec::new(), 0);
    while from < count {
        let to = best[from].1.max(from + 1);
        let at = from + second_line(&tokens[from..to], labels[usize::from(from > 0)]).1;
        let lines = [&tokens[from..at], &tokens[at..to]];
        captions.push(lines.into_iter().filter(|line| !line.is_empty()).map(<[Token]>::to_vec).collect());
        from = to;
    }
    captions
}

fn caption_cost(tokens: &[Token], from: usize, to: usize, label: usize) -> usize {
    let part = &tokens[from..to];
    let length = label + width(part);
    let long = part[part.len() - 1].end - part[0].start;
    let unrest = ((long - LONG).max(0) / 10 + (SHORT - long).max(0) / 5) as usize;
    let boundary = match tokens.get(to) {
        None => 0,
        Some(next) => {
            let pause = (next.start - part[part.len() - 1].end).clamp(0, 400) as usize;
            (6 * weight(&part[part.len() - 1], next)).saturating_sub(pause / 10)
        }
    };
    let evenness = 60 * length * length / (4 * WIDTH * WIDTH);
    CAPTION + boundary + unrest + evenness + second_line(part, label).0
}

/// The cost of the best way to show these chunks in one or two lines, and where the second begins.
fn second_line(tokens: &[Token], label: usize) -> (usize, usize) {
    let over = |width: usize| 1000 * width.saturating_sub(WIDTH);
    let whole = label + width(tokens);
    if whole <= WIDTH || tokens.len() < 2 {
        return (over(whole), tokens.len());
    }
    let options = (1..tokens.len()).map(|at| {
        let (first, second) = (label + width(&tokens[..at]), width(&tokens[at..]));
        // A longer second line hides less of the picture.
        let top_heavy = if first > second { 2 } else { 0 };
        let uneven = first.abs_diff(second) + top_heavy;
        (over(first) + over(second) + 5 * weight(&tokens[at - 1], &tokens[at]) + uneven, at)
    });
    options.min().unwrap_or((0, tokens.len()))
}

/// How bad it is to break between two chunks.
fn weight(a: &Token, b: &Token) -> usize {
    let bare = |token: &Token| token.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let sign = a.text.trim_end_matches(['"', '”', '’', '»', ')', '\u{a0}']).chars().last().unwrap_or(' ');
    let (left, right) = (bare(a), bare(b));
    let capital = |token: &Token| token.text.chars().next().is_some_and(char::is_uppercase);
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && !text.is_empty();
    match sign {
        '.' if AFTER.contains(&left.as_str()) => 10,
        '.' | '!' | '?' | '…' => 0,
        ',' | ';' | ':' | '—' | '–' => 2,
        _ if b.text.starts_with(['—', '–', '(', '«', '“']) => 2,
        _ if AFTER.contains(&left.as_str()) => 10,
        _ if BEFORE.contains(&right.as_str()) => 4,
        _ if number(&left) || (capital(a) && capital(b)) => 9,
        _ => 6,
    }
}
