//! A sentence of a real voice, held against the same network in ONNX Runtime: how loud it is from band to band. A graph
//! that is computed otherwise than it was trained still speaks, and exactly as long; it is heard in its colour.

use crate::real::voice;
use cuevox::voice::speak;
use std::f64::consts::TAU;

/// "La mer monte le soir et descend le matin." for Kokoro, and the frames it gives to it.
const IDS: [i32; 44] = [
    0, 54, 43, 16, 55, 156, 86, 128, 16, 55, 156, 76, 17, 62, 16, 54, 83, 16, 61, 65, 156, 43, 128, 16, 47, 16, 46, 86,
    61, 156, 69, 17, 16, 54, 83, 16, 55, 43, 62, 156, 86, 17, 4, 0,
];
const FRAMES: [u32; 44] = [
    19, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 1, 1, 2, 2, 3, 3, 2, 4, 3, 5, 3, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, 1, 1, 2, 4,
    3, 2, 2, 8, 7, 1,
];

/// Its level from band to band: from this frequency in Hz on to that of the next row, in dB below a sine at full scale.
/// Made by ONNX Runtime 1.32 from the file of the catalogue (SHA-256 6e742170...), these ids and frames and the style of
/// ff_siwis for 42 tokens, the output of the graph's `Round` being an input.
const REFERENCE: [(f64, f64); 8] = [
    (40.0, -23.07),
    (300.0, -23.31),
    (1000.0, -35.50),
    (2000.0, -39.49),
    (3000.0, -42.66),
    (4500.0, -46.72),
    (6000.0, -38.04),
    (8000.0, -32.54),
];
const TOP: f64 = 11_000.0;

/// How far a band may be from the reference, in dB. The network works in 8 bits, with a scale from all that is said at
/// once, so that another order of sums alone is up to 0.6 dB.
const NEAR: f64 = 1.2;

const WINDOW: usize = 512;

/// The mean power at each multiple of `rate` / [`WINDOW`], by Hann windows that overlap by half.
fn spectrum(samples: &[f32]) -> Vec<f64> {
    let angle = |k: usize| TAU * (k % WINDOW) as f64 / WINDOW as f64;
    let hann: Vec<f64> = (0..WINDOW).map(|i| 0.5 - 0.5 * angle(i).cos()).collect();
    let turns: Vec<(f64, f64)> = (0..WINDOW).map(|k| angle(k).sin_cos()).collect();
    let scale = WINDOW as f64 * hann.iter().map(|h| h * h).sum::<f64>() / 2.0;
    let starts: Vec<usize> = (0..=samples.len() - WINDOW).step_by(WINDOW / 2).collect();
    let mut power = vec![0.0; WINDOW / 2 + 1];
    for &start in &starts {
        let part: Vec<f64> = hann.iter().zip(&samples[start..]).map(|(h, s)| h * f64::from(*s)).collect();
        for (k, sum) in power.iter_mut().enumerate() {
            let (mut re, mut im) = (0.0, 0.0);
            for (i, sample) in part.iter().enumerate() {
                let (sin, cos) = turns[k * i % WINDOW];
                re += sample * cos;
                im += sample * sin;
            }
            *sum += (re * re + im * im) / scale / starts.len() as f64;
        }
    }
    power
}

#[test]
fn kokoro_has_the_colour_it_has_in_onnx_runtime() {
    let voice = voice("ff_siwis");
    let samples = speak(voice.as_ref(), &IDS, &FRAMES, 0).expect("speech");
    let power = spectrum(&samples);
    let step = f64::from(voice.clock().rate) / WINDOW as f64;
    let mut off = Vec::new();
    for (at, (from, wanted)) in REFERENCE.iter().enumerate() {
        let to = REFERENCE.get(at + 1).map_or(TOP, |next| next.0);
        let bins = power.iter().enumerate().filter(|(k, _)| (*from..to).contains(&(*k as f64 * step)));
        off.push(10.0 * bins.map(|(_, power)| power).sum::<f64>().log10() - wanted);
    }
    assert!(off.iter().all(|off| off.abs() < NEAR), "against ONNX Runtime, in dB, band by band: {off:.2?}");
}
