//! In: nothing, or a Piper voice in `CUEVOX_VOICES_DIR`. Out: how fast convolutions are on each kind of instructions, and
//! how fast the voice is beside the same file run by rten, alternating, as the median of ratios.
//!
//! `cargo bench --bench decoder`

use cuevox::kernels::conv::{Conv, Finish, Scratch, Shape};
use cuevox::kernels::lanes::Machine;
use cuevox::kernels::rows::{Rows, blocks_of};
use cuevox::progress::Unwatched;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::voice::{predict, speak};
use rten::{ModelOptions, RunOptions, ThreadPool, Value, ValueOrView};
use std::sync::Arc;
use std::time::Instant;

const VOICE: &str = "en_US-joe-medium";

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The convolutions of a medium voice, with the tiles they have there.
fn convolutions() {
    let up =
        |inputs, outputs, stride| Shape { inputs, outputs, taps: 2, dilation: 1, before: 1, stride, shift: stride / 2 };
    let rows = [
        ("flow, gate", Shape::same(192, 384, 5, 1), 4, 256),
        ("first, half", Shape::same(96, 256, 7, 1), 8, 256),
        ("raised to 128", up(256, 128, 8), 3, 240),
        ("128 channels", Shape::same(128, 128, 7, 3), 8, 288),
        ("raised to 64", up(128, 64, 8), 5, 240),
        ("64 channels", Shape::same(64, 64, 7, 3), 8, 576),
        ("raised to 32", up(64, 32, 4), 5, 240),
        ("32 channels", Shape::same(32, 32, 7, 3), 8, 1152),
    ];
    println!("convolutions: GFLOP/s, counted as in plain ones; in brackets with no tiles");
    for (name, shape, tile, moments) in rows {
        print!("{name:<16}");
        for machine in Machine::all() {
            let speed = |tile: usize| {
                let conv = Conv::new(shape, tile, &[], |o, i, tap| ((o * 7 + i * 3 + tap) % 11) as f32 * 0.1 - 0.5);
                let mut source = Rows::new(blocks_of(shape.inputs), 0);
                source.extend_to(moments);
                let mut target = Rows::new(blocks_of(shape.outputs), 0);
                target.extend_to(moments * shape.stride as isize);
                let mut scratch = Scratch::default();
                let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 0.1 };
                let mut run = || {
                    let rows = (&source, &mut target);
                    conv.run(machine, rows, (0, moments), (conv.bias(), finish), &mut scratch);
                };
                let best = (0..30).map(|_| seconds(&mut run)).fold(f64::MAX, f64::min);
                (conv.operations() * moments as usize) as f64 / best / 1e9
            };
            print!("  {} {:.0} ({:.0})", machine.name(), speed(tile), speed(1));
        }
        println!();
    }
}

/// A voice beside rten, on the same ids and durations, one thread each.
fn voice(folder: &str) -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open(folder.into(), true);
    let cast = Cast::new(vec![VOICE.parse()?], Catalog::built_in()?, store);
    let start = Instant::now();
    let voice = cast.voice(VOICE, &Unwatched)?;
    println!("{VOICE}: ready after {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let file = format!("{folder}/{VOICE}/{VOICE}.onnx");
    let model = ModelOptions::with_all_ops().load_file(file)?;
    let pool = Arc::new(ThreadPool::with_num_threads(1));
    let mut ratios = Vec::new();
    let mut rates = Vec::new();
    for round in 0..15 {
        let ids: Vec<i32> =
            [1].into_iter().chain((0..60).flat_map(|i| [0, 3 + (i * 7 + round) % 60])).chain([0, 2]).collect();
        let mut frames = Vec::new();
        let mut samples = Vec::new();
        let ours = seconds(|| {
            frames = predict(voice.as_ref(), &ids, 0).unwrap_or_default();
            samples = speak(voice.as_ref(), &ids, &frames, 0).unwrap_or_default();
        });
        let count = ids.len();
        let inputs: Vec<(_, ValueOrView)> = vec![
            (model.node_id("input")?, Value::from_shape(&[1, count], ids)?.into()),
            (model.node_id("input_lengths")?, Value::from_shape(&[1], vec![count as i32])?.into()),
            (model.node_id("scales")?, Value::from_shape(&[3], vec![0.667_f32, 1.0, 0.8])?.into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let output = model.node_id("output")?;
        let mut made = 0;
        let theirs = seconds(|| {
            let run = model.run_n(inputs, [output], Some(options));
            made = run.ok().and_then(|[audio]| audio.into_tensor::<f32>()).map_or(0, |audio| audio.into_data().len());
        });
        // Both predict the lengths from noise of their own, so speed is counted in samples.
        ratios.push(theirs / made as f64 / (ours / samples.len() as f64));
        rates.push(ours / (samples.len() as f64 / f64::from(voice.clock().rate)));
    }
    println!("{VOICE}: {:.4} of real time, {:.2} times as fast as rten", median(rates), median(ratios));
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    convolutions();
    match std::env::var("CUEVOX_VOICES_DIR") {
        Ok(folder) => voice(&folder),
        Err(_) => {
            println!("no voice: CUEVOX_VOICES_DIR says where {VOICE} is installed");
            Ok(())
        }
    }
}
