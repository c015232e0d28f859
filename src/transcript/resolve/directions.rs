//! In: the tags of a text. Out: directions: how a stretch of it is to be said, and where a pause is
//! to be. Knows SSML (<https://www.w3.org/TR/speech-synthesis11/>) and what this program has for it
//! in brackets; knows no phonemes.
//!
//! | written | meant |
//! |---|---|
//! | `[pause 0.5s]`, `<break time="500ms"/>`, `<break strength="strong"/>` | a pause |
//! | `[[wɪn]]`, `<phoneme alphabet="ipa" ph="wɪn">Nguyen</phoneme>` | sounds |
//! | `<sub alias="World Wide Web">WWW</sub>` | other words |
//! | `<say-as interpret-as="characters">`, `cardinal`, `ordinal`, `telephone`, `date`, `time` | what it is |
//! | `<emphasis level="strong">`, `<prosody rate="80%">` | its pace |
//! | `[fr: merci]`, `<lang xml:lang="fr">merci</lang>`, in WebVTT `<lang fr>merci</lang>` | its language |

use super::tags::{Tag, attribute, lang_of, length};
use crate::time::Ticks;
use crate::transcript::directions::{Directed, Direction, SayAs};

/// Tags that ask for something up to their end.
const ASKING: [&str; 6] = ["phoneme", "sub", "say-as", "emphasis", "prosody", "lang"];

/// The most directions of a cue, and the most that may be open at once; what is beyond is passed
/// over.
const MOST: usize = 200;

/// The directions that tags give, `length` being that of the text.
pub(super) fn directions(tags: &[Tag], length: usize) -> Vec<Direction> {
    let mut found = Vec::new();
    let mut open: Vec<&Tag> = Vec::new();
    for tag in tags {
        if tag.closes {
            if let Some(at) = open.iter().rposition(|other| other.name == tag.name) {
                let begins = open.remove(at);
                found.extend(meaning(begins).map(|what| Direction { place: begins.at..tag.at, what }));
            }
        } else if tag.name == "break" {
            found
                .extend(break_length(&tag.rest).map(|t| Direction { place: tag.at..tag.at, what: Directed::Pause(t) }));
        } else if open.len() < MOST && ASKING.contains(&tag.name.as_str()) {
            open.push(tag);
        }
    }
    let rest = open.iter().filter_map(|tag| Some(Direction { place: tag.at..length, what: meaning(tag)? }));
    found.extend(rest);
    found.sort_by_key(|direction| direction.place.start);
    found.truncate(MOST);
    found
}

fn break_length(rest: &str) -> Option<Ticks> {
    let time = attribute(rest, "time").and_then(length);
    let strength = match attribute(rest, "strength").unwrap_or("medium") {
        "none" => 0,
        "x-weak" => 100,
        "weak" => 200,
        "strong" => 700,
        "x-strong" => 1200,
        _ => 400,
    };
    Some(time.unwrap_or(Ticks::from_millis(strength))).filter(|time| *time > Ticks::ZERO)
}

/// What a tag with a text between its beginning and its end asks for.
fn meaning(tag: &Tag) -> Option<Directed> {
    let get = |name| attribute(&tag.rest, name);
    Some(match tag.name.as_str() {
        "phoneme" if get("alphabet").is_none_or(|alphabet| alphabet.eq_ignore_ascii_case("ipa")) => {
            Directed::Phonemes(get("ph").filter(|ph| crate::text::sayable(ph))?.to_owned())
        }
        "sub" => Directed::Instead(get("alias").filter(|alias| crate::text::sayable(alias))?.to_owned()),
        "say-as" => Directed::SayAs(match get("interpret-as")? {
            "characters" | "spell-out" | "verbatim" | "letters" => SayAs::Characters,
            "cardinal" | "number" => SayAs::Cardinal,
            "ordinal" => SayAs::Ordinal,
            "telephone" | "digits" => SayAs::Telephone,
            _ => SayAs::Usual,
        }),
        "emphasis" => Directed::Pace(match get("level").unwrap_or("moderate") {
            "strong" => 1250,
            "moderate" => 1120,
            "reduced" => 900,
            _ => return None,
        }),
        "prosody" => Directed::Pace(pace(get("rate")?)?),
        "lang" => Directed::Lang(lang_of(&tag.rest)?),
        _ => return None,
    })
}

/// A rate as SSML has it, as the length it gives, in thousandths.
fn pace(rate: &str) -> Option<u32> {
    let rate = match rate.trim() {
        "x-slow" => 0.6,
        "slow" => 0.8,
        "medium" | "default" => 1.0,
        "fast" => 1.25,
        "x-fast" => 1.6,
        other => match other.strip_suffix('%') {
            Some(change) if change.starts_with(['+', '-']) => 1.0 + change.parse::<f64>().ok()? / 100.0,
            Some(percent) => percent.parse::<f64>().ok()? / 100.0,
            None => other.parse::<f64>().ok()?,
        },
    };
    (0.25..=4.0).contains(&rate).then(|| (1000.0 / rate).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Sounds, read};

    /// What is read of a file with this text, and its directions as `from..to what`.
    fn shown(text: &str) -> String {
        let transcript = read(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"));
        let cues = transcript.stamped.iter().chain(&transcript.prose).map(|cue| {
            let each = cue.directions().iter().map(|d| match &d.what {
                Directed::Pause(t) => format!(" {}:{}ms", d.place.start, (t.secs() * 1000.0).round()),
                what => format!(" {}:{what:?}", &cue.text()[d.place.clone()]),
            });
            format!("{}{}", cue.aloud(Sounds::Skip), each.collect::<String>())
        });
        cues.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn directions_in_every_format() {
        let vtt = "WEBVTT\n\n00:01.000 --> 00:05.000\n";
        let rows = [
            ("0:01 One [pause 0.5s] two.\n0:03 [pause 2 s] Three.".to_owned(), "One two. 4:500ms|Three. 0:2000ms"),
            ("One [pause: 0,5 s] two.".to_owned(), "One two. 4:500ms"),
            ("Hi <break strength=\"weak\"/>there<break time='2s'/>.".to_owned(), "Hi there. 3:200ms 8:2000ms"),
            ("Mr [[wɪn]], hello.".to_owned(), "Mr wɪn, hello. wɪn:Phonemes(\"wɪn\")"),
            (
                format!("{vtt}Mr <phoneme alphabet=\"ipa\" ph=\"wɪn\">Nguyen</phoneme>."),
                "Mr Nguyen. Nguyen:Phonemes(\"wɪn\")",
            ),
            (format!("{vtt}<sub alias=\"water\">H2O</sub> now"), "H2O now H2O:Instead(\"water\")"),
            ("0:01 <say-as interpret-as=\"characters\">it</say-as>!\n0:02 b".to_owned(), "it! it:SayAs(Characters)|b"),
            (
                "<emphasis>Now</emphasis> or <prosody rate=\"80%\">then".to_owned(),
                "Now or then Now:Pace(1120) then:Pace(1250)",
            ),
            ("One.\n\n[pause 2s]\n\nTwo.".to_owned(), "One.|Two. 0:2000ms"),
            (
                "The <break> tag, [pause] and [[Paris]] <sub>x</sub>.".to_owned(),
                "The <break> tag, [pause] and [[Paris]] <sub>x</sub>.",
            ),
            ("0:01 <speak><p><s>One</s> <mark name='a'/>two</p></speak> < three".to_owned(), "One two < three"),
            ("[pause soon] it was".to_owned(), "[pause soon] it was"),
            ("She said [fr: c'est la vie] to me.".to_owned(), "She said c'est la vie to me. c'est la vie:Lang(Fr)"),
            (
                format!("{vtt}He sang <lang fr>La mer</lang> <lang xml:lang=\"de\">nicht</lang>."),
                "He sang La mer nicht. La mer:Lang(Fr)",
            ),
            (
                "The <lang xml:lang='fr'>fin de siècle</lang> mood".to_owned(),
                "The fin de siècle mood fin de siècle:Lang(Fr)",
            ),
            ("[en: Well.] [fr: ] [de: nein] [fr]".to_owned(), "Well. [fr: ] [de: nein] [fr] Well.:Lang(En)"),
        ];
        for (text, expected) in rows {
            assert_eq!(shown(&text), expected, "{text}");
        }
    }

    #[test]
    fn rates_and_lengths() {
        let rates = [("slow", Some(1250)), ("200%", Some(500)), ("+25%", Some(800)), ("0.5", Some(2000)), ("9", None)];
        for (rate, expected) in rates {
            assert_eq!(pace(rate), expected, "{rate}");
        }
        let lengths = [("250ms", Some(250)), ("1.5 s", Some(1500)), ("900s", Some(60_000)), ("-1s", None), ("1", None)];
        for (text, expected) in lengths {
            assert_eq!(length(text), expected.map(Ticks::from_millis), "{text}");
        }
    }
}
