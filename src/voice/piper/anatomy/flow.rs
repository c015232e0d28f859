//! In: the value that a coupling of the flow makes. Out: its layers, and what it reads. Knows no other part of a voice.

use super::{Coupling, Gated, Read, Reason, masked};
use crate::voice::graph::{Convolution, Walk};

/// Reads couplings, with one mask for all.
pub(super) struct Reader<'w, 'a> {
    pub(super) walk: &'w Walk<'a>,
    pub(super) mask: &'a str,
}

/// A coupling, the value it reads, and the speaker's features.
pub(super) type Found<'a> = (Coupling<'a>, &'a str, Option<&'a str>);

impl<'a> Reader<'_, 'a> {
    /// What is multiplied by the mask.
    fn unmasked(&self, value: &str) -> Option<&'a str> {
        masked(self.walk, value).filter(|(mask, _)| *mask == self.mask).map(|(_, value)| value)
    }

    pub(super) fn coupling(&self, value: &str) -> Read<Found<'a>> {
        const STRANGE: Reason = "a coupling of the flow is not of the known kind";
        let walk = self.walk;
        let Some([kept, changed]) = walk.made_by(value, "Concat") else { return Err(STRANGE) };
        let split = walk.maker(kept).filter(|node| node.op_type.as_deref() == Some("Split")).ok_or(STRANGE)?;
        let [first, second] = split.output.as_slice() else { return Err(STRANGE) };
        let changed = self.unmasked(changed).ok_or(STRANGE)?;
        // Times e to the power of minus zero, where the export kept it.
        let changed = match walk.made_by(changed, "Mul") {
            Some([inner, one]) => {
                let zeros = walk.before(one, "Exp").and_then(|value| walk.before(value, "Neg"));
                zeros.filter(|value| self.zeros(value)).map(|_| inner.as_str()).ok_or(STRANGE)?
            }
            _ => changed,
        };
        let Some([from, taken]) = walk.made_by(changed, "Sub") else { return Err(STRANGE) };
        let after = self.unmasked(taken).and_then(|value| walk.convolution(value, "Conv"));
        let (after, skipped) = after.ok_or(STRANGE)?;
        let skipped = self.unmasked(skipped).ok_or(STRANGE)?;
        let (before, layers, features) = self.layers(skipped)?;
        let (read, conv) = before;
        let halves = walk.int(value, "axis") == Some(1) && kept == first && from == second && read == first;
        let fit = conv.sizes[1] == after.sizes[0] && conv.sizes[0] == after.sizes[1];
        let plain = [conv, after].iter().all(|conv| conv.keeps_length() && conv.sizes[2] == 1);
        if !(halves && fit && plain && self.splits_in_half(split, conv.sizes[1])) {
            return Err(STRANGE);
        }
        let inner = split.input.first().ok_or(STRANGE)?;
        Ok((Coupling { before: conv, layers, after }, inner, features))
    }

    fn splits_in_half(&self, split: &rten_onnx::onnx::NodeProto, half: usize) -> bool {
        let sizes = split.input.get(1).and_then(|name| self.walk.ints(name));
        let axis = split.attribute.iter().find(|a| a.name.as_deref() == Some("axis")).and_then(|a| a.i);
        axis == Some(1) && sizes.is_none_or(|sizes| sizes == [half as i64; 2])
    }

    /// Whether a value is all zeros.
    fn zeros(&self, value: &str) -> bool {
        self.walk.made_by(value, "ConstantOfShape").is_some() && self.walk.fills_with(value) == Some(0.0)
    }

    /// The part of a value from channel to channel.
    fn part(&self, value: &str, (from, to): (usize, usize)) -> Option<&'a str> {
        let inputs = self.walk.made_by(value, "Slice")?;
        let ints = |i: usize| inputs.get(i).and_then(|name: &String| self.walk.ints(name));
        let one = inputs.get(4).is_none_or(|steps| self.walk.ints(steps).is_some_and(|steps| steps == [1]));
        let there = ints(1)? == [from as i64] && ints(3)? == [1] && one;
        (there && *ints(2)?.first()? >= to as i64).then(|| inputs[0].as_str())
    }

    /// The layers whose sum `skipped` is: what the first reads and through which convolution, all of them, and the
    /// speaker's features.
    #[allow(clippy::type_complexity, reason = "it is taken apart where it is made")]
    fn layers(&self, skipped: &str) -> Read<((&'a str, Convolution<'a>), Vec<Gated<'a>>, Option<&'a str>)> {
        const STRANGE: Reason = "the layers of a coupling are not gated ones of the known kind";
        let walk = self.walk;
        let mut ends = Vec::new();
        let mut value = skipped;
        // The sum begins with zeros: zeros + first + second + ... + last.
        while !self.zeros(value) {
            let Some([rest, part]) = walk.made_by(value, "Add") else { return Err(STRANGE) };
            ends.push(part.as_str());
            value = rest;
            if ends.len() > 64 {
                return Err(STRANGE);
            }
        }
        ends.reverse();
        let mut layers: Vec<Gated<'a>> = Vec::new();
        let mut features = None;
        let mut begin: Option<(&str, Convolution<'_>)> = None;
        let mut previous = "";
        for (number, end) in ends.iter().enumerate() {
            let last = number + 1 == ends.len();
            let onward = match last {
                true => Some(*end),
                false => self.skipped_of(end),
            };
            let (onward, gated) = onward.and_then(|value| walk.convolution(value, "Conv")).ok_or(STRANGE)?;
            let width = onward.sizes[1];
            let (gate, input, speaker) = self.gate(gated, width).ok_or(STRANGE)?;
            match begin {
                None => begin = Some(self.first(input).ok_or(STRANGE)?),
                Some(_) => {
                    let before = layers.last().map(|layer| layer.onward).ok_or(STRANGE)?;
                    let follows = self.follows(input, previous, &before, width);
                    follows.then_some(()).ok_or(STRANGE)?;
                }
            }
            let fit = begin.is_some_and(|(_, conv)| conv.sizes[0] == width)
                && gate.sizes[..2] == [2 * width, width]
                && onward.sizes == [if last { width } else { 2 * width }, width, 1]
                && gate.keeps_length()
                && onward.keeps_length();
            fit.then_some(()).ok_or(STRANGE)?;
            previous = input;
            let mut offset = None;
            if let Some((conv, from, value)) = speaker {
                if number > 0 && features != Some(value) {
                    return Err(STRANGE);
                }
                (features, offset) = (Some(value), Some((conv, from)));
            } else if features.is_some() {
                return Err(STRANGE);
            }
            layers.push(Gated { gate, speaker: offset, onward });
        }
        Ok((begin.ok_or(STRANGE)?, layers, features))
    }

    /// What the second half of is skipped to the end.
    fn skipped_of(&self, value: &str) -> Option<&'a str> {
        let inner = self.walk.before(value, "Slice")?;
        let width = self.walk.convolution(inner, "Conv")?.0.sizes[0] / 2;
        self.part(value, (width, 2 * width))
    }

    /// What the first layer reads: a part of the channels, through a convolution.
    fn first(&self, input: &str) -> Option<(&'a str, Convolution<'a>)> {
        self.walk.convolution(self.unmasked(input)?, "Conv").map(|(conv, read)| (read, conv))
    }

    /// Whether `input` is what the layer before read and the first half of what it made, added.
    fn follows(&self, input: &str, previous: &str, before: &Convolution<'_>, width: usize) -> bool {
        let sum = self.unmasked(input).and_then(|value| self.walk.made_by(value, "Add"));
        let Some([a, b]) = sum else { return false };
        let made = self.part(b, (0, width)).and_then(|value| self.walk.convolution(value, "Conv"));
        a == previous && made.is_some_and(|(conv, _)| conv.is(before))
    }

    /// The convolution whose halves are multiplied, tangent and logistic function, what it reads, and what the speaker
    /// adds: a convolution, from which of its outputs on, and the features it reads.
    #[allow(clippy::type_complexity, reason = "it is taken apart where it is made")]
    fn gate(
        &self,
        gated: &str,
        width: usize,
    ) -> Option<(Convolution<'a>, &'a str, Option<(Convolution<'a>, usize, &'a str)>)> {
        let walk = self.walk;
        let [tangent, logistic] = walk.made_by(gated, "Mul")? else { return None };
        let first = self.part(walk.before(tangent, "Tanh")?, (0, width))?;
        let second = self.part(walk.before(logistic, "Sigmoid")?, (width, 2 * width))?;
        let [sum, added] = walk.made_by(first, "Add").filter(|_| first == second)? else { return None };
        let (conv, input) = walk.convolution(sum, "Conv")?;
        if self.zeros(added) {
            return Some((conv, input, None));
        }
        let inputs = walk.made_by(added, "Slice")?;
        let from = usize::try_from(*walk.ints(inputs.get(1)?)?.first()?).ok()?;
        let whole = self.part(added, (from, from + 2 * width))?;
        let (of_speaker, features) = walk.convolution(whole, "Conv")?;
        let fits = of_speaker.sizes[2] == 1 && of_speaker.sizes[0] >= from + 2 * width && of_speaker.keeps_length();
        fits.then_some((conv, input, Some((of_speaker, from, features))))
    }
}
