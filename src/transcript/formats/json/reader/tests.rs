//! What is read of JSON, what is let pass with a note, and what every kind of damage is told as.

use super::*;

/// Every value in order, each with its place and its line.
fn walk(text: &str) -> Result<(Vec<String>, Vec<Note>)> {
    let mut json = Json::new(text);
    let mut seen = Vec::new();
    let value = json.value()?;
    show(&mut json, &value, &mut seen);
    let mut kinds = vec![matches!(value, Value::List | Value::Object).then_some(value == Value::List)];
    while let Some(Some(list)) = kinds.last().copied() {
        if if list { json.item()? } else { json.key()?.is_some() } {
            let value = json.value()?;
            show(&mut json, &value, &mut seen);
            if matches!(value, Value::List | Value::Object) {
                kinds.push(Some(value == Value::List));
            }
        } else {
            kinds.pop();
        }
    }
    let notes = json.notes();
    Ok((seen, notes))
}

fn show(json: &mut Json<'_>, value: &Value<'_>, seen: &mut Vec<String>) {
    let shown = match value {
        Value::Text(text) => format!("'{text}'"),
        Value::Number(number) => (*number).to_owned(),
        Value::Bool(truth) => truth.to_string(),
        other => other.name().to_owned(),
    };
    // Where a list or an object begins, its own place is not yet known to have members.
    seen.push(format!("{}:{} {shown}", json.line(), json.place()));
}

#[test]
fn values_have_their_lines_and_places() {
    let text = "{\n \"a\": [1, -2.5e3, null,\n true, false], \"b\": {\"c\": \"x\\ny \\u00e9 \\ud83d\\ude00 \\\"\\/\"},\n \"\": []}";
    let (seen, notes) = walk(text).expect("it is JSON");
    let wanted = [
        "1:the JSON an object",
        "2:a a list",
        "2:a[0] 1",
        "2:a[1] -2.5e3",
        "2:a[2] null",
        "3:a[3] true",
        "3:a[4] false",
        "3:b an object",
        "3:b.c 'x\ny é 😀 \"/'",
        "4:the JSON a list",
    ];
    assert_eq!((seen, notes), (wanted.map(str::to_owned).to_vec(), Vec::new()));
}

#[test]
fn what_programs_write_all_the_same_is_read_with_a_note() {
    let rows = [
        ("[1, 2,\n]", "2 json-comma", "1:[1] 2"),
        ("{\"a\": NaN}", "1 json-nan", "1:a NaN"),
        ("[-Infinity,\nInfinity]", "1 json-nan", "2:[1] Infinity"),
        ("[\n\"cut \\ud83d\"]", "2 json-half-character", "2:[0] 'cut \u{fffd}'"),
        ("[\"\\udc00\\ud800\"]", "1 json-half-character", "1:[0] '\u{fffd}\u{fffd}'"),
        ("[\"two\nlines\tx\"]", "1 json-control", "2:[0] 'two lines x'"),
    ];
    for (text, note, last) in rows {
        let (seen, notes) = walk(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let notes: Vec<String> = notes.iter().map(|n| format!("{} {}", n.line.unwrap_or(0), n.code)).collect();
        assert_eq!((notes, seen.last().map(String::as_str)), (vec![note.to_owned()], Some(last)), "{text}");
    }
}

#[test]
fn damage_is_told_with_its_place_and_what_was_expected() {
    let rows = [
        ("", "line 1: the JSON ends at column 1, in the JSON, where a value should follow; it is cut off"),
        ("{\"a\": [{\"b\": \"tex", "ends at column 18, in a[0].b, where the closing quote of a string should follow"),
        ("{\"a\": [1, 2", "line 1: the JSON ends at column 12, in a[1], where ']' should follow; it is cut off"),
        ("{\"a\": [1,\n\n", "line 3: the JSON ends at column 1, in a[0], where ']' should follow"),
        ("{\"a\"", "where ':' after a name should follow"),
        ("{\"a\": 1 \"b\": 2}", "this is no JSON: ',' or '}' is expected at column 9 (in a), not '\"'"),
        ("[\n 1\n 2]", "line 3: this is no JSON: ',' or ']' is expected at column 2 (in [0]), not '2'"),
        ("{a: 1}", "a name in double quotes or '}' is expected at column 2 (in the JSON), not 'a'"),
        ("{'a': 1}", "write it with Python's json.dump"),
        ("{\"a\": None}", "write it with Python's json.dump"),
        ("[01x]", "',' or ']' is expected at column 4"),
        ("[1.]", "a number is expected at column 2"),
        ("[-]", "a number is expected"),
        ("[\"\\x\"]", "one of \"\\/bfnrtu after a backslash is expected"),
        ("[\"\\u12g4\"]", "four hexadecimal digits after \\u is expected"),
        ("[\"\\u12", "four hexadecimal digits after \\u should follow"),
        ("[nul]", "a value is expected at column 2"),
    ];
    for (text, part) in rows {
        let error = walk(text).map(|_| ()).expect_err(text).to_string();
        assert!(error.contains(part), "{text:?}: {error}");
    }
}

#[test]
fn no_nesting_is_too_deep_to_be_refused() {
    for open in ["[", "{\"a\":"] {
        let error = walk(&open.repeat(1_000_000)).map(|_| ()).expect_err("too deep");
        assert!(error.to_string().contains("nested more than 256 deep"), "{error}");
        let mut json = Json::new("[]");
        assert!(json.skip().is_ok() && !json.more());
    }
    let fine = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(Json::new(&fine).skip().is_ok());
}
