//! In: samples of voices. Out: one page of HTML on which they are heard side by side, and which asks for nothing but the
//! sound files beside it.

use html_escape::{encode_double_quoted_attribute, encode_text};

/// The page around the rows. `{{name}}` is replaced.
const TEMPLATE: &str = include_str!("page.html");

/// A sample, and what is known of its voice.
pub(super) struct Sample {
    /// The voice, as it was named.
    pub(super) voice: String,
    /// The name of the sound file beside the page: letters, digits, `.`, `-` and `_`.
    pub(super) file: String,
    /// What it says, and the tag of its language where that is known.
    pub(super) text: String,
    pub(super) lang: Option<&'static str>,
    /// Language and accent, speaker, opinion, cost, licence; empty where it is not known.
    pub(super) facts: [String; 5],
}

/// The page for these samples; `method` says how opinion and cost were measured.
pub(super) fn page(samples: &[Sample], method: &str) -> String {
    let rows: String = samples.iter().map(row).collect();
    // The rows last: what is said in them is not looked at.
    TEMPLATE.replacen("{{method}}", &encode_text(method), 1).replacen("{{rows}}", &rows, 1)
}

fn row(sample: &Sample) -> String {
    let lang = sample.lang.map_or_else(String::new, |lang| format!(" lang=\"{lang}\""));
    let facts: String = sample.facts.iter().map(|fact| format!("<td>{}</td>", encode_text(fact))).collect();
    format!(
        "<tr><th scope=\"row\">{}</th>{facts}<td{lang}>{}</td><td><audio controls preload=\"none\" src=\"{}\" \
         aria-label=\"{}\"></audio></td></tr>\n",
        encode_text(&sample.voice),
        encode_text(&sample.text),
        encode_double_quoted_attribute(&sample.file),
        encode_double_quoted_attribute(&sample.voice),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_voice_has_a_row_and_nothing_typed_becomes_markup() {
        let facts = ["en-US, American", "female", "4.7", "0.010", "MIT"].map(str::to_owned);
        let sample = |voice: &str, text: &str| Sample {
            voice: voice.to_owned(),
            file: "a.wav".to_owned(),
            text: text.to_owned(),
            lang: Some("en"),
            facts: facts.clone(),
        };
        let page = page(&[sample("a", "1 < 2 {{method}}"), sample("<b>", "x")], "a & b");
        for part in [
            "<th scope=\"row\">a</th><td>en-US, American</td><td>female</td>",
            "<td lang=\"en\">1 &lt; 2 {{method}}</td>",
            "<th scope=\"row\">&lt;b&gt;</th>",
            "src=\"a.wav\"",
            "a &amp; b",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("<b>"), "{page}");
    }
}
