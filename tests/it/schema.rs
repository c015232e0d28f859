//! Real reports, held against `docs/report.schema.json`: nothing in a report that the schema does not know, and nothing
//! in the schema that no report has.
//!
//! The validator knows exactly the keywords that the schema uses and stops at any other. A crate would bring features of
//! serde_json and syn into the build of the tests that the program itself is built without.

use crate::support::Place;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PROSE: &str = "\
A few words about the harbour come first, (door closes) and they have no time of their own.

A second paragraph follows at leisure.
";

/// A line with too much to say, music, and a sentence over three lines that does not fit either.
const OVERFULL: &str = "\
00:01.000 This line has a very great deal more to say than the two seconds it was given by whoever wrote the stamps.
00:03.000 Short one.
00:04 ♪ ♪
00:05.000 And here a sentence that begins in this line and goes on
00:06.000 much too long in the line that follows, so that nothing fits any more at all,
00:07.500 and ends here.
00:18.000 Done.
";

/// One line that has to be spoken a little faster, one that ends past its window, and the one it pushes.
const TIGHT: &str = "\
00:02 One.
00:04 A line that has a little more to say than it has time, by a sixth or so.
00:08 Next.
00:20 Another that is far too long for the moment it is given, whatever anyone does.
00:22 The end of it.
";

/// A line that can only be over by the end of the track if it begins before its stamp.
const EARLY: &str = "\
00:02.000 One.
00:10.000 Another that is far too long for the moment it is given, whatever anyone does.
";

const SPEAKERS: &str = "\
1
00:00:01,000 --> 00:00:03,000
ANNA: The tide comes in.

2
00:00:04,000 --> 00:00:06,000
BEN: Then we had better go.

3
00:00:07,000 --> 00:00:08,500
ANNA: La mer monte.
";

/// The schema.
fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/report.schema.json")).expect("the schema is JSON")
}

/// What checking a value came to.
#[derive(Default)]
struct Checked {
    /// Where the value breaks the schema, and how.
    faults: Vec<String>,
    /// The schema's fields that the value has, as `/$defs/cue/start`.
    seen: BTreeSet<String>,
}

/// A schema inside the whole schema, and where it stands there.
#[derive(Clone)]
struct Part<'a> {
    whole: &'a Value,
    here: &'a Value,
    place: String,
}

impl<'a> Part<'a> {
    fn root(whole: &'a Value) -> Part<'a> {
        Part { whole, here: whole, place: String::new() }
    }

    /// The schema that a reference within this document names.
    fn referred(&self, reference: &str) -> Part<'a> {
        let place = reference.strip_prefix('#').expect("a reference into the schema itself");
        let here = self.whole.pointer(place).unwrap_or_else(|| panic!("{reference} is not in the schema"));
        Part { whole: self.whole, here, place: place.to_owned() }
    }

    /// The schema of a field.
    fn field(&self, name: &str) -> Option<Part<'a>> {
        let here = self.here["properties"].get(name)?;
        Some(Part { whole: self.whole, here, place: format!("{}/{name}", self.place) })
    }
}

/// Whether a value is of a type of JSON Schema.
fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        _ => panic!("'{kind}' is no type"),
    }
}

/// A string in a schema.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string"))
}

/// Checks `value`, which stands at `at` in the report, against a schema.
fn check(part: &Part<'_>, value: &Value, at: &str, checked: &mut Checked) {
    for (keyword, wanted) in part.here.as_object().expect("a schema is an object") {
        let limit = || wanted.as_f64().unwrap_or_else(|| panic!("{keyword}: {wanted}"));
        let letters = value.as_str().map(|s| s.chars().count() as f64);
        let elements = value.as_array().map(|list| list.len() as f64);
        let right = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "properties" => true,
            "type" => match wanted {
                Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, text(kind))),
                kind => is_of(value, text(kind)),
            },
            "const" => value == wanted,
            "enum" => wanted.as_array().is_some_and(|all| all.contains(value)),
            "minimum" => value.as_f64().is_none_or(|n| n >= limit()),
            "minLength" => letters.is_none_or(|n| n >= limit()),
            "maxLength" => letters.is_none_or(|n| n <= limit()),
            "minItems" => elements.is_none_or(|n| n >= limit()),
            "maxItems" => elements.is_none_or(|n| n <= limit()),
            "required" => {
                let names = wanted.as_array().into_iter().flatten().map(text);
                names.filter(|name| value.is_object() && value.get(name).is_none()).count() == 0
            }
            "additionalProperties" => {
                assert_eq!(wanted, &json!(false), "only `false` is understood");
                let names = value.as_object().into_iter().flatten().map(|(name, _)| name);
                for name in names.filter(|name| part.field(name).is_none()) {
                    checked.faults.push(format!("{at}.{name}: {keyword}: the schema does not know it"));
                }
                true
            }
            "items" => {
                let inner = Part { whole: part.whole, here: wanted, place: format!("{}/[]", part.place) };
                for (index, element) in value.as_array().into_iter().flatten().enumerate() {
                    check(&inner, element, &format!("{at}[{index}]"), checked);
                }
                true
            }
            "$ref" => {
                check(&part.referred(text(wanted)), value, at, checked);
                true
            }
            _ => panic!("this test does not know the keyword '{keyword}'"),
        };
        if !right {
            checked.faults.push(format!("{at}: {keyword}: {wanted}, but it is {value}"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        if let Some(field) = part.field(name) {
            checked.seen.insert(field.place.clone());
            check(&field, inner, &format!("{at}.{name}"), checked);
        }
    }
}

/// Every field that a schema and the schemas in it describe; each must say what it is.
fn described(place: &str, schema: &Value, fields: &mut BTreeSet<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        assert!(field.get("$ref").is_some() || field["description"].is_string(), "{place} is not described");
        fields.insert(place);
    }
    for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
        assert!(inner["description"].is_string(), "{name} is not described");
        assert_eq!(inner["additionalProperties"], json!(false), "{name} is open");
        described(&format!("{place}/$defs/{name}"), inner, fields);
    }
}

/// A run of the program: the command, what the transcript is called, what stands in it, and further options.
struct Case {
    command: &'static str,
    name: &'static str,
    transcript: &'static str,
    options: &'static str,
}

const CASES: &[Case] = &[
    Case { command: "render", name: "talk.txt", transcript: PROSE, options: "" },
    Case { command: "render", name: "talk.txt", transcript: OVERFULL, options: "--captions vtt --caption-words" },
    Case { command: "render", name: "talk.txt", transcript: OVERFULL, options: "--overflow trim --html page.html" },
    Case { command: "render", name: "talk.txt", transcript: OVERFULL, options: "--overflow push --loudness off" },
    Case { command: "render", name: "talk.txt", transcript: OVERFULL, options: "--background tone.flac -o t.flac" },
    Case {
        command: "render",
        name: "talk.txt",
        transcript: OVERFULL,
        options: "--from 2 --to 9 --offset 1.5 --scale 25:24 --bits 24 --channels 2",
    },
    Case { command: "render", name: "talk.srt", transcript: SPEAKERS, options: "--stems lines" },
    Case { command: "plan", name: "talk.txt", transcript: TIGHT, options: "--json" },
    Case { command: "plan", name: "talk.txt", transcript: EARLY, options: "--json --lead 3 --total 12" },
];

/// The report of a run.
fn report(case: &Case) -> Value {
    let place = Place::with(&[(case.name, case.transcript)]);
    place.write("tone.flac", include_bytes!("../data/media/tone.flac"));
    let mut all = vec![case.command, case.name, "-q"];
    all.extend(case.options.split_whitespace());
    if case.command == "plan" {
        return serde_json::from_str(&place.tone(&all).ends_with(0).out).expect("JSON");
    }
    all.extend(["--report", "report.json"]);
    place.tone(&all).ends_with(0);
    place.json("report.json")
}

#[test]
fn reports_have_what_the_schema_says_and_nothing_else() {
    let schema = schema();
    let (mut seen, mut statuses) = (BTreeSet::new(), BTreeSet::new());
    for case in CASES {
        let report = report(case);
        let mut checked = Checked::default();
        check(&Part::root(&schema), &report, "", &mut checked);
        assert!(checked.faults.is_empty(), "{} {}: {:#?}", case.command, case.options, checked.faults);
        seen.extend(checked.seen);
        for track in report["tracks"].as_array().expect("tracks") {
            statuses.extend(track["cues"].as_array().expect("cues").iter().map(|cue| text(&cue["status"]).to_owned()));
        }
    }
    let mut fields = BTreeSet::new();
    described("", &schema, &mut fields);
    let unseen: Vec<&String> = fields.difference(&seen).collect();
    assert!(unseen.is_empty(), "the schema has what no report has: {unseen:?}");
    let all = ["cut", "early", "hurried", "late", "ok", "overrun", "skipped"];
    assert_eq!(statuses.iter().map(String::as_str).collect::<Vec<_>>(), all, "each kind of line is there");
}

#[test]
fn what_breaks_the_schema_is_found() {
    let schema = schema();
    let right = report(&CASES[1]);
    let broken: [(&str, Value, &str); 9] = [
        ("/program", Value::Null, "type"),
        ("/version", json!(2), "const"),
        ("/input/format", json!("docx"), "enum"),
        ("/input/sha256", json!("12"), "minLength"),
        ("/tracks/0/novel", json!(1), "additionalProperties"),
        ("/tracks/0/cues/0/rate", json!(-1), "minimum"),
        ("/tracks/0/cues/0/index", json!(1.5), "type"),
        ("/tracks/0/cues/0/words/0/start", json!("0:01"), "type"),
        ("/tracks/0/cues/0/words/0", json!({"text": "This", "start": 1}), "required"),
    ];
    for (place, value, keyword) in broken {
        let mut report = right.clone();
        let (parent, name) = place.rsplit_once('/').expect("a pointer");
        match report.pointer_mut(parent).expect("it is there") {
            Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
            Value::Array(list) => list[0] = value,
            other => panic!("{place} is in {other}"),
        }
        let mut checked = Checked::default();
        check(&Part::root(&schema), &report, "", &mut checked);
        assert_eq!(checked.faults.len(), 1, "{place}: {:?}", checked.faults);
        assert!(checked.faults[0].contains(&format!(": {keyword}: ")), "{place}: {:?}", checked.faults);
    }
}
