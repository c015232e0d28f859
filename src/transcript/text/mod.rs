//! In: bytes, and lines of text. Out: text of bytes (`encoding`, and by `magic` what is no text),
//! and what a line says that means the same in several formats: its number (`lines`), the times it
//! begins with (`clock`, `stamp`), its words without the marks of Markdown (`markdown`). Knows no
//! format and no cue.

pub(super) mod clock;
pub(super) mod encoding;
pub(super) mod lines;
mod magic;
pub(super) mod markdown;
pub(super) mod stamp;
