//! Tests of our own layers against rten, which runs the same network with the floats that its bytes stand for.

use super::*;
use crate::kernels::lanes::Machine;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::store::Store;

/// "La mer" for Kokoro, and the frames it gives to it, one at each end.
const IDS: [i32; 10] = [0, 54, 43, 16, 55, 156, 86, 128, 4, 0];
const FRAMES: [u32; 10] = [1, 2, 3, 1, 3, 4, 5, 6, 2, 1];

/// The model and a style of the catalogue, installed where the tests of the whole program install theirs.
fn siwis() -> (Vec<u8>, Style) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tmp/voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").unwrap_or_else(|| folder.into());
    let catalog = Catalog::built_in().expect("the catalogue");
    let entry = catalog.find("ff_siwis").expect("it is of the catalogue");
    let files = Store::open(folder.into(), false).ensure(entry, &Unwatched).expect("installed");
    let style = std::fs::read(files.style.expect("a style")).expect("read");
    (std::fs::read(files.model).expect("a model"), Style::parse(&style).expect("a style"))
}

/// The network in floats. Where the source's spectrum is 0 it has no phase (it divides 0 by 0), so it is given ours.
struct Twin {
    kokoro: Kokoro,
    own: Own,
    spectrum: NodeId,
}

impl Twin {
    fn load(bytes: &[u8]) -> Twin {
        let mut graph = Graph::read(bytes).expect("a graph");
        let own = own_layers(&graph, 600).expect("walked").expect("understood");
        let spectrum = anatomy::read(&graph.walk().expect("a way"), SOUND).expect("understood").spectrum.to_owned();
        assert_eq!(graph.unquantise(), 235);
        let kokoro = Kokoro::load_with(graph, 24_000, |_, _| Ok(Err("it is the twin"))).expect("loaded");
        Twin { spectrum: kokoro.network.value(&spectrum).expect("it is there"), kokoro, own }
    }

    fn value(&self, name: &str) -> NodeId {
        self.kokoro.network.value(name).expect("it is there")
    }

    /// Features and pitch, its own spectrum of that, and the samples of features and our spectrum.
    fn values(&self, ids: &[i32], frames: &[u32], style: &Style) -> [Vec<f32>; 4] {
        let network = &self.kokoro.network;
        let (features, pitch) = (self.value(&self.own.features), self.value(&self.own.pitch));
        let inputs = || self.kokoro.planned(ids, frames, style).expect("inputs");
        let values = network.run(inputs(), [features, pitch, self.spectrum]).expect("run");
        let [features, pitch, spectrum] = values.map(|value| elements(value).expect("floats"));
        let ours = self.own.generator.spectrum(&pitch);
        let mut given = inputs();
        let shape = [1, 22, ours.len() / 22];
        given.push((self.spectrum, floats(&shape, ours).expect("a spectrum").into()));
        let [samples] = network.run(given, [self.value(SOUND)]).expect("run");
        [features, pitch, spectrum, elements(samples).expect("floats")]
    }
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    if a.iter().chain(b).all(|x| x.is_finite()) { worst } else { f32::INFINITY }
}

#[test]
fn the_generator_sounds_as_the_network_in_floats() {
    let (bytes, style) = siwis();
    let mut twin = Twin::load(&bytes);
    let row = style.row(IDS.len() - 2).expect("a row");
    for count in [10, 1, 2] {
        let [features, pitch, spectrum, wanted] = twin.values(&IDS[..count], &FRAMES[..count], &style);
        let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(count < 10 || loudest > 0.05, "samples up to {loudest} test nothing");
        let input = Input { features: &features, pitch: &pitch, style: &row[..128] };
        for machine in Machine::all() {
            twin.own.generator.compute_with(machine);
            let (magnitudes, phases) = spectrum.split_at(spectrum.len() / 2);
            let ours = twin.own.generator.spectrum(&pitch);
            let (own_magnitudes, own_phases) = ours.split_at(ours.len() / 2);
            let off = worst(own_magnitudes, magnitudes);
            assert!(off < 2e-2, "{count} ids, {}: magnitudes are off by {off}", machine.name());
            for ((magnitude, phase), own) in magnitudes.iter().zip(phases).zip(own_phases) {
                let turn = (phase - own).abs();
                let turn = turn.min((std::f32::consts::TAU - turn).abs());
                assert!(*magnitude < 1e-2 || turn < 0.2, "{magnitude} has the phase {phase}, here {own}");
            }
            // The plain ones take long, and are tested with a few points.
            if count < 10 || machine.name() != Machine::Plain.name() {
                let ours = twin.own.generator.speak(&input).expect("spoken");
                let off = worst(&ours, &wanted);
                eprintln!("{count} {} {off} of {loudest}", machine.name());
                assert!(off < 1e-4, "{count} ids, {}: off by {off} of {loudest}", machine.name());
            }
        }
    }
}
