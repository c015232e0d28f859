//! A small catalogue, a server on this machine that answers as it is told, packages, and an observer that takes notes.

use crate::progress::{Event, Observer};
use crate::voice::catalog::Catalog;
use crate::voice::files::hex;
use crate::voice::store::{Reach, Store};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// What the server does when it is asked for a path.
#[derive(Clone)]
pub enum Answer {
    Whole(Vec<u8>),
    Status(u16),
    /// Says that more follows than it sends.
    Short(Vec<u8>, usize),
    /// Sends this much of so many bytes, then is silent with the connection open.
    Stall(Vec<u8>, usize),
    /// Takes the call and says nothing.
    Mute,
    /// Sends the caller to another path.
    Redirect(&'static str),
}

/// The contents of a file of the test catalogue: long enough for several chunks.
pub fn content(name: &str) -> Vec<u8> {
    let grown = if name.ends_with("model.onnx") { 200_000 } else { 40 };
    name.bytes().cycle().take(grown).collect()
}

/// One Piper voice and two Kokoro voices; `sources` says where a file of them is, best first.
pub fn catalog(sources: impl Fn(&str) -> serde_json::Value) -> Catalog {
    let names = ["p/model.onnx", "p/model.onnx.json", "k/model.onnx", "k/k1.bin", "k/k2.bin"];
    let file = |name: &str| {
        let bytes = content(name);
        (
            name.to_owned(),
            json!({"size": bytes.len(), "sha256": hex(&Sha256::digest(&bytes)), "sources": sources(name)}),
        )
    };
    let files: serde_json::Map<String, serde_json::Value> = names.iter().map(|name| file(name)).collect();
    let voice = |id: &str, engine: &str, files: serde_json::Value| {
        json!({"id": id, "language": "en-US", "engine": engine, "espeak": "en-us", "sample_rate": 22050, "speakers": 1,
            "licence": "CC0 1.0", "files": files})
    };
    let style = |id: &str| voice(id, "kokoro", json!({"model": "k/model.onnx", "style": format!("k/{id}.bin")}));
    let piper = voice("p", "piper", json!({"model": "p/model.onnx", "config": "p/model.onnx.json"}));
    let whole =
        json!({"version": 1, "defaults": {"en": "p"}, "voices": [piper, style("k1"), style("k2")], "files": files});
    Catalog::parse(&whole.to_string()).expect("the test catalogue is whole")
}

/// A hub source for this file.
pub fn hub(name: &str) -> serde_json::Value {
    json!({"hugging_face": {"repo": "some/voices", "revision": "main", "path": name}})
}

/// A server of the files of the catalogue, except where it was told otherwise.
pub struct Server {
    pub address: String,
    pub asked: Arc<AtomicUsize>,
}

impl Server {
    pub fn start(told: &[(&str, Answer)]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let told: HashMap<String, Answer> = told.iter().map(|(path, a)| (path.to_string(), a.clone())).collect();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let told = told.clone();
                thread::spawn(move || serve(stream, &told));
            }
        });
        Server { address, asked }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, told: &HashMap<String, Answer>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split(' ').nth(1).unwrap_or_default();
    let name = path.strip_prefix("/some/voices/resolve/main/").unwrap_or(path);
    let answer = told.get(name).cloned().unwrap_or_else(|| Answer::Whole(content(name)));
    let head = |n: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {n}\r\nConnection: close\r\n\r\n");
    // The other side may hang up at any time.
    let _ = match answer {
        Answer::Whole(body) => stream.write_all(&[head(body.len()).into_bytes(), body].concat()),
        Answer::Short(body, claimed) => stream.write_all(&[head(claimed).into_bytes(), body].concat()),
        Answer::Stall(body, claimed) => {
            let sent = stream.write_all(&[head(claimed).into_bytes(), body].concat());
            thread::sleep(Duration::from_secs(20));
            sent
        }
        Answer::Mute => {
            thread::sleep(Duration::from_secs(20));
            Ok(())
        }
        Answer::Status(code) => {
            write!(stream, "HTTP/1.1 {code} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        Answer::Redirect(to) => {
            write!(stream, "HTTP/1.1 302 So\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
    };
}

/// A folder of voices that does not exist yet, inside one that does.
pub struct Ground {
    pub base: TempDir,
    pub reach: Reach,
}

impl Ground {
    /// Nothing is in reach but this hub, and it must be quick.
    pub fn new(hub: &str) -> Ground {
        let mut reach = Reach::with_hub(Some(hub));
        (reach.pythons, reach.npms, reach.proxies) = (Vec::new(), Vec::new(), false);
        (reach.connect, reach.stall) = (Duration::from_secs(2), Duration::from_millis(400));
        Ground { base: tempfile::tempdir().expect("a folder"), reach }
    }

    pub fn dir(&self) -> PathBuf {
        self.base.path().join("voices")
    }

    pub fn store(&self) -> Store {
        Store::with_reach(self.dir(), false, self.reach.clone())
    }

    pub fn offline(&self) -> Store {
        Store::with_reach(self.dir(), true, self.reach.clone())
    }

    /// A script in this ground, as a program to call.
    pub fn script(&self, name: &str, text: &str) -> Vec<OsString> {
        let path = self.base.path().join(name);
        std::fs::write(&path, text).expect("written");
        vec!["sh".into(), path.into()]
    }

    /// How often a script of this ground said that it ran.
    pub fn calls(&self) -> usize {
        std::fs::read_to_string(self.base.path().join("calls")).map_or(0, |calls| calls.lines().count())
    }

    /// Every file and folder below the folder of voices.
    pub fn everything(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.dir(), &self.dir(), &mut found);
        found.sort();
        found
    }
}

fn walk(root: &Path, at: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        found.push(path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/"));
        walk(root, &path, found);
    }
}

/// A wheel of these members.
pub fn wheel(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("created"));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished");
}

/// A gzipped tarball of these members, whose names may be anything.
pub fn tarball(path: &Path, members: &[(&str, &[u8])]) {
    let file = std::fs::File::create(path).expect("created");
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // The usual way of naming refuses `..`, which is what must be tried here.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, *bytes).expect("written");
    }
    tar.into_inner().expect("ended").finish().expect("finished");
}

/// Takes notes, and asks to stop from the first event on whose note begins with a given word.
#[derive(Default)]
pub struct Watcher {
    pub notes: Mutex<Vec<String>>,
    stop_at: Option<&'static str>,
    stop: AtomicBool,
}

impl Watcher {
    pub fn stopping_at(word: &'static str) -> Watcher {
        Watcher { stop_at: Some(word), ..Watcher::default() }
    }

    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().expect("whole").clone()
    }
}

impl Observer for Watcher {
    fn event(&self, event: Event<'_>) {
        let note = match event {
            Event::Installing { id, bytes, licence } => format!("installing {id} {bytes} {licence}"),
            Event::Source(words) => format!("source {words}"),
            Event::Bytes { done, total } => format!("bytes {done} of {total:?}"),
            Event::Installed(id) => format!("installed {id}"),
            other => format!("{other:?}"),
        };
        if self.stop_at.is_some_and(|word| note.starts_with(word)) {
            self.stop.store(true, Ordering::SeqCst);
        }
        self.notes.lock().expect("whole").push(note);
    }

    fn interrupted(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}
