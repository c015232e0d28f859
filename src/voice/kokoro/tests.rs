//! Tests of our own layers against rten, which runs the same network with the floats that its bytes
//! stand for.

use super::*;
use crate::kernels::lanes::Machine;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::store::Store;

/// "La mer" for Kokoro, and the frames it gives to it, one at each end.
const IDS: [i32; 10] = [0, 54, 43, 16, 55, 156, 86, 128, 4, 0];
const FRAMES: [u32; 10] = [1, 2, 3, 1, 3, 4, 5, 6, 2, 1];

/// The model and a style of the catalogue, installed where the tests of the whole program install
/// theirs.
fn siwis() -> (Vec<u8>, Style) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tmp/voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").unwrap_or_else(|| folder.into());
    let catalog = Catalog::built_in().expect("the catalogue");
    let entry = catalog.find("ff_siwis").expect("it is of the catalogue");
    let files = Store::open(folder.into(), false).ensure(entry, &Unwatched).expect("installed");
    let style = std::fs::read(files.style.expect("a style")).expect("read");
    (std::fs::read(files.model).expect("a model"), Style::parse(&style).expect("a style"))
}

/// The network in floats. Where the source's spectrum is 0 it has no phase (it divides 0 by 0), so
/// it is given ours.
struct Twin {
    kokoro: Kokoro,
    own: Own,
    spectrum: NodeId,
    style: Style,
}

impl Twin {
    fn load() -> Twin {
        let (bytes, style) = siwis();
        let mut graph = Graph::read(&bytes).expect("a graph");
        let own = own_layers(&graph, 600).expect("walked").expect("understood");
        let spectrum = anatomy::read(&graph.walk().expect("a way"), SOUND).expect("understood").spectrum.to_owned();
        assert_eq!(graph.unquantise(), 235);
        let kokoro = Kokoro::load_with(graph, 24_000, |_, _| Ok(Err("it is the twin"))).expect("loaded");
        Twin { spectrum: kokoro.network.value(&spectrum).expect("it is there"), kokoro, own, style }
    }

    fn value(&self, name: &str) -> NodeId {
        self.kokoro.network.value(name).expect("it is there")
    }

    /// Features, pitch, and its own spectrum of that.
    fn values(&self) -> [Vec<f32>; 3] {
        let nodes = [self.value(&self.own.features), self.value(&self.own.pitch), self.spectrum];
        let inputs = self.kokoro.planned(&IDS, &FRAMES, &self.style).expect("inputs");
        self.kokoro.network.run(inputs, nodes).expect("run").map(|value| elements(value).expect("floats"))
    }

    /// Samples of features and a spectrum.
    fn samples(&self, features: &[f32], spectrum: &[f32]) -> Vec<f32> {
        let mut given = self.kokoro.planned(&IDS, &FRAMES, &self.style).expect("inputs");
        for (node, channels, values) in [(self.value(&self.own.features), 512, features), (self.spectrum, 22, spectrum)]
        {
            let value = floats(&[1, channels, values.len() / channels], values.to_vec());
            given.push((node, value.expect("a tensor").into()));
        }
        let [samples] = self.kokoro.network.run(given, [self.value(SOUND)]).expect("run");
        elements(samples).expect("floats")
    }
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    if a.iter().chain(b).all(|x| x.is_finite()) { worst } else { f32::INFINITY }
}

#[test]
fn the_source_and_the_generator_are_those_of_the_network_in_floats() {
    let mut twin = Twin::load();
    let [features, pitch, spectrum] = twin.values();
    let row = twin.style.row(IDS.len() - 2).expect("a row");
    let (magnitudes, phases) = spectrum.split_at(spectrum.len() / 2);
    for machine in Machine::all() {
        twin.own.generator.compute_with(machine);
        let ours = twin.own.generator.spectrum(&pitch);
        let (own_magnitudes, own_phases) = ours.split_at(ours.len() / 2);
        // The network sums phases in f32 and multiplies the sum by the samples of a point.
        let off = worst(own_magnitudes, magnitudes);
        assert!(off < 1e-2, "{}: magnitudes are off by {off}", machine.name());
        for ((magnitude, phase), own) in magnitudes.iter().zip(phases).zip(own_phases) {
            let turn = (phase - own).abs();
            let turn = turn.min((std::f32::consts::TAU - turn).abs());
            assert!(*magnitude < 1e-2 || turn < 0.1, "{magnitude} has the phase {phase}, here {own}");
        }
    }
    let points = pitch.len();
    twin.own.generator.compute_with(Machine::best());
    let whole = Input { features: &features, pitch: &pitch, style: &row[..STYLE_WIDTH / 2] };
    let before = twin.own.generator.speak(&whole).expect("spoken");
    // All of it, an odd number of points, and a few, for the plain lanes take long.
    for (range, plain) in [(0..points, false), (9..40, false), (20..25, true)] {
        let all = features.chunks_exact(points).flat_map(|channel| &channel[range.clone()]);
        let (features, pitch): (Vec<f32>, &[f32]) = (all.copied().collect(), &pitch[range]);
        let wanted = twin.samples(&features, &twin.own.generator.spectrum(pitch));
        let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(loudest > 0.02, "{} points: samples up to {loudest} test nothing", pitch.len());
        let input = Input { features: &features, pitch, style: &row[..STYLE_WIDTH / 2] };
        for machine in Machine::all() {
            if plain || machine.name() != Machine::Plain.name() {
                twin.own.generator.compute_with(machine);
                let off = worst(&twin.own.generator.speak(&input).expect("spoken"), &wanted);
                assert!(off < 2e-4, "{} points, {}: off by {off} of {loudest}", pitch.len(), machine.name());
            }
        }
    }
    // What a worker did before leaves nothing in its memory that is heard.
    twin.own.generator.compute_with(Machine::best());
    assert!(twin.own.generator.speak(&whole).expect("spoken") == before);
    for (points, style) in [(1, 128), (2, 127)] {
        let input = Input { features: &features[..512], pitch: &pitch[..points], style: &row[..style] };
        assert!(twin.own.generator.speak(&input).is_none_or(|_| (points, style) == (1, 128)));
    }
}

#[test]
fn a_graph_that_is_not_understood_is_left_to_rten_with_the_reason() {
    let (bytes, _) = siwis();
    for (from, to, reason) in [
        (&b"Atan"[..], &b"Acos"[..], "its source is not of the known kind"),
        (b"ScatterND", b"Transpose", "the inverse transform at its end is not of the known kind"),
        (b"ReduceMean", b"ReduceProd", "a block of the generator is not of the known kind"),
    ] {
        let mut bytes = bytes.clone();
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + from.len()].copy_from_slice(to);
            }
        }
        assert!(path_of(&bytes).is_ok_and(|path| path.contains(reason)), "{reason}");
    }
}

#[test]
fn speech_in_haste_is_generated_of_points_that_were_made_at_leisure() {
    let (bytes, style) = siwis();
    let kokoro = Kokoro::load(bytes, 24_000).expect("loaded");
    let own = kokoro.predict(&IDS, &style).expect("predicted");
    let asked: Vec<u32> = own.iter().map(|frames| frames.div_ceil(2)).collect();
    let Sound::Own { generator, features, pitch } = &kokoro.sound else { panic!("it is rten's") };
    let inputs = kokoro.planned(&IDS, &own, &style).expect("inputs");
    let [features, pitch] = kokoro.network.run(inputs, [*features, *pitch]).expect("run");
    let [features, pitch] = [features, pitch].map(|value| elements(value).expect("floats"));
    // Of an id with one frame all points are heard, of one with an even number every other.
    let (mut heard, mut at) = (Vec::new(), 0);
    for (own, asked) in own.iter().zip(&asked) {
        let (made, wanted) = (own * POINTS, asked * POINTS);
        heard.extend((0..wanted).map(|point| (at + (2 * point + 1) * own / (2 * asked)) as usize));
        at += made;
    }
    let points = pitch.len();
    assert!(at as usize == points && heard.len() < points * 3 / 4, "{own:?} are too few to be hurried");
    let channels = features.chunks_exact(points);
    let chosen: Vec<f32> = channels.flat_map(|channel| heard.iter().map(|point| channel[*point])).collect();
    let pitch: Vec<f32> = heard.iter().map(|point| pitch[*point]).collect();
    let row = style.row(IDS.len() - 2).expect("a row");
    let input = Input { features: &chosen, pitch: &pitch, style: &row[..STYLE_WIDTH / 2] };
    let wanted = generator.speak(&input).expect("spoken");
    assert!(kokoro.speak(&IDS, &asked, &style).expect("spoken") == wanted);
    // It is another voice object that does not know what was predicted before.
    let (_, style) = siwis();
    assert!(kokoro.speak(&IDS, &asked, &style).expect("spoken") == wanted);
    let heard = kokoro.heard(&IDS, &asked, &style).expect("told").expect("there is sound");
    assert!(heard.start < heard.end && heard.end <= wanted.len() as u64);
}
