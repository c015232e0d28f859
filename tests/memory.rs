//! In: files of a great many short lines. Out: a failure where reading and checking one takes more memory at its peak
//! than a small multiple of the file, the file itself included. Counts what is asked of the allocator, so it is the same
//! on every machine. One test only: another beside it would be counted too.

use cuevox::check::{Limits, check};
use cuevox::lang::Lang;
use cuevox::transcript::{Format, read_owned};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Lines of each file; enough for what does not grow with them to count for little.
const LINES: u64 = 100_000;

/// What is counted by the allocator for each byte of the file may be this much. A list that grows is counted twice at the
/// moment it does, in its old size and in its new one; what a machine gives at the same time is about half.
type Row = (Format, f64, &'static str, fn(u64) -> String);

fn clock(at: u64, sign: char) -> String {
    format!("{:02}:{:02}:{:02}{sign}{:03}", at / 3_600_000, at / 60_000 % 60, at / 1000 % 60, at % 1000)
}

const ROWS: [Row; 10] = [
    (Format::Stamped, 9.0, "", |i| format!("{} Yes. {}\n", &clock(i * 200, '.')[..8], i % 997)),
    (Format::Tsv, 6.5, "start\tend\ttext\n", |i| format!("{}\t{}\tYes. {}\n", i * 200, i * 200 + 200, i % 997)),
    (Format::Ass, 4.0, "[Script Info]\n\n[Events]\n", |i| {
        let time = |at| clock(at, '.')[1..11].to_owned();
        format!("Dialogue: 0,{},{},Default,,0,0,0,,Yes. {}\n", time(i * 200), time(i * 200 + 200), i % 997)
    }),
    (Format::Vtt, 4.0, "WEBVTT\n\n", |i| {
        format!("{} --> {}\nYes. {}\n\n", clock(i * 200, '.'), clock(i * 200 + 200, '.'), i % 997)
    }),
    (Format::Srt, 4.0, "", |i| {
        format!("{}\n{} --> {}\nYes. {}\n\n", i + 1, clock(i * 200, ','), clock(i * 200 + 200, ','), i % 997)
    }),
    (Format::Srt, 4.0, "", |i| {
        let (from, to) = (clock(i * 200, ','), clock(i * 200 + 200, ','));
        format!("{}\n{from} --> {to}\nANNA: Yes {}.\n[sighs] No.\n\n", i + 1, i % 997)
    }),
    (Format::Json, 4.0, "", |i| format!("{{\"start\": {}.5, \"end\": {}.7, \"text\": \"Yes. {}\"}}\n", i, i, i % 997)),
    (Format::Prose, 9.0, "", |i| format!("Yes, {} boats.\n\n", i % 997)),
    (Format::Prose, 9.0, "", |i| format!("Yes, {} boats.\n", i % 997)),
    (Format::Prose, 9.0, "# Boats\n\n", |i| format!("- Yes, {} boats\n", i % 997)),
];

#[test]
fn a_file_of_short_lines_takes_a_small_multiple_of_its_size() {
    let limits = Limits { lang: Some(Lang::En), ..Limits::default() };
    let mut wrong = Vec::new();
    for (format, most, head, line) in ROWS {
        let text: String = std::iter::once(head.to_owned()).chain((0..LINES).map(line)).collect();
        let mut bytes = text.into_bytes();
        bytes.shrink_to_fit();
        let size = bytes.len() as f64;
        let others = MEMORY.current_usage() as f64 - size;
        MEMORY.reset_peak_usage();
        let transcript = read_owned(bytes, None).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        let read = (MEMORY.peak_usage() as f64 - others) / size;
        assert_eq!(transcript.format, format);
        let checked = check(transcript, &limits);
        let times = (MEMORY.peak_usage() as f64 - others) / size;
        println!("{format:?}: {read:.2} read, {times:.2} checked, {} lines", checked.lines + checked.sentences);
        assert!(checked.lines + checked.sentences >= LINES as usize, "{format:?}");
        if times > most {
            wrong.push(format!("{format:?}: {times:.2} times its size, where {most} is the most"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
