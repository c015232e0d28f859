//! Tests of our own layers against rten, which runs the same network with the floats that its bytes
//! stand for.

use super::generator::Input;
use super::*;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::inference::{elements, floats};
use crate::voice::store::Store;
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::rows::Rows;
use rten::NodeId;

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
    let style = files.bytes(Role::Style).expect("a style");
    (files.bytes(Role::Model).expect("a model"), Style::parse(&style).expect("a style"))
}

/// The network in floats. Where the source's spectrum is 0 it has no phase (it divides 0 by 0), and
/// its phases are summed in f32, so it is given ours.
struct Twin {
    network: Whole,
    own: Own,
    /// The values of features, pitch and the source's spectrum.
    values: [NodeId; 3],
    sound: NodeId,
    style: Style,
}

impl Twin {
    fn load() -> Twin {
        let (bytes, style) = siwis();
        let mut graph = Graph::read(&bytes).expect("a graph");
        let durations = graph.only_output("Round").expect("durations");
        let own = own_layers(&graph, &durations, 600).expect("walked").expect("understood");
        let names = {
            let walk = graph.walk().expect("a way");
            let generator = anatomy::read(&walk, SOUND, &durations).expect("understood").generator;
            [generator.features, generator.source.pitch, generator.spectrum].map(str::to_owned)
        };
        assert_eq!(graph.unquantise(), 241);
        let network = Whole::load(graph, &durations).expect("loaded");
        let node = |name: &str| network.network().value(name).expect("it is there");
        Twin { values: names.each_ref().map(|name| node(name)), sound: node(SOUND), network, own, style }
    }

    fn row(&self, ids: &[i32]) -> &StyleRow {
        self.style.row(ids.len()).expect("a row")
    }

    /// Features, pitch, and its own spectrum of that.
    fn values(&self, ids: &[i32], frames: &[u32]) -> [Vec<f32>; 3] {
        let inputs = self.network.planned(ids, frames, self.row(ids)).expect("inputs");
        let values = self.network.network().run(inputs, self.values).expect("run");
        values.map(|value| elements(value).expect("floats"))
    }

    /// Samples with a spectrum of 22 channels in place of its own, and perhaps with other features.
    fn samples(&self, (ids, frames): (&[i32], &[u32]), features: Option<&[f32]>, spectrum: &[f32]) -> Vec<f32> {
        let mut given = self.network.planned(ids, frames, self.row(ids)).expect("inputs");
        for (node, channels, values) in [(0, 512, features), (2, 22, Some(spectrum))] {
            if let Some(values) = values {
                let value = floats(&[1, channels, values.len() / channels], values.to_vec());
                given.push((self.values[node], value.expect("a tensor").into()));
            }
        }
        let [samples] = self.network.network().run(given, [self.sound]).expect("run");
        elements(samples).expect("floats")
    }
}

/// Rows of numbers that stand channel by channel.
fn rows(values: &[f32], length: usize) -> Rows {
    let mut rows = Rows::default();
    rows.remake(values.len() / length / LANES, length);
    for (channel, values) in values.chunks_exact(length).enumerate() {
        for (row, value) in rows.plane_mut(channel / LANES).iter_mut().zip(values) {
            row.0[channel % LANES] = *value;
        }
    }
    rows
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    if a.iter().chain(b).all(|x| x.is_finite()) { worst } else { f32::INFINITY }
}

#[test]
fn the_source_and_the_generator_are_those_of_the_network_in_floats() {
    let mut twin = Twin::load();
    let [features, pitch, spectrum] = twin.values(&IDS, &FRAMES);
    let row = *twin.row(&IDS);
    let (magnitudes, phases) = spectrum.split_at(spectrum.len() / 2);
    for machine in Machine::all() {
        twin.own.compute_with(machine);
        let ours = twin.own.generator().spectrum(machine, &pitch);
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
    let (points, style) = (pitch.len(), &row[..STYLE_WIDTH / 2]);
    let speak = |machine: Machine, features: &[f32], pitch: &[f32]| {
        let features = rows(features, pitch.len());
        twin.own.generator().speak(machine, &Input { features: &features, pitch, style }, &mut |_, _| {})
    };
    let before = speak(Machine::best(), &features, &pitch);
    // All of it, an odd number of points, and a few, for the plain lanes take long.
    for (range, plain) in [(0..points, false), (9..40, false), (20..25, true)] {
        let all = features.chunks_exact(points).flat_map(|channel| &channel[range.clone()]);
        let (features, pitch): (Vec<f32>, &[f32]) = (all.copied().collect(), &pitch[range]);
        let spectrum = twin.own.generator().spectrum(Machine::best(), pitch);
        let wanted = twin.samples((&IDS, &FRAMES), Some(&features), &spectrum);
        let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(loudest > 0.02, "{} points: samples up to {loudest} test nothing", pitch.len());
        for machine in Machine::all() {
            if plain || machine.name() != Machine::PLAIN.name() {
                let off = worst(&speak(machine, &features, pitch), &wanted);
                assert!(off < 2e-4, "{} points, {}: off by {off} of {loudest}", pitch.len(), machine.name());
            }
        }
    }
    // What a worker did before leaves nothing in its memory that is heard.
    assert!(speak(Machine::best(), &features, &pitch) == before);
    // One after another they used the same memory: four times the widest layer, the source, and what a window takes.
    let most = twin.own.generator().kept().into_iter().max().expect("there is some");
    let widest = points * 60 * (4 * 128 + 32) * size_of::<f32>();
    assert!((widest..widest + (6 << 20)).contains(&most), "{most} bytes for rows of {widest}");
    // Helped, it makes the same, and so do two at a time.
    twin.own.generator().make_wait(3);
    assert!(speak(Machine::best(), &features, &pitch) == before);
    std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| speak(Machine::best(), &features, &pitch)));
        assert!(both.into_iter().all(|one| one.join().expect("spoken") == before));
    });
}

#[test]
fn all_that_comes_of_ids_is_as_the_network_in_floats_makes_it() {
    let mut twin = Twin::load();
    let long: Vec<i32> = std::iter::once(0).chain((0..70).map(|i| 43 + (i * i * 7 + i) % 100)).chain([0]).collect();
    // Ids, frames if not those of the network, and whether it is also done without particular instructions.
    type Row<'a> = (&'a [i32], Option<&'a [u32]>, bool);
    let cases: [Row<'_>; 5] = [
        (&IDS, Some(&FRAMES), false),
        (&[0, 54, 0], Some(&[1, 1, 1]), true),
        (&[0, 54, 43, 4, 0], Some(&[1, 1, 1, 2, 1]), true),
        (&[16], Some(&[1]), true),
        (&long, None, false),
    ];
    for (ids, frames, plain) in cases {
        let (row, own) = (*twin.row(ids), twin.network.predict(ids, twin.row(ids)).expect("predicted"));
        let own_frames: Vec<u32> = own.iter().map(|f| *f as u32).collect();
        let frames = frames.unwrap_or(&own_frames);
        let [features, pitch, _] = twin.values(ids, frames);
        let level = twin.network.level(ids, frames, &row).expect("told").expect("it has one");
        let articulation = Articulation::plain(frames, 2);
        for machine in Machine::all().into_iter().rev() {
            if !plain && machine.name() == Machine::PLAIN.name() {
                continue;
            }
            let name = machine.name();
            twin.own.compute_with(machine);
            let encoded = twin.own.encode(ids, &row);
            assert_eq!(encoded.frames, own, "{name}, {} ids", ids.len());
            let off = worst(&twin.own.level(&encoded, &articulation, &row), &level);
            assert!(off < 2e-3, "{name}, {} ids: the level is off by {off}", ids.len());
            let (own_features, own_pitch) = twin.own.points(&encoded, frames, &row);
            let off = worst(&own_pitch, &pitch);
            assert!(off < 2e-2, "{name}, {} ids: the pitch is off by {off} Hz", ids.len());
            let off = worst(&own_features, &features);
            assert!(off < 1e-2, "{name}, {} ids: the features are off by {off}", ids.len());
            let spectrum = twin.own.generator().spectrum(machine, &own_pitch);
            let wanted = twin.samples((ids, frames), None, &spectrum);
            let samples = twin.own.speak(&encoded, &articulation, &row, &mut |_, _| {});
            let off = worst(&samples, &wanted);
            let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            // Of few and odd frames the network makes far more than a sample can be.
            assert!(off < 1e-3 * loudest.max(1.0), "{name}, {} ids: off by {off} of {loudest}", ids.len());
            let again = twin.own.speak(&encoded, &articulation, &row, &mut |_, _| {});
            assert!(again == samples, "{name}: what was done before is heard");
        }
    }
}

#[test]
fn a_graph_that_is_not_understood_is_left_to_rten_with_the_reason() {
    let (bytes, _) = siwis();
    for (from, to, reason) in [
        (&b"Atan"[..], &b"Acos"[..], "its source is not of the known kind"),
        (b"ScatterND", b"Transpose", "the inverse transform at its end is not of the known kind"),
        (b"ReduceMean", b"ReduceProd", "a block of the generator is not of the known kind"),
        (b"CumSum", b"Cosine", "its source is not of the known kind"),
        (b"FusedMatMul", b"FusedMadMul", "what is made of ids does not become frames in the known way"),
        (b"ReduceSum", b"ReduceMax", "the durations are not made in the known way"),
        (b"FastGelu", b"LastGelu", "what makes the words' sense is not of the known kind"),
        (b"DequantizeLinear", b"DequantizePinear", "what makes the words' sense is not of the known kind"),
    ] {
        let mut bytes = bytes.clone();
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + from.len()].copy_from_slice(to);
            }
        }
        assert!(computed_by(&bytes).is_ok_and(|path| path.contains(reason)), "{reason}");
    }
}

#[test]
fn speech_in_haste_is_generated_of_points_that_were_made_at_leisure() {
    let (bytes, style) = siwis();
    let kokoro = Kokoro::load(bytes, 24_000).expect("loaded");
    let own = kokoro.predict(&IDS, &style).expect("predicted");
    let asked: Vec<u32> = own.iter().map(|frames| frames.div_ceil(2)).collect();
    let Speaking::Own(layers) = &kokoro.speaking else { panic!("it is rten's") };
    let row = style.row(IDS.len()).expect("a row");
    let (features, pitch) = layers.points(&layers.encode(&IDS, row), &own, row);
    // Of an id with one frame all points are heard, of one with an even number every other.
    let (mut heard, mut at) = (Vec::new(), 0);
    for (own, asked) in own.iter().zip(&asked) {
        let (made, wanted) = (own * 2, asked * 2);
        heard.extend((0..wanted).map(|point| (at + (2 * point + 1) * own / (2 * asked)) as usize));
        at += made;
    }
    let points = pitch.len();
    assert!(at as usize == points && heard.len() < points * 3 / 4, "{own:?} are too few to be hurried");
    let channels = features.chunks_exact(points);
    let chosen: Vec<f32> = channels.flat_map(|channel| heard.iter().map(|point| channel[*point])).collect();
    let pitch: Vec<f32> = heard.iter().map(|point| pitch[*point]).collect();
    let features = rows(&chosen, pitch.len());
    let input = Input { features: &features, pitch: &pitch, style: &row[..STYLE_WIDTH / 2] };
    let wanted = layers.generator().speak(layers.machine(), &input, &mut |_, _| {});
    assert!(kokoro.speak(&IDS, &asked, &style).expect("spoken") == wanted);
    // It is another voice object that does not know what was predicted before.
    let (_, style) = siwis();
    assert!(kokoro.speak(&IDS, &asked, &style).expect("spoken") == wanted);
    let heard = kokoro.heard(&IDS, &asked, &style).expect("told").expect("there is sound");
    assert!(heard.start < heard.end && heard.end <= wanted.len() as u64);
    for wrong in [&[0, 178, 0][..], &[0, -1, 0], &[], &[0; 520]] {
        assert!(kokoro.predict(wrong, &style).is_err(), "{wrong:?}");
    }
}
