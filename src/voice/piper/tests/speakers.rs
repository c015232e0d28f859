//! In: the graph of a real voice with one speaker. Out: the same with several, whose durations differ; and what rten makes of
//! them against our own layers.

use super::*;
use crate::voice::graph::Graph;
use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, ModelProto, NodeProto, TensorProto, ValueInfoProto};
use rten_onnx::protobuf::{DecodeMessage, ValueReader};

const SPEAKERS: usize = 3;
const FEATURES: usize = 8;
/// What the first layer of the durations makes, by its name in this voice's file.
const FIRST: &str = "/dp/pre/Conv_output_0";

fn node(op: &str, inputs: [&str; 2], output: &str) -> NodeProto {
    NodeProto {
        name: Some(format!("{op} of {output}")),
        op_type: Some(op.into()),
        input: inputs.map(str::to_owned).to_vec(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

fn numbers(name: &str, dims: &[usize], scale: f32) -> TensorProto {
    let count: usize = dims.iter().product();
    TensorProto {
        name: Some(name.into()),
        dims: dims.iter().map(|d| *d as i64).collect(),
        data_type: Some(DataType::FLOAT),
        float_data: (0..count).map(|i| scale * ((i * 37 % 101) as f32 / 50.0 - 1.0)).collect(),
        ..TensorProto::default()
    }
}

/// The voice with speakers who add something to the first layer of the durations.
fn with_speakers(bytes: &[u8]) -> Vec<u8> {
    let mut model = ModelProto::decode(ValueReader::from_buf(bytes)).expect("it is whole");
    let graph = model.graph.as_mut().expect("a graph");
    let at = graph.node.iter().position(|node| node.output == [FIRST]).expect("the first layer of the durations");
    let channels = 192;
    for name in graph.node.iter_mut().flat_map(|node| &mut node.input) {
        match name.as_str() {
            FIRST => *name = "with speaker".to_owned(),
            // In this file the table of the ids has the name that the speaker's number has where there are several.
            "sid" => *name = "table".to_owned(),
            _ => {}
        }
    }
    graph
        .initializer
        .iter_mut()
        .filter(|t| t.name.as_deref() == Some("sid"))
        .for_each(|t| t.name = Some("table".into()));
    let mut added = node("Conv", ["features", "of speaker"], "added");
    added.input.push("of speaker bias".to_owned());
    let kernel = AttributeProto {
        name: Some("kernel_shape".into()),
        ints: vec![1],
        r#type: Some(AttributeType::INTS),
        ..AttributeProto::default()
    };
    added.attribute.push(kernel);
    let more = [
        node("Gather", ["speakers", "sid"], "row"),
        node("Unsqueeze", ["row", "last"], "features"),
        added,
        node("Add", [FIRST, "added"], "with speaker"),
    ];
    graph.node.splice(at + 1..at + 1, more);
    let last = TensorProto {
        name: Some("last".into()),
        dims: vec![1],
        data_type: Some(DataType::INT64),
        int64_data: vec![-1],
        ..TensorProto::default()
    };
    graph.initializer.extend([
        numbers("speakers", &[SPEAKERS, FEATURES], 1.0),
        numbers("of speaker", &[channels, FEATURES, 1], 0.2),
        numbers("of speaker bias", &[channels], 0.1),
        last,
    ]);
    graph.input.push(ValueInfoProto { name: Some("sid".into()), ..ValueInfoProto::default() });
    model.write_buf().expect("written")
}

#[test]
fn speakers_have_the_durations_that_rten_gives_them() {
    let bytes = with_speakers(&joe().0);
    let ids: Vec<i32> = std::iter::once(1).chain((0..20).flat_map(|i| [0, 3 + (i * 7) % 60])).chain([0, 2]).collect();
    let noise = Seed::of(0, "joe", 0, &ids).normal(DURATION_STREAM, 2 * ids.len());
    let graph = Graph::read(&bytes).expect("read");
    let durations = graph.only_output("Ceil").expect("durations");
    let noises = graph.outputs("RandomNormalLike");
    let walk = graph.walk().expect("walked");
    let mut anatomy = anatomy::read(&walk, "output").expect("understood");
    let sounding = Sounding::of(&anatomy).expect("understood");
    anatomy.speaker = Some("features");
    let plan = Plan::read(&walk, &anatomy, &durations);
    assert_eq!(plan.left(), None);
    let theirs = Inputs::load(Graph::read(&bytes).expect("read"), Some(&noises[0])).expect("loaded");
    let value = theirs.network().value(&durations).expect("durations");
    let ours = plan.load(graph, Some(&noises[0]), sounding.machine()).expect("loaded");
    let mut all = Vec::new();
    for speaker in 0..SPEAKERS as i32 {
        let asked = Asked { ids: &ids, speaker, scales: [0.667, 1.0, 0.8] };
        let inputs = theirs.values(asked, Some(&noise)).expect("inputs");
        let [wanted] = theirs.network().run(inputs, [value]).expect("predicted");
        let (encoded, frames) = ours.predict(asked, &noise).expect("predicted");
        assert_eq!(frames, elements(wanted).expect("floats"), "speaker {speaker}");
        assert_eq!(encoded.speaker.len(), FEATURES);
        all.push(frames);
    }
    assert!(all[0] != all[1] && all[1] != all[2], "speakers who all speak alike test nothing");
    let nobody = Asked { ids: &ids, speaker: SPEAKERS as i32, scales: [0.667, 1.0, 0.8] };
    assert!(ours.predict(nobody, &noise).is_err_and(|e| e.to_string().contains("no such speaker")));
}
