//! Documents as broadcasters, web players and music shops write them; and what is told of damaged ones. The words are
//! our own.

use crate::transcript::{Cue, Directed, Format, Transcript, read};

fn parsed(text: &str) -> Transcript {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `line start-end language speaker|text`.
fn shown(transcript: &Transcript) -> Vec<String> {
    let cue = |c: &Cue| {
        let time = |at: Option<crate::time::Ticks>| at.map_or(String::new(), |at| format!("{:.3}", at.secs()));
        let (lang, name) = (c.lang().map_or("", crate::lang::Lang::tag), c.speaker().unwrap_or(""));
        format!("{} {}-{} {lang} {name}|{}", c.line(), time(c.start()), time(c.end()), c.text())
    };
    transcript.stamped.iter().map(cue).collect()
}

fn body(inside: &str) -> String {
    format!("<tt xmlns=\"http://www.w3.org/ns/ttml\"><body>{inside}</body></tt>")
}

#[test]
fn a_whole_document_with_heads_styles_people_and_languages() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="fr" ttp:frameRate="25">
 <tt:head>
  <tt:metadata><ttm:title>Not to be said</ttm:title>
   <ttm:agent xml:id="a1" type="person"><ttm:name type="full">Anne</ttm:name></ttm:agent></tt:metadata>
  <tt:styling><tt:style xml:id="s1"/></tt:styling>
 </tt:head>
 <tt:body>
  <tt:div>
   <tt:p begin="00:00:01:05" end="00:00:02.5" ttm:agent="a1">
     La mer
     monte &amp; descend.<tt:br/>Deux fois&#160;par&nbsp;jour.
   </tt:p>
   <tt:p begin="3s" dur="2s" xml:lang="en"><tt:metadata><ttm:desc>nor this</ttm:desc></tt:metadata>The <tt:span tts:color="red">sea</tt:span>.</tt:p>
   <tt:p begin="5s" end="6s" xml:lang="de" ttm:agent="a2"><![CDATA[a < b]]></tt:p>
  </tt:div>
 </tt:body>
</tt:tt>"#;
    let transcript = parsed(text);
    assert_eq!(transcript.format, Format::Ttml);
    let wanted = [
        "13 1.200-2.500 fr Anne|La mer monte & descend. Deux fois par jour.",
        "16 3.000-5.000 en |The sea.",
        "17 5.000-6.000  a2|a < b",
    ];
    let squeezed = |cue: &str| cue.split_whitespace().collect::<Vec<_>>().join(" ");
    let found: Vec<String> = shown(&transcript).iter().map(|cue| squeezed(cue)).collect();
    assert_eq!(found, wanted.map(squeezed));
    let codes: Vec<_> = transcript.notes.iter().map(|note| (note.line, note.code)).collect();
    assert_eq!(codes, [(Some(17), "other-language")]);
    assert_eq!(transcript.stamped[0].grain().secs(), 0.04);
}

#[test]
fn what_a_span_says_in_another_language_is_marked_and_the_paragraph_keeps_its_own() {
    // The language of the cue, and each stretch of another with it.
    let rows: &[(&str, &str)] = &[
        ("<p begin='1s' xml:lang='en'>He sang <span xml:lang='fr'>La mer</span> twice</p>", "en La mer:Fr"),
        (
            "<p begin='1s' xml:lang='en-GB'>So <span xml:lang='fr-CA'>oui</span>, <span xml:lang='fr'>non</span></p>",
            "en oui:Fr non:Fr",
        ),
        ("<p begin='1s' xml:lang='en'><span xml:lang='fr'>La mer</span></p>", "fr"),
        ("<p begin='1s' xml:lang='en'>« <span xml:lang='fr'>La mer</span> »</p>", "fr"),
        ("<p begin='1s'>He sang <span xml:lang='fr'>La mer</span></p>", "- La mer:Fr"),
        ("<p begin='1s' xml:lang='en'>Just <span xml:lang='en'>so</span></p>", "en"),
        (
            "<p begin='1s' xml:lang='en'>A <span xml:lang='fr'>b <span xml:lang='en'>c</span> d</span></p>",
            "en b:Fr d:Fr",
        ),
        ("<p begin='1s' xml:lang='en'>Say <span xml:lang='de'>nein</span> now</p>", "en"),
    ];
    for (inside, wanted) in rows {
        let transcript = parsed(&body(inside));
        let [cue] = &transcript.stamped[..] else { panic!("{inside}: {:?}", transcript.stamped) };
        let marked = cue.directions().iter().map(|direction| match direction.what {
            Directed::Lang(lang) => format!(" {}:{lang:?}", cue.text()[direction.place.clone()].trim()),
            _ => " ?".to_owned(),
        });
        let lang = cue.lang().map_or("-", crate::lang::Lang::tag);
        assert_eq!(format!("{lang}{}", marked.collect::<String>()), *wanted, "{inside}");
    }
}

#[test]
fn times_nest() {
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "from the element around it",
            "<div begin='10s'><p begin='1s' end='2s'>a</p><p begin='3s'>b</p></div>",
            &["11.000-12.000 a", "13.000- b"],
        ),
        ("no longer than it", "<div begin='10s' dur='5s'><p begin='1s' end='9s'>a</p></div>", &["11.000-15.000 a"]),
        ("the smaller of end and duration", "<p begin='1s' end='9s' dur='2s'>a</p>", &["1.000-3.000 a"]),
        (
            "one after the other",
            "<div timeContainer='seq' begin='2s'><p dur='1s'>a</p><p dur='2s'>b</p><p begin='1s' dur='1s'>c</p></div>",
            &["2.000-3.000 a", "3.000-5.000 b", "6.000-7.000 c"],
        ),
        (
            "spans in a paragraph without times",
            "<p><span begin='1s' end='2s'>One two.</span> <span begin='3s' end='4s'>Three four.</span></p>",
            &["1.000-2.000 One two.", "3.000-4.000 Three four."],
        ),
        (
            "spans that are words",
            "<p><span begin='1s' end='2s'>One</span> <span begin='3s' end='4s'>two.</span></p>",
            &["1.000-4.000 One two."],
        ),
        (
            "words in a paragraph with times",
            "<p begin='1s' end='5s'><span begin='0s' end='1s'>One</span> <span begin='1s' end='2s'>two.</span></p>",
            &["1.000-5.000 One two."],
        ),
        (
            "set is no time of a text",
            "<p begin='1s' end='5s'><set begin='2s' end='3s' color='red'/>a</p>",
            &["1.000-5.000 a"],
        ),
        (
            "a paragraph that takes the times of its division",
            "<div begin='4s' end='6s'><p>a</p></div>",
            &["4.000-6.000 a"],
        ),
        ("sloppy", "<p begin='0:17' end='00:00:18,5'>a</p>", &["17.000-18.500 a"]),
    ];
    for (what, inside, wanted) in rows {
        let transcript = parsed(&body(inside));
        let found: Vec<String> = shown(&transcript)
            .iter()
            .map(|cue| cue.split_once(' ').map_or("", |(_, rest)| rest).replace("  |", " "))
            .collect();
        assert_eq!(found, *wanted, "{what}");
    }
}

#[test]
fn what_is_not_to_be_said_is_left_out() {
    let rows = [
        ("ruby", "<p begin='1s'><span tts:ruby='base'>A</span><span tts:ruby='text'>no</span>B</p>", "AB"),
        ("hidden", "<p begin='1s'>A<span tts:display='none'>no</span></p>", "A"),
        ("space between words on lines", "<p begin='1s'>A\n   <span>B</span>\n C</p>", "A B C"),
        ("space kept", "<p begin='1s' xml:space='preserve'>A\nB</p>", "A B"),
        ("an unknown entity", "<p begin='1s'>A &nosuch; B</p>", "A B"),
        ("a lone ampersand", "<p begin='1s'>A & B</p>", "A & B"),
    ];
    for (what, inside, text) in rows {
        let transcript = parsed(&body(inside));
        let found: Vec<_> =
            transcript.stamped.iter().map(|c| c.text().split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(found, [text], "{what}");
    }
    let two = parsed(&body("<p begin='1s' end='3s'><span ttm:agent='a'>Hi.</span><span ttm:agent='b'>Ho.</span></p>"));
    assert_eq!(shown(&two), ["1 1.000-3.000  a|Hi.", "1 1.000-3.000  b|Ho."]);
}

#[test]
fn damage_is_told_with_its_line() {
    let rows = [
        ("<tt><body>\n<p begin='1s'>a</p>\n<p begin", "line 3: this is no XML at column"),
        ("<tt><body>\n<p begin='1s'>a", "line 2: the file ends inside <p>; it is cut off; export it again"),
        ("<tt>\n<body><p begin='1s'>a</span></p></body></tt>", "line 2: this is no XML at column"),
        (
            "<tt>\n<body><p begin='soon'>a</p></body></tt>",
            "line 2: begin=\"soon\" of <p> is no time; write 00:00:17.250",
        ),
        ("<tt>\n<body><p begin=1s end>a</p></body></tt>", "line 2: this is no XML: the attributes of <p>"),
        ("<tt><body/></tt>", "there is nothing in it that can be said"),
    ];
    for (text, part) in rows {
        let error = read(text.as_bytes()).map(|_| ()).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let deep = format!("<tt>{}", "<div>".repeat(100_000));
    let error = read(deep.as_bytes()).map(|_| ()).expect_err("too deep").to_string();
    assert!(error.contains("nested more than 256 deep"), "{error}");
}
