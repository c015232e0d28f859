//! Lines that are shown again, and lines that are said again.

use super::super::markup::strip;
use super::*;
use crate::transcript::raw::Markup;

/// Each line as `place-end: times of its words`, in milliseconds, and the places of those that show it again.
fn found(cues: &[(i64, i64, &str)]) -> Vec<String> {
    let mut lines = Lines::default();
    for (place, (start, end, text)) in cues.iter().enumerate() {
        let (start, end) = (Ticks::from_millis(*start), Some(Ticks::from_millis(*end)));
        let text = strip(text, Markup::Srt);
        lines.see(place, &Shown { start, end, text: &text.text, looks: text.looks() });
    }
    let Karaoke { held, mut again } = lines.finish();
    again.sort_unstable();
    let ms = |time: Ticks| time.0 / Ticks::from_millis(1).0;
    let word = |word: &WordTime| format!(" {}@{}", word.at, ms(word.start));
    let line = |(place, held): (&usize, &Held)| {
        format!("{place}-{}:{}", ms(held.end), held.words.iter().map(word).collect::<String>())
    };
    let mut shown: Vec<String> = held.iter().map(line).collect();
    shown.extend(again.iter().map(|(place, bytes)| format!("{place}+{bytes}")));
    shown
}

/// What it is, the cues, what is found.
type Row<'a> = (&'a str, &'a [(i64, i64, &'a str)], &'a [&'a str]);

#[test]
fn a_highlight_that_moves_makes_one_line_of_many_cues() {
    let rows: &[Row<'_>] = &[
        (
            "underlined, with a cue where nobody speaks",
            &[
                (0, 300, "<u>The</u> tide turns"),
                (300, 900, "The tide turns"),
                (900, 1200, "The <u>tide</u> turns"),
                (1200, 1500, "The tide <u>turns</u>"),
                (1500, 2500, "Nobody sees it"),
            ],
            &["0-1500: 0@0 4@900 9@1200", "1+14", "2+14", "3+14"],
        ),
        (
            "colour that grows, all in italics",
            &[
                (0, 300, "<i><font color=red>The</font> tide turns</i>"),
                (300, 600, "<i><font color=red>The tide</font> turns</i>"),
                (600, 900, "<i><font color=red>The tide turns</font></i>"),
            ],
            &["0-900: 0@0 4@300 9@600", "1+14", "2+14"],
        ),
        (
            "every word has a colour",
            &[
                (0, 300, "<font color=g>Thank</font> <font color=w>you so</font>"),
                (300, 600, "<font color=w>Thank</font> <font color=g>you</font> <font color=w>so</font>"),
                (600, 900, "<font color=w>Thank you</font> <font color=g>so</font>"),
            ],
            &["0-900: 0@0 6@300 10@600", "1+12", "2+12"],
        ),
        (
            "a refrain is said twice, the pause before it is its own",
            &[
                (0, 400, "<b>Row</b> on"),
                (400, 800, "Row <b>on</b>"),
                (800, 1500, "Row on"),
                (1500, 1900, "<b>Row</b> on"),
                (1900, 2300, "Row <b>on</b>"),
            ],
            &["0-800: 0@0 4@400", "2-2300: 0@1500 4@1900", "1+6", "3+6", "4+6"],
        ),
        (
            "one word, in a file where highlights move",
            &[
                (0, 400, "<u>Row</u> on"),
                (400, 800, "Row <u>on</u>"),
                (2000, 2300, "No."),
                (2300, 2600, "<u>No.</u>"),
                (3000, 3300, "Yes."),
                (3300, 3600, "<i>Yes.</i>"),
            ],
            &["0-800: 0@0 4@400", "2-2600: 0@2300", "1+6", "3+3"],
        ),
        (
            "nothing is left of the highlight, and nobody speaks so fast",
            &[(0, 200, "The tide turns"), (200, 400, "The tide turns"), (400, 700, "The tide turns")],
            &["0-700:", "1+14", "2+14"],
        ),
    ];
    for (what, cues, wanted) in rows {
        assert_eq!(&found(cues), wanted, "{what}");
    }
}

#[test]
fn what_is_said_again_is_no_line_shown_again() {
    let rows: &[&[(i64, i64, &str)]] = &[
        &[(0, 400, "No."), (400, 800, "No."), (800, 1200, "No.")],
        &[(0, 400, "No."), (400, 800, "<i>No.</i>")],
        &[(0, 250, "very"), (250, 500, "very"), (500, 750, "very")],
        &[(0, 900, "You <i>said</i> that."), (900, 1900, "You said <i>that</i>.")],
        &[(0, 400, "<u>Row</u> on"), (900, 1300, "Row <u>on</u>")],
        &[(0, 900, "<i>Row on</i>"), (900, 1800, "<i>Row on</i>"), (1800, 2700, "<i>Row on</i>")],
        &[(0, 900, "the tide turns"), (900, 1800, "the tide turns")],
    ];
    for cues in rows {
        assert_eq!(found(cues), [""; 0], "{cues:?}");
    }
}
