//! In: the value of the durations. Out: the predictor that makes them, layer by layer; or why it is not understood. Knows
//! neither the text encoder nor sound.
//!
//! It is the stochastic duration predictor of VITS (Kim et al. 2021), run backwards: noise of two channels goes through
//! couplings, each of which bends one channel by a rational-quadratic spline (Durkan et al. 2019) made from the other.

use super::text::{Normal, Text, normal, plain};
use super::{Read, Reason, flipped, masked};
use crate::voice::graph::{Convolution, Walk};
use std::collections::BTreeMap;

const STRANGE: Reason = "the duration predictor is not of the known kind";

/// The layers of a duration predictor.
pub(in crate::voice::piper) struct Durations<'a> {
    pub(in crate::voice::piper) first: Convolution<'a>,
    /// What the speaker adds to the first.
    pub(in crate::voice::piper) speaker: Option<Convolution<'a>>,
    pub(in crate::voice::piper) layers: Vec<Separable<'a>>,
    pub(in crate::voice::piper) last: Convolution<'a>,
    /// In the order of computation; between two, and before the first and after the last, the channels change places.
    pub(in crate::voice::piper) splines: Vec<Spline<'a>>,
    /// The constants of what is taken from each channel at the end, and of what the rest is multiplied by.
    pub(in crate::voice::piper) affine: [&'a str; 2],
}

/// A layer: each channel by itself, then all together; what comes of it is added to what came in.
pub(in crate::voice::piper) struct Separable<'a> {
    pub(in crate::voice::piper) apart: Convolution<'a>,
    pub(in crate::voice::piper) norm: Normal<'a>,
    pub(in crate::voice::piper) together: Convolution<'a>,
    pub(in crate::voice::piper) norm_after: Normal<'a>,
}

/// A coupling: what makes the spline's numbers out of one channel.
pub(in crate::voice::piper) struct Spline<'a> {
    pub(in crate::voice::piper) first: Convolution<'a>,
    pub(in crate::voice::piper) layers: Vec<Separable<'a>>,
    pub(in crate::voice::piper) last: Convolution<'a>,
}

/// Reads the predictor that makes `durations` out of what the text encoder has made and of the speaker's `features`.
pub(in crate::voice::piper) fn read<'a>(
    walk: &Walk<'a>,
    durations: &str,
    (text, features): (&Text<'a>, Option<&str>),
) -> Read<Durations<'a>> {
    Reader { walk, text, features }.durations(durations).ok_or(STRANGE)
}

/// How many numbers a spline of ten bins takes: widths, heights, and slopes between them.
const KNOTS: usize = 29;

struct Reader<'w, 'a> {
    walk: &'w Walk<'a>,
    text: &'w Text<'a>,
    features: Option<&'w str>,
}

impl<'a> Reader<'_, 'a> {
    fn unmasked(&self, value: &str) -> Option<&'a str> {
        masked(self.walk, value).filter(|(mask, _)| *mask == self.text.mask).map(|(_, value)| value)
    }

    /// One of the three scales that a Piper voice takes.
    fn is_scale(&self, value: &str, number: i64) -> bool {
        let Some([scales, index]) = self.walk.made_by(value, "Gather") else { return false };
        scales == "scales" && self.walk.ints(index).is_some_and(|index| index == [number])
    }

    /// The first of the two channels that a value is taken apart into.
    fn halves(&self, first: &str) -> Option<(&'a str, &'a [String])> {
        let node = self.walk.maker(first).filter(|node| node.op_type.as_deref() == Some("Split"))?;
        let sizes = node.input.get(1).is_none_or(|name| self.walk.ints(name).is_some_and(|sizes| sizes == [1, 1]));
        (sizes && self.walk.int(first, "axis") == Some(1) && node.output.len() == 2)
            .then_some((node.input.first()?.as_str(), node.output.as_slice()))
    }

    fn durations(&self, durations: &str) -> Option<Durations<'a>> {
        let walk = self.walk;
        let (_, scaled) = walk.parted(walk.before(durations, "Ceil")?, "Mul", |value| self.is_scale(value, 1))?;
        let logarithm = walk.before(self.unmasked(scaled)?, "Exp")?;
        let (moved, _) = self.halves(logarithm).filter(|(_, halves)| halves[0] == logarithm)?;
        let constant = |name: &str| walk.is_constant(name);
        let (times, rest) = walk.parted(self.unmasked(moved)?, "Mul", constant)?;
        let [value, taken] = walk.made_by(rest, "Sub")? else { return None };
        let two = |name: &str| walk.sizes(name).is_some_and(|sizes| sizes == [2, 1]);
        let mut value = flipped(walk, value).filter(|_| two(taken) && two(times))?;
        let mut splines = Vec::new();
        let mut features = None;
        while let Some(inner) = self.unmasked(value) {
            let (spline, of, before) = self.spline(inner)?;
            if *features.get_or_insert(of) != of || splines.len() > 64 {
                return None;
            }
            splines.push(spline);
            value = flipped(walk, before)?;
        }
        splines.reverse();
        let drawn = |value: &str| walk.made_by(value, "RandomNormalLike").is_some();
        let scaled = walk.parted(value, "Mul", drawn).is_some_and(|(_, scale)| self.is_scale(scale, 2));
        let (last, made) = plain(walk, self.unmasked(features?)?)?;
        let (layers, begin) = self.layers(self.unmasked(made)?)?;
        let (begin, speaker) = self.with_speaker(begin)?;
        let (first, hidden) = plain(walk, begin).filter(|_| scaled)?;
        let width = self.text.last.sizes[1];
        let all = |layers: &[Separable<'_>], width| layers.iter().all(|layer| layer.fits(walk, width));
        let inner = first.sizes[0];
        let fits = hidden == self.text.hidden
            && first.sizes[1] == width
            && speaker.is_none_or(|conv| conv.sizes[0] == inner)
            && (last.sizes[..2] == [inner; 2] && all(&layers, inner))
            && splines.iter().all(|spline| {
                spline.first.sizes[..2] == [inner, 1] && spline.last.sizes[1] == inner && all(&spline.layers, inner)
            });
        fits.then_some(Durations { first, speaker, layers, last, splines, affine: [taken, times] })
    }

    /// What the first layers read, and what the speaker adds to it.
    fn with_speaker(&self, value: &'a str) -> Option<(&'a str, Option<Convolution<'a>>)> {
        let Some(features) = self.features else { return Some((value, None)) };
        let [value, added] = self.walk.made_by(value, "Add")? else { return None };
        let (conv, read) = plain(self.walk, added)?;
        (read == features).then_some((value.as_str(), Some(conv)))
    }

    /// Layers one behind the other, and what the first reads.
    fn layers(&self, value: &'a str) -> Option<(Vec<Separable<'a>>, &'a str)> {
        let walk = self.walk;
        let mut value = value;
        let mut layers = Vec::new();
        while let Some([before, bent]) = walk.made_by(value, "Add") {
            let Some((norm_after, made)) = self.bent(bent) else { break };
            let (together, inner) = plain(walk, made)?;
            let (norm, made) = self.bent(inner)?;
            let (apart, input) = walk.depthwise(made).filter(|(conv, _)| conv.keeps_length())?;
            if self.unmasked(input) != Some(before) || layers.len() > 64 {
                return None;
            }
            layers.push(Separable { apart, norm, together, norm_after });
            value = before;
        }
        layers.reverse();
        Some((layers, value))
    }

    /// A normalisation and the Gaussian error linear unit behind it; what is normalised.
    fn bent(&self, value: &str) -> Option<(Normal<'a>, &'a str)> {
        let walk = self.walk;
        let (half, product) = walk.parted(value, "Mul", |name| walk.is_constant(name))?;
        let [x, raised] = walk.made_by(product, "Mul")? else { return None };
        let (one, erf) = walk.parted(raised, "Add", |name| walk.is_constant(name))?;
        let [same, root] = walk.made_by(walk.before(erf, "Erf")?, "Div")? else { return None };
        let fits = walk.number(half)? == 0.5
            && walk.number(one)? == 1.0
            && (walk.number(root)? - std::f32::consts::SQRT_2).abs() < 1e-6
            && same == x;
        normal(walk, x).filter(|_| fits)
    }

    /// The coupling that makes a value, what it adds to its channel, and what it reads.
    fn spline(&self, value: &str) -> Option<(Spline<'a>, &'a str, &'a str)> {
        let walk = self.walk;
        let [kept, bent] = walk.made_by(value, "Concat")? else { return None };
        let (before, halves) = self.halves(kept).filter(|(_, halves)| &halves[0] == kept)?;
        let numbers = self.bends(bent, halves)?;
        let (last, made) = plain(walk, self.unmasked(numbers)?)?;
        let (layers, begin) = self.layers(self.unmasked(made)?)?;
        let [first, features] = walk.made_by(begin, "Add")? else { return None };
        let (first, read) = plain(walk, first)?;
        let fits = read == kept && last.sizes[0] == KNOTS && walk.int(value, "axis") == Some(1);
        fits.then_some((Spline { first, layers, last }, features, before))
    }

    /// The value of a spline's numbers, where `bent` is what a spline makes of the second of the `halves`. Its nodes, some two hundred of
    /// which most are about where which number stands, are told by how many there are of each kind and by all
    /// numbers that stand in them.
    fn bends(&self, bent: &'a str, halves: &[String]) -> Option<&'a str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut constants: Vec<f32> = Vec::new();
        let (mut numbers, mut reads) = (None, false);
        let mut open = vec![bent];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(value) = open.pop() {
            if !seen.insert(value) || seen.len() > 1000 {
                continue;
            }
            if halves.contains(&value.to_owned()) {
                reads |= value == halves[1];
            } else if let Some(given) = self.walk.floats(value) {
                constants.extend(given);
            } else if self.unmasked(value).is_some() {
                if numbers.replace(value).is_some() {
                    return None;
                }
            } else if let Some(node) = self.walk.maker(value) {
                *counts.entry(node.op_type.as_deref()?).or_default() += 1;
                constants.extend(self.walk.fills_with(value).filter(|fill| *fill != 0.0));
                open.extend(node.input.iter().map(String::as_str));
            }
        }
        constants.sort_by(f32::total_cmp);
        constants.dedup();
        let wanted = self.spline_constants();
        let alike = constants.len() == wanted.len() && constants.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-5);
        let counted = SPLINE_NODES.iter().all(|(op, count)| counts.get(op) == Some(count));
        numbers.filter(|_| alike && counted && reads)
    }

    /// All numbers in a spline, in order: its bounds, the least width, height and slope, the slope beyond the bounds
    /// (before it is bent), and what its formula holds.
    fn spline_constants(&self) -> [f32; 11] {
        let beyond = (0.999_f32.exp() - 1.0).ln();
        let root = (self.text.last.sizes[1] as f32).sqrt();
        [-5.0, 0.0, 1e-6, 1e-3, beyond, 1.0, 2.0, 4.0, 5.0, 10.0, root]
    }
}

/// How many nodes of each kind that computes a spline has.
const SPLINE_NODES: &[(&str, usize)] = &[
    ("Softmax", 2),
    ("CumSum", 2),
    ("Softplus", 1),
    ("Sqrt", 1),
    ("Pow", 1),
    ("Neg", 2),
    ("GatherElements", 7),
    ("Div", 4),
    ("GreaterOrEqual", 2),
    ("LessOrEqual", 1),
];

impl Separable<'_> {
    fn fits(&self, walk: &Walk<'_>, width: usize) -> bool {
        self.apart.sizes[0] == width
            && self.together.sizes[..2] == [width; 2]
            && [self.norm, self.norm_after].iter().all(|norm| norm.fits(walk, width))
    }
}
