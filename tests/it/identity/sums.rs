//! In: the name and the bytes of a file that the program made. Out: its SHA-256, or those of its
//! parts. Knows no tables.
//!
//! What may change is taken out first: the version behind the program's name, and a report's
//! `cost`. A WAV file has two sums, of its samples and of everything else in it but the sizes of
//! its chunks; a page has the sums of its sound in the sound's place. A version of another length
//! moves sizes inside WAV files and FLAC tags: then sums have to be frozen anew.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const PROGRAM: &str = concat!("cuevox ", env!("CARGO_PKG_VERSION"));

fn hex(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// These bytes with `with` wherever they have `what`.
pub(super) fn replaced(bytes: &[u8], what: &str, with: &str) -> Vec<u8> {
    let (what, mut out, mut rest) = (what.as_bytes(), Vec::with_capacity(bytes.len()), bytes);
    while let Some(at) = rest.windows(what.len()).position(|part| part == what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with.as_bytes());
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// A text without what was spent on it: the object `cost` of a report.
fn without_cost(text: &str) -> String {
    let Some(from) = text.find("\"cost\": {") else { return text.to_owned() };
    let end = text[from..].find('}').expect("its end");
    format!("{}{}", &text[..from], &text[from + end..])
}

/// A page with the sum of its sound instead of the sound.
fn without_sound(page: &str) -> String {
    const BEFORE: &str = ";base64,";
    let Some(at) = page.find(BEFORE) else { return page.to_owned() };
    let from = at + BEFORE.len();
    let to = from + page[from..].find('"').expect("the end of an attribute");
    let sound = STANDARD.decode(&page[from..to]).expect("base64");
    let mut out = page[..from].to_owned();
    for (part, sum) in sums_of("sound", &sound) {
        out += &format!("{part} {sum} ");
    }
    out + &page[to..]
}

/// The samples of a WAV file, and all the rest of it.
fn parts_of_wav(bytes: &[u8]) -> (&[u8], Vec<u8>) {
    let (mut samples, mut rest, mut at) = (&bytes[..0], Vec::new(), 12);
    while let Some(head) = bytes.get(at..at + 8) {
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = &bytes[at + 8..bytes.len().min(at + 8 + size)];
        rest.extend_from_slice(&head[..4]);
        if &head[..4] == b"data" {
            samples = body
        } else {
            rest.extend_from_slice(body)
        }
        at += 8 + size + size % 2;
    }
    (samples, rest)
}

/// What a file is known by: its name, or two with what of it they are about; and the sum of each.
pub(super) fn sums_of(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let sum = |bytes: &[u8]| hex(&replaced(bytes, PROGRAM, "cuevox"));
    if bytes.starts_with(b"RIFF") {
        let (samples, rest) = parts_of_wav(bytes);
        let labels = (format!("{name} (labels)"), sum(&rest));
        return vec![labels, (format!("{name} (samples)"), hex(samples))];
    }
    let text = std::str::from_utf8(bytes).ok();
    let sum = match text {
        Some(page) if name.ends_with(".html") => sum(without_sound(page).as_bytes()),
        Some(text) => sum(without_cost(text).as_bytes()),
        None => sum(bytes),
    };
    vec![(name.to_owned(), sum)]
}

#[test]
fn what_may_change_is_no_part_of_a_sum_and_the_rest_is() {
    let sum = |name: &str, text: &str| sums_of(name, text.as_bytes());
    let report = |cost: &str, end: &str| {
        let program = format!("{{\"program\": \"{PROGRAM}\"");
        format!("{program},\n\"cost\": {{\"wall_s\": {cost}}}{end}}}")
    };
    assert_eq!(sum("r.json", &report("1", "")), sum("r.json", &report("22", "")));
    assert_ne!(sum("r.json", &report("1", "")), sum("r.json", &report("1", " ")));
    assert_eq!(sum("c.vtt", PROGRAM), sum("c.vtt", "cuevox"));
    let wav = |label: &str, samples: &str| {
        let list = format!("LIST\u{2}\0\0\0{label}");
        format!("RIFF\0\0\0\0WAVE{list}data\u{4}\0\0\0{samples}")
    };
    let parts = |label: &str, samples: &str| -> Vec<String> {
        sum("a.wav", &wav(label, samples)).into_iter().map(|(_, sum)| sum).collect()
    };
    let (first, second, third) = (parts("xy", "1234"), parts("xz", "1234"), parts("xy", "1235"));
    assert!(first[0] != second[0] && first[1] == second[1]);
    assert!(first[0] == third[0] && first[1] != third[1]);
    let page = |samples: &str| {
        let sound = STANDARD.encode(wav("xy", samples));
        format!("<audio src=\"data:audio/wav;base64,{sound}\">")
    };
    assert_ne!(sum("p.html", &page("1234")), sum("p.html", &page("1235")));
}
