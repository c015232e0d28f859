//! In: the first bytes of a file. Out: what kind of file it is, if it is a well-known one that is no transcript, and
//! what to do about it. Signatures are those of the formats' own specifications. Knows no text.

/// A kind of file that is often handed over by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// With its article: `a PDF`.
    pub what: &'static str,
    /// A way out, in the imperative.
    pub help: &'static str,
}

const EXPORT: &str = "export it as plain text";
const UNPACK: &str = "unpack it and pass the text inside";
const TRANSCRIBE: &str = "pass its transcript, as text, instead";

/// Where a signature stands, the signature, what it means.
const SIGNATURES: &[(usize, &[u8], &str, &str)] = &[
    (0, b"%PDF-", "a PDF", EXPORT),
    (0, b"{\\rtf", "an RTF document", EXPORT),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document", EXPORT),
    (0, b"SQLite format 3\0", "an SQLite database", EXPORT),
    (0, b"\x1F\x8B", "a gzip archive", UNPACK),
    (0, b"BZh9", "a bzip2 archive", UNPACK),
    (0, b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (0, b"\x28\xB5\x2F\xFD", "a zstd archive", UNPACK),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (0, b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"\x89PNG\r\n", "a PNG picture", TRANSCRIBE),
    (0, b"\xFF\xD8\xFF", "a JPEG picture", TRANSCRIBE),
    (0, b"GIF87a", "a GIF picture", TRANSCRIBE),
    (0, b"GIF89a", "a GIF picture", TRANSCRIBE),
    (8, b"WAVE", "a WAV recording", TRANSCRIBE),
    (8, b"AVI ", "an AVI video", TRANSCRIBE),
    (8, b"WEBP", "a WebP picture", TRANSCRIBE),
    (4, b"ftyp", "an MP4 or QuickTime file", TRANSCRIBE),
    (0, b"\x1A\x45\xDF\xA3", "a Matroska or WebM video", TRANSCRIBE),
    (0, b"OggS\0", "an Ogg recording", TRANSCRIBE),
    (0, b"fLaC", "a FLAC recording", TRANSCRIBE),
    (0, b"ID3\x02", "an MP3 recording", TRANSCRIBE),
    (0, b"ID3\x03", "an MP3 recording", TRANSCRIBE),
    (0, b"ID3\x04", "an MP3 recording", TRANSCRIBE),
    (0, b"\xFF\xFB", "an MP3 recording", TRANSCRIBE),
    (0, b"\x7FELF", "a program (ELF)", "pass a text file"),
    (0, b"MZ\x90\0", "a Windows program", "pass a text file"),
];

/// What these bytes are, if they are a well-known kind of file that holds no plain text.
pub(super) fn recognise(bytes: &[u8]) -> Option<Known> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(in_zip(bytes));
    }
    let riff_only = |at: usize| at != 8 || bytes.starts_with(b"RIFF");
    let found = SIGNATURES
        .iter()
        .find(|(at, signature, ..)| riff_only(*at) && bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature)));
    found.map(|&(_, _, what, help)| Known { what, help }).or_else(|| marked_up(bytes))
}

/// Office documents are ZIP archives; the names inside, which are not compressed, tell.
fn in_zip(bytes: &[u8]) -> Known {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    let (what, help) = if holds(b"word/") {
        ("a Word document", EXPORT)
    } else if holds(b"vnd.oasis.opendocument") {
        ("an OpenDocument file", EXPORT)
    } else if holds(b"xl/") {
        ("an Excel workbook", EXPORT)
    } else if holds(b"epub+zip") {
        ("an EPUB book", EXPORT)
    } else {
        ("a ZIP archive", UNPACK)
    };
    Known { what, help }
}

/// A web page is text, but its tags are not to be read out; nor are those of Microsoft's SAMI, whose lines have times.
fn marked_up(bytes: &[u8]) -> Option<Known> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = |tag: &[u8]| bytes.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    let root = if begins(b"<?xml") { root(bytes) } else { None };
    if let Some(root) = root.filter(|root| *root != b"tt" && *root != b"html") {
        let what =
            if root.eq_ignore_ascii_case(b"timedtext") { "YouTube's XML" } else { "XML of another kind than TTML" };
        return Some(Known { what, help: "convert it to SRT, WebVTT or TTML" });
    }
    let page = begins(b"<!doctype html") || begins(b"<html") || root == Some(b"html");
    let page = page.then_some(Known { what: "a web page", help: "save it as plain text" });
    page.or(begins(b"<sami").then_some(Known { what: "SAMI", help: "convert it to SRT or WebVTT" }))
}

/// The name of the outermost element of XML, without its namespace, if it begins soon.
fn root(bytes: &[u8]) -> Option<&[u8]> {
    const SOON: usize = 1 << 12;
    let head = &bytes[..bytes.len().min(SOON)];
    let opens = head.windows(2).position(|two| two[0] == b'<' && two[1].is_ascii_alphabetic())? + 1;
    let name =
        head[opens..].split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.'))).next()?;
    name.rsplit(|b| *b == b':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_handed_over_by_mistake_are_named() {
        let rows: &[(&[u8], &str)] = &[
            (b"%PDF-1.7\n%\xE2\xE3", "a PDF"),
            (b"PK\x03\x04....[Content_Types].xml..word/document.xml", "a Word document"),
            (b"PK\x03\x04....notes.txt", "a ZIP archive"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "a WAV recording"),
            (b"\0\0\0\x20ftypisom", "an MP4 or QuickTime file"),
            (b"\x89PNG\r\n\x1A\n", "a PNG picture"),
            (b"\x1F\x8B\x08\0", "a gzip archive"),
            (b"\x7FELF\x02\x01", "a program (ELF)"),
            (b"\xEF\xBB\xBF \n<!DOCTYPE HTML><p>Hi", "a web page"),
            (b"<SAMI>\n<BODY>", "SAMI"),
            (b"<?xml version=\"1.0\"?>\n<!-- a -->\n<component a='b'>", "XML of another kind than TTML"),
            (b"<?xml version=\"1.0\"?><timedtext format=\"3\">", "YouTube's XML"),
            (b"<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html>", "a web page"),
        ];
        for (bytes, what) in rows {
            assert_eq!(recognise(bytes).map(|known| known.what), Some(*what));
        }
    }

    #[test]
    fn text_that_only_looks_a_little_like_it_is_left_alone() {
        for text in [
            "PKs are great",
            "ID3 tags explained",
            "MZ is a place",
            "12345678WAVES",
            "RIFF",
            "GIF",
            "",
            "<b>x",
            "<?xml",
            "<?xml?><tt:tt>",
        ] {
            assert_eq!(recognise(text.as_bytes()), None, "{text}");
        }
    }
}
