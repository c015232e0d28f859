//! Lines with labels, and which of them are believed.

use super::*;

fn believed(cues: &[&str]) -> Vec<String> {
    let mut names = Names::default();
    cues.iter().for_each(|cue| names.see(cue));
    let first = |cue: &&str| {
        let (line, more) = cue.split_once('\n').map_or((*cue, false), |(line, _)| (line, true));
        label(line, more)
            .filter(|l| names.believe(l))
            .map_or(String::new(), |l| format!("{}|{}", l.name, &line[l.place.end..]))
    };
    cues.iter().map(first).collect()
}

#[test]
fn labels_that_are_believed() {
    let rows: [(&[&str], &[&str]); 25] = [
        (&["ANNA: Hi.", "b"], &["ANNA| Hi.", ""]),
        (&["ANNA:Hi.", "b"], &["ANNA|Hi.", ""]),
        (&["Anna: Hi.", "b"], &["", ""]),
        (&["Anna: Hi.", "Anna: b"], &["Anna| Hi.", "Anna| b"]),
        (&["Anna (softly): Hi.", "Anna : b"], &["Anna| Hi.", "Anna| b"]),
        (&["- Anna: Hi.", "Anna: b"], &["Anna| Hi.", "Anna| b"]),
        (&[">> Anna: Hi.", "x"], &["Anna| Hi.", ""]),
        (
            &["Speaker 1: Hi.", "SPEAKER_00: b", "[Speaker A] c", "speaker 2: d"],
            &["Speaker 1| Hi.", "SPEAKER_00| b", "Speaker A| c", "speaker 2| d"],
        ),
        (&["[Anna] Hi.", "[Anna]: b", "[Laughs] c", "[Laughs] d"], &["Anna| Hi.", "Anna| b", "", ""]),
        (&["[Anna] Hi.", "[Ben] b"], &["Anna| Hi.", "Ben| b"]),
        (&["[Anna] Hi.", "b", "c"], &["", "", ""]),
        (&["[MAN]: Hi.", "b", "c"], &["MAN| Hi.", "", ""]),
        (&["[ANNA]", "[ANNA] b", "[BEN]"], &["ANNA|", "ANNA| b", ""]),
        (&["[ANNA]", "ANNA: b", "[BEN]"], &["ANNA|", "ANNA| b", ""]),
        (&["[ANNA]\nHi.", "[ANNA]\nb", "[ANNA]"], &["ANNA|", "ANNA|", "ANNA|"]),
        (&["[Music]\nHi.", "[Music]\nb", "[Door]\nc", "[Door]\nd"], &["", "", "", ""]),
        (&["(ANNA)\nHi.", "(ANNA)\nb"], &["", ""]),
        (&["(ANNA) Hi.", "(ANNA) b"], &["ANNA| Hi.", "ANNA| b"]),
        (&["Anna Smith\nHi.", "Anna Smith\nb", "x"], &["Anna Smith|", "Anna Smith|", ""]),
        (&["ANNA SMITH\nHI.", "ANNA SMITH\nYES."], &["", ""]),
        (&["No\nI did not.", "No\nI will not."], &["", ""]),
        (&["Note: this", "Note: that", "NOTE: x"], &["", "", ""]),
        (&["He said: this", "He said: that", "10:30: x", "I tell you: no"], &["", "", "", ""]),
        (&["Jean de La Tour : oui", "Jean de La Tour : non"], &["Jean de La Tour| oui", "Jean de La Tour| non"]),
        (&["Https://x.org", "See: https://x.org"], &["", ""]),
    ];
    for (cues, expected) in rows {
        assert_eq!(believed(cues), expected, "{cues:?}");
    }
}

#[test]
fn signs_a_line_begins_with() {
    let rows = [
        ("- Hi", Opening::Dash, 2),
        ("-Hi", Opening::Dash, 1),
        ("— Bonjour", Opening::Dash, 4),
        ("-- and then", Opening::Plain, 0),
        ("-5 degrees", Opening::Plain, 0),
        ("-...what?", Opening::Dash, 1),
        (">> Hi", Opening::Arrows, 3),
        (">>>Hi", Opening::Arrows, 3),
        ("> Hi", Opening::Plain, 0),
        ("Hi", Opening::Plain, 0),
        ("-", Opening::Plain, 0),
    ];
    for (line, opening_of, bytes) in rows {
        assert_eq!(opening(line), (opening_of, bytes), "{line:?}");
    }
}
