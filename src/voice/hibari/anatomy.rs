//! In: the graph of a hibari voice. Out: its layers, with their numbers, or why they are not understood. Packs nothing and
//! runs nothing.
//!
//! Nodes are found by what they do and how they hang together, from the outputs backwards; names of nodes and weights are
//! not looked at. Products are read whether their weights are whole numbers or floats.

use super::reader::{Block, Linear, Reader, TURNED};
use crate::voice::graph::{Convolution, Graph, Normal, Walk};
use crate::voice::layers::Reason;

/// The spectra of a frame, as the outputs are called.
const SPECTRA: [&str; 5] = ["lh", "theta", "ln", "lr", "phi"];

/// The layers of a voice.
pub(super) struct Anatomy<'a> {
    /// What the spectra are made of, for each id.
    pub(super) text: Encoder,
    /// What pitch, level and durations are made of, for each id.
    pub(super) melody: Encoder,
    pub(super) durations: Durations<'a>,
    pub(super) prosody: Prosody<'a>,
    pub(super) decoder: Decoder<'a>,
}

/// A text encoder: a row of a table for each id, convolutions with their neighbours, attention, a normalisation.
pub(super) struct Encoder {
    /// A row of `width` numbers for each id.
    pub(super) table: Vec<f32>,
    pub(super) width: usize,
    pub(super) blocks: Vec<Block>,
    /// Layers of attention, and how often each is passed, one time after another.
    pub(super) layers: Vec<(Attentive, usize)>,
    pub(super) norm: Normal,
}

/// A layer of attention, and two products behind it.
#[derive(PartialEq)]
pub(super) struct Attentive {
    pub(super) heads: usize,
    pub(super) norm: Normal,
    /// Queries, keys and values, one behind the other.
    pub(super) attended: Linear,
    pub(super) onward: Linear,
    pub(super) norm_after: Normal,
    pub(super) wide: Linear,
    pub(super) narrow: Linear,
}

/// Makes the logarithm of 1 and the units of each id: a convolution, a bend, another.
pub(super) struct Durations<'a> {
    pub(super) first: Convolution<'a>,
    pub(super) last: Convolution<'a>,
}

/// Makes pitch and level of each half of a unit.
pub(super) struct Prosody<'a> {
    pub(super) first: Convolution<'a>,
    pub(super) blocks: Vec<Block>,
    /// Its four outputs are the pitch of both halves and the level of both.
    pub(super) last: Convolution<'a>,
    /// What the outputs are multiplied by: pitch, in Hz, and level.
    pub(super) scales: [f32; 2],
    /// What the logarithm of 1 and the pitch, and the level, are divided by for the decoder.
    pub(super) divisors: [f32; 2],
}

/// Makes the spectra of each frame, of its text, its pitch and its level.
pub(super) struct Decoder<'a> {
    pub(super) first: Convolution<'a>,
    pub(super) blocks: Vec<Block>,
    pub(super) norm: Normal,
    /// Its outputs are the five spectra, one after another.
    pub(super) last: Linear,
}

/// Reads all layers; `durations` is the value that says how many units each id takes.
pub(super) fn read<'a>(walk: &Walk<'a>, durations: &'a str) -> Result<Anatomy<'a>, Reason> {
    let read = Reader { walk };
    let (decoder, inputs) = read.decoder().ok_or("the decoder is not of the known kind")?;
    let [text, pitch, level] = inputs;
    let (prosody, melody, units) = read.prosody(pitch, level).ok_or("the prosody is not of the known kind")?;
    let strange = "the frames of the text are not of the known kind";
    let gathered = walk.through(text, &["Reshape", "Tile", "Unsqueeze"]).ok_or(strange)?;
    let (text, _) = read.gathered(gathered).filter(|(_, same)| *same == units).ok_or(strange)?;
    let (durations, of) = read.durations(durations).ok_or("the durations are not of the known kind")?;
    if of != melody {
        return Err("durations and prosody are not made of the same");
    }
    let anatomy = Anatomy {
        text: read.encoder(text).ok_or("the text encoder is not of the known kind")?,
        melody: read.encoder(melody).ok_or("the melody's encoder is not of the known kind")?,
        durations,
        prosody,
        decoder,
    };
    anatomy.fits().then_some(anatomy).ok_or("its layers do not fit together")
}

/// The name of the value that says how many units each id takes.
pub(super) fn durations(graph: &Graph) -> crate::error::Result<String> {
    graph.only_output("Round")?;
    graph.only_output("Clip")
}

impl Anatomy<'_> {
    fn fits(&self) -> bool {
        let Anatomy { text, melody, durations, prosody, decoder } = self;
        let stack = |blocks: &[Block], width: usize| blocks.iter().all(|block| block.fits(width));
        let encoder = |encoder: &Encoder| {
            let layer = |(layer, _): &(Attentive, usize)| layer.fits(encoder.width);
            stack(&encoder.blocks, encoder.width)
                && encoder.layers.iter().all(layer)
                && encoder.norm.gain.len() == encoder.width
        };
        let [middle, of_melody, one] = prosody.first.sizes;
        let [hidden, read, _] = durations.first.sizes;
        let [width, joined, _] = decoder.first.sizes;
        encoder(text)
            && encoder(melody)
            && ([of_melody, one], [read, durations.first.dilation]) == ([melody.width, 1], [melody.width, 1])
            && durations.last.sizes == [1, hidden, 1]
            && stack(&prosody.blocks, middle)
            && prosody.last.sizes == [4, middle, 1]
            && joined == text.width + 2
            && stack(&decoder.blocks, width)
            && decoder.norm.gain.len() == width
            && decoder.last.sizes[0] == width
            && decoder.last.sizes[1].is_multiple_of(SPECTRA.len())
            && [durations.first, decoder.first].iter().all(Convolution::keeps_length)
    }
}

impl Attentive {
    fn fits(&self, width: usize) -> bool {
        self.heads > 0
            && width.is_multiple_of(self.heads)
            && self.attended.sizes == [width, 3 * width]
            && self.onward.sizes == [width; 2]
            && self.wide.sizes[0] == width
            && self.narrow.sizes == [self.wide.sizes[1], width]
            && [&self.norm, &self.norm_after].iter().all(|norm| norm.gain.len() == width)
    }
}

impl<'a> Reader<'_, 'a> {
    /// The decoder, and the three values that it reads: text, pitch and level.
    fn decoder(&self) -> Option<(Decoder<'a>, [&'a str; 3])> {
        let walk = self.walk;
        let split = walk.maker(SPECTRA[0]).filter(|node| node.output == SPECTRA)?;
        let sizes = split.input.get(1).and_then(|name| walk.ints(name));
        let even = sizes.is_none_or(|sizes| sizes.iter().all(|size| *size == sizes[0]));
        let spectra = self.transposed(split.input.first()?).filter(|_| even && walk.int("lh", "axis") == Some(1))?;
        let (last, normal) = self.linear(spectra)?;
        let (norm, turned) = walk.normal(normal)?;
        let (blocks, value) = self.blocks(self.transposed(turned)?);
        let (first, joined) = walk.convolution(value, "Conv")?;
        let [text, pitch, level] = walk.made_by(joined, "Concat")? else { return None };
        Some((Decoder { first, blocks, norm, last }, [text, pitch, level]))
    }

    /// The prosody that makes pitch and level as the decoder reads them; the value of the melody for each id, and that of
    /// the id of each unit.
    fn prosody(&self, pitch: &'a str, level: &'a str) -> Option<(Prosody<'a>, &'a str, &'a str)> {
        let walk = self.walk;
        let (of_pitch, log) = self.scaled(pitch, "Div")?;
        let above = walk.before(walk.before(log, "Unsqueeze")?, "Log")?;
        let (one, above) = walk.parted(above, "Add", |name| walk.is_constant(name))?;
        let f0 = walk.before(above, "Relu").filter(|f0| *f0 == "f0" && walk.number(one) == Some(1.0))?;
        let (of_level, raised) = self.scaled(level, "Div")?;
        let (pitch_scale, first) = self.scaled(f0, "Mul")?;
        let (level_scale, second) = self.scaled(walk.before(raised, "Unsqueeze")?, "Mul")?;
        let which = |value: &str, at: i64| {
            let [halves, number] = walk.made_by(value, "Gather")? else { return None };
            (walk.ints(number)? == [at] && walk.int(value, "axis") == Some(1)).then_some(halves.as_str())
        };
        let halves = which(first, 0).filter(|halves| which(second, 1) == Some(halves))?;
        // [1, 4, units] to [1, 2, 2, units] to [1, 2, units, 2] to [1, 2, 2 units].
        let turned = walk.before(halves, "Reshape")?;
        let made = walk.through(turned, &["Transpose", "Reshape"])?;
        let (last, value) =
            walk.convolution(made, "Conv").filter(|_| walk.list(turned, "perm") == Some(&[0, 1, 3, 2]))?;
        let (blocks, value) = self.blocks(value);
        let (conv, gathered) = walk.convolution(value, "Conv")?;
        let (melody, units) = self.gathered(gathered)?;
        let (scales, divisors) = ([pitch_scale, level_scale], [of_pitch, of_level]);
        Some((Prosody { first: conv, blocks, last, scales, divisors }, melody, units))
    }

    /// Of what a value has a moment for each unit, and the value of the numbers of these.
    fn gathered(&self, value: &str) -> Option<(&'a str, &'a str)> {
        let [of, numbers] = self.walk.made_by(value, "Gather")? else { return None };
        (self.walk.int(value, "axis") == Some(2)).then_some((of, numbers))
    }

    /// The durations, and the value that they are made of.
    fn durations(&self, clipped: &'a str) -> Option<(Durations<'a>, &'a str)> {
        let walk = self.walk;
        let [off, speed] = walk.made_by(walk.through(clipped, &["Clip", "Round"])?, "Div")? else { return None };
        let [power, one] = walk.made_by(off, "Sub")? else { return None };
        let value = walk.before(power, "Exp").filter(|_| speed == "speed" && walk.number(one) == Some(1.0))?;
        let (last, bent) = walk.convolution(walk.through(value, &["Gather", "Gather"])?, "Conv")?;
        let (first, input) = walk.convolution(self.gelu(bent)?, "Conv")?;
        Some((Durations { first, last }, input))
    }

    /// The text encoder that makes a value.
    fn encoder(&self, value: &'a str) -> Option<Encoder> {
        let walk = self.walk;
        let (norm, mut value) = walk.normal(self.transposed(value)?)?;
        let mut layers: Vec<(Attentive, usize)> = Vec::new();
        while let Some((layer, before)) = self.attentive(value) {
            match layers.last_mut().filter(|(last, _)| *last == layer) {
                Some((_, times)) => *times += 1,
                None => layers.push((layer, 1)),
            }
            value = before;
        }
        layers.reverse();
        let (blocks, value) = self.blocks(self.transposed(value)?);
        let rows = self.transposed(value)?;
        let [table, ids] = walk.made_by(rows, "Gather")? else { return None };
        let [_, width] = walk.sizes(table)?[..] else { return None };
        let table = walk.floats(table).filter(|_| ids == "ids" && walk.int(rows, "axis").unwrap_or(0) == 0)?;
        Some(Encoder { table, width, blocks, layers, norm })
    }

    /// The layer of attention that makes a value, and what it reads.
    fn attentive(&self, value: &'a str) -> Option<(Attentive, &'a str)> {
        let walk = self.walk;
        let product = |value: &str| self.is_linear(value);
        let (made, middle) = walk.parted(value, "Add", product)?;
        let (narrow, bent) = self.linear(made)?;
        let (wide, normal) = self.linear(self.gelu(bent)?)?;
        let (norm_after, same) = walk.normal(normal)?;
        let (made, before) = walk.parted(middle, "Add", product).filter(|_| same == middle)?;
        let (onward, weighed) = self.linear(made)?;
        let (heads, attended) = self.attention(weighed)?;
        let (attended, normal) = self.linear(attended)?;
        let (norm, same) = walk.normal(normal)?;
        let layer = Attentive { heads, norm, attended, onward, norm_after, wide, narrow };
        (same == before).then_some((layer, before))
    }

    /// The attention that makes a value: its heads, and the value of queries, keys and values.
    fn attention(&self, value: &'a str) -> Option<(usize, &'a str)> {
        let walk = self.walk;
        let [shares, values] = walk.made_by(walk.through(value, &["Reshape", "Transpose"])?, "MatMul")? else {
            return None;
        };
        let scores = walk.before(shares, "Softmax").filter(|_| walk.int(shares, "axis") == Some(-1))?;
        let [scores, root] = walk.made_by(scores, "Div")? else { return None };
        let [_, half] = walk.made_by(root, "Pow")? else { return None };
        let [queries, keys] = walk.made_by(scores, "MatMul")? else { return None };
        let (heads, query) = walk.heads(queries, &[0, 2, 1, 3])?;
        let (of_keys, key) = walk.heads(keys, &[0, 2, 3, 1])?;
        let (of_values, value) = walk.heads(values, &[0, 2, 1, 3])?;
        let parts = [query, key, value].map(|part| walk.made_by(part, "Slice"));
        let [Some([all, from, to, ..]), Some([same, second, until, ..]), Some([again, third, ..])] = parts else {
            return None;
        };
        let thirds = walk.ints(from)? == [0] && second == to && third == until && (same, again) == (all, all);
        let fits = thirds && walk.number(half) == Some(0.5) && [of_keys, of_values] == [heads; 2];
        fits.then_some((heads, all.as_str()))
    }

    /// What a value is made of by a transposition of its moments and channels.
    fn transposed(&self, value: &str) -> Option<&'a str> {
        self.walk.before(value, "Transpose").filter(|_| self.walk.list(value, "perm") == Some(TURNED))
    }
}
