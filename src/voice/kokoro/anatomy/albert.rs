//! In: the value of the words' sense. Out: the network that makes it of ids: an embedding, and one
//! layer of attention that is passed several times (ALBERT, arXiv:1909.11942); or why it is not
//! understood. Runs nothing.

use super::{Read, Reason};
use crate::voice::graph::{Normal, Quantised, Walk};

/// An embedding, and a layer that is passed several times.
pub(in crate::voice::kokoro) struct Albert<'a> {
    /// A row for each id.
    pub(in crate::voice::kokoro) table: Vec<f32>,
    /// A row for each place, with what is added at all of them.
    pub(in crate::voice::kokoro) places: Vec<f32>,
    /// Makes the embedding even.
    pub(in crate::voice::kokoro) normal: Normal,
    /// Makes it wider.
    pub(in crate::voice::kokoro) first: Quantised<'a>,
    pub(in crate::voice::kokoro) turn: Turn<'a>,
    /// How often it is passed.
    pub(in crate::voice::kokoro) turns: usize,
}

/// A layer of attention, and two products behind it.
pub(in crate::voice::kokoro) struct Turn<'a> {
    pub(in crate::voice::kokoro) heads: usize,
    /// Queries, keys and values.
    pub(in crate::voice::kokoro) attended: [Quantised<'a>; 3],
    pub(in crate::voice::kokoro) onward: Quantised<'a>,
    pub(in crate::voice::kokoro) normal: Normal,
    pub(in crate::voice::kokoro) wide: Quantised<'a>,
    /// What is added to the wide product before it is bent.
    pub(in crate::voice::kokoro) bias: Vec<f32>,
    pub(in crate::voice::kokoro) narrow: Quantised<'a>,
    pub(in crate::voice::kokoro) normal_after: Normal,
}

/// The network that makes a value, `[1, ids, channels]`.
pub(super) fn read<'a>(walk: &Walk<'a>, value: &'a str) -> Read<Albert<'a>> {
    const STRANGE: Reason = "what makes the words' sense is not of the known kind";
    let (layer, mut value) = turn(walk, value).ok_or(STRANGE)?;
    let mut turns = 1;
    while let Some((found, before)) = turn(walk, value) {
        if !found.is(&layer) || turns > 64 {
            return Err("what makes the words' sense is not one layer that is passed several times");
        }
        turns += 1;
        value = before;
    }
    let (first, value) = walk.quantised(value, "MatMulInteger").ok_or(STRANGE)?;
    let (normal, value) = walk.normal(value).ok_or(STRANGE)?;
    let (table, places) = embedded(walk, value).ok_or(STRANGE)?;
    let albert = Albert { table, places, normal, first, turn: layer, turns };
    albert.fits().map(|()| albert).ok_or("the layers that make the words' sense do not fit each other")
}

/// The tables whose rows for each id, and for each place, a value is the sum of.
fn embedded(walk: &Walk<'_>, value: &str) -> Option<(Vec<f32>, Vec<f32>)> {
    let [sum, place] = walk.made_by(value, "Add")? else { return None };
    let [id, kind] = walk.made_by(sum, "Add")? else { return None };
    let (table, width, ids) = walk.table(id)?;
    let (kinds, of_kinds, all) = walk.table(kind)?;
    let (mut places, of_places, counted) = walk.table(place)?;
    let constant = |value: &str| walk.ints(walk.before(value, "Slice")?);
    let same = constant(walk.before(all, "Expand")?)?.iter().all(|kind| *kind == 0);
    let in_order = constant(counted)?.iter().enumerate().all(|(at, place)| at as i64 == *place);
    for row in places.chunks_exact_mut(width) {
        row.iter_mut().zip(&kinds).for_each(|(place, kind)| *place += kind);
    }
    let fits = ids == "tokens" && same && in_order && [of_kinds, of_places] == [width; 2];
    fits.then_some((table, places))
}

/// The turn that makes a value, and what it reads.
fn turn<'a>(walk: &Walk<'a>, value: &str) -> Option<(Turn<'a>, &'a str)> {
    let (normal_after, [made, middle]) = walk.normal_of_sum(value)?;
    let (narrow, bent) = walk.quantised(made, "MatMulInteger")?;
    let [product, bias] = walk.made_by(bent, "FastGelu")? else { return None };
    let (wide, same) = walk.quantised(product, "MatMulInteger")?;
    let (normal, sum) = walk.normal(middle)?;
    let [a, b] = walk.made_by(sum, "Add")? else { return None };
    let of_heads = |value: &'a str| {
        walk.quantised(value, "MatMulInteger").filter(|(_, read)| walk.made_by(read, "Reshape").is_some())
    };
    let ((onward, weighed), before) = match (of_heads(a), of_heads(b)) {
        (Some(found), None) => (found, b.as_str()),
        (None, Some(found)) => (found, a.as_str()),
        _ => return None,
    };
    let (heads, attended, read) = attention(walk, weighed)?;
    let bias = walk.floats(bias)?;
    let turn = Turn { heads, attended, onward, normal, wide, bias, narrow, normal_after };
    (same == middle && read == before).then_some((turn, before))
}

/// The attention that makes a value: its heads, what makes queries, keys and values, and what that
/// reads.
fn attention<'a>(walk: &Walk<'a>, value: &'a str) -> Option<(usize, [Quantised<'a>; 3], &'a str)> {
    let turned = walk.before(value, "Reshape").filter(|turned| walk.list(turned, "perm") == Some(&[0, 2, 1, 3]))?;
    let [shares, values] = walk.made_by(walk.before(turned, "Transpose")?, "MatMul")? else { return None };
    let scores = walk.before(shares, "Softmax").filter(|_| walk.int(shares, "axis") == Some(-1))?;
    let (mask, scores) = walk.parted(scores, "Add", |name| walk.made_by(name, "Where").is_some())?;
    let [queries, keys] = walk.made_by(scores, "MatMul")? else { return None };
    let scaled = |value: &str| walk.parted(value, "Mul", |name| walk.made_by(name, "Sqrt").is_some());
    let ((scale, queries), (same, keys)) = (scaled(queries)?, scaled(keys)?);
    // Both are multiplied by the fourth root of 1 over the width of a head.
    let [one, root] = walk.made_by(walk.before(scale, "Sqrt")?, "Div")? else { return None };
    let (heads, query) = walk.heads(queries, &[0, 2, 1, 3])?;
    let (of_keys, key) = walk.heads(keys, &[0, 2, 3, 1])?;
    let (of_values, value) = walk.heads(values, &[0, 2, 1, 3])?;
    let [(query, from), (key, from_key), (value, from_value)] = [
        walk.quantised(query, "MatMulInteger")?,
        walk.quantised(key, "MatMulInteger")?,
        walk.quantised(value, "MatMulInteger")?,
    ];
    let fits = same == scale
        && walk.number(one) == Some(1.0)
        && walk.made_by(root, "Sqrt").is_some()
        && masks_nothing(walk, mask) == Some(true)
        && [of_keys, of_values] == [heads; 2]
        && [from_key, from_value] == [from; 2];
    fits.then_some((heads, [query, key, value], from))
}

/// Whether a mask, which is added where 1 less something is not 0, is made of ones.
fn masks_nothing(walk: &Walk<'_>, mask: &str) -> Option<bool> {
    let [hidden, _, less] = walk.made_by(mask, "Where")? else { return None };
    let [one, seen] = walk.made_by(less, "Sub")? else { return None };
    let seen = walk.through(seen, &["Expand", "Unsqueeze"]).filter(|_| walk.before(hidden, "Cast") == Some(less))?;
    let ones = walk.made_by(seen, "ConstantOfShape").and_then(|_| walk.fills_with(seen));
    Some(walk.number(one) == Some(1.0) && ones == Some(1.0))
}

impl Albert<'_> {
    /// Channels of what it makes.
    pub(in crate::voice::kokoro) fn width(&self) -> usize {
        self.turn.normal.gain.len()
    }

    fn fits(&self) -> Option<()> {
        let (embedded, width, turn) = (self.normal.gain.len(), self.width(), &self.turn);
        let [inputs, hidden] = turn.wide.sizes()?[..] else { return None };
        let is = |product: &Quantised<'_>, sizes: [usize; 2]| product.sizes().is_some_and(|all| all == sizes);
        let rows = |table: &[f32]| !table.is_empty() && table.len().is_multiple_of(embedded);
        let fits = rows(&self.table)
            && rows(&self.places)
            && is(&self.first, [embedded, width])
            && turn.attended.iter().chain([&turn.onward]).all(|product| is(product, [width; 2]))
            && (inputs, turn.bias.len()) == (width, hidden)
            && is(&turn.narrow, [hidden, width])
            && turn.normal_after.gain.len() == width
            && turn.heads > 0
            && width.is_multiple_of(turn.heads);
        fits.then_some(())
    }
}

impl Turn<'_> {
    /// Whether both are the same layer.
    fn is(&self, other: &Turn<'_>) -> bool {
        let same = |a: &[&Quantised<'_>], b: &[&Quantised<'_>]| a.iter().zip(b).all(|(a, b)| a.shares(b));
        let [q, k, v] = &self.attended;
        let [other_q, other_k, other_v] = &other.attended;
        let ours = [q, k, v, &self.onward, &self.wide, &self.narrow];
        let theirs = [other_q, other_k, other_v, &other.onward, &other.wide, &other.narrow];
        self.heads == other.heads
            && same(&ours, &theirs)
            && self.bias == other.bias
            && self.normal == other.normal
            && self.normal_after == other.normal_after
    }
}
