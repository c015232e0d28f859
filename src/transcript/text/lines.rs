//! In: a text whose line ends are all `\n`. Out: its lines, numbered. Knows nothing of what they
//! say.

/// One line of a text, without its end.
#[derive(Clone, Copy, Debug)]
pub(in crate::transcript) struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// Without white space at its end.
    pub text: &'a str,
}

/// The lines of a text whose line ends are all `\n`.
pub(in crate::transcript) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> + Clone {
    text.split('\n').enumerate().map(|(index, text)| Line { number: index + 1, text: text.trim_end() })
}
