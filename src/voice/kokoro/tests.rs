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

/// The network in floats, and values of it.
struct Twin {
    kokoro: Kokoro,
    own: Own,
    names: Vec<String>,
}

impl Twin {
    fn load(bytes: &[u8]) -> Twin {
        let mut graph = Graph::read(bytes).expect("a graph");
        let own = own_layers(&graph, 600).expect("walked").expect("understood");
        assert_eq!(graph.unquantise(), 235);
        let names = vec![own.features.clone(), own.spectrum.clone(), SOUND.to_owned()];
        let kokoro = Kokoro::load_with(graph, 24_000, |_, _| Ok(Err("it is the twin"))).expect("loaded");
        Twin { kokoro, own, names }
    }

    fn values(&self, ids: &[i32], frames: &[u32], style: &Style) -> Vec<Vec<f32>> {
        let network = &self.kokoro.network;
        let nodes: Vec<NodeId> = self.names.iter().map(|name| network.value(name).expect("it is there")).collect();
        let inputs = self.kokoro.planned(ids, frames, style).expect("inputs");
        let values = network.run_all(inputs, &nodes).expect("run");
        values.into_iter().map(|value| elements(value).expect("floats")).collect()
    }
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_generator_sounds_as_the_network_in_floats() {
    let (bytes, style) = siwis();
    let mut twin = Twin::load(&bytes);
    let row = style.row(IDS.len() - 2).expect("a row");
    for count in [10, 1, 2] {
        let values = twin.values(&IDS[..count], &FRAMES[..count], &style);
        let [features, spectrum, wanted] = values.as_slice() else { panic!("three are asked for") };
        let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(count < 10 || loudest > 0.05, "samples up to {loudest} test nothing");
        let input = Input { features, spectrum, style: &row[..128] };
        for machine in Machine::all() {
            if count < 10 || machine.name() != Machine::Plain.name() {
                twin.own.generator.compute_with(machine);
                let ours = twin.own.generator.speak(&input).expect("spoken");
                let off = worst(&ours, wanted);
                assert!(off < 1e-4, "{count} ids, {}: off by {off} of {loudest}", machine.name());
            }
        }
    }
}
