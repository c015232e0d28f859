//! Every way to write a stamp, and what only looks like one.

use super::*;

fn ms(ticks: Ticks) -> i64 {
    ticks.0 / Ticks::from_millis(1).0
}

#[test]
fn every_way_to_write_a_start() {
    let rows = [
        ("00:17 Hello", 17_000, "Hello"),
        ("0:17 Hello", 17_000, "Hello"),
        ("  0:17\tHello ", 17_000, "Hello"),
        ("1:02:03 Hello", 3_723_000, "Hello"),
        ("01:02:03.004 Hello", 3_723_004, "Hello"),
        ("75:10 Hello", 4_510_000, "Hello"),
        ("100:00:00 Hello", 360_000_000, "Hello"),
        ("00:17.5 Hello", 17_500, "Hello"),
        ("00:17,250 Hello", 17_250, "Hello"),
        ("01:00:00:12 Hello", 3_600_000, "Hello"),
        ("01:00:00;12 Hello", 3_600_000, "Hello"),
        ("[00:17] Hello", 17_000, "Hello"),
        ("[ 00:17 ] Hello", 17_000, "Hello"),
        ("(00:17)Hello", 17_000, "Hello"),
        ("<00:17> Hello", 17_000, "Hello"),
        ("{0:17}: Hello", 17_000, "Hello"),
        ("**[00:17]** Hello", 17_000, "Hello"),
        ("**00:17** Hello", 17_000, "Hello"),
        ("[0:17](https://example.org/v?t=17) Hello", 17_000, "Hello"),
        ("- 00:17 Hello", 17_000, "Hello"),
        ("• 00:17 – Hello", 17_000, "Hello"),
        ("00:17 - Hello", 17_000, "Hello"),
        ("00:17 — Hello", 17_000, "Hello"),
        ("00:17: Hello", 17_000, "Hello"),
        ("00:17 | Hello", 17_000, "Hello"),
        ("00:17. Hello", 17_000, "Hello"),
        ("00:17 ... and so", 17_000, "... and so"),
        ("00:17 -5 degrees", 17_000, "-5 degrees"),
        ("00:17 10:30 is when we meet", 17_000, "10:30 is when we meet"),
        ("0:17Hello", 17_000, "Hello"),
        ("00:30 am I right?", 30_000, "am I right?"),
        ("00:17", 17_000, ""),
        ("[00:17]", 17_000, ""),
        ("00:17 -", 17_000, ""),
        ("00:17 ♪", 17_000, "♪"),
    ];
    for (line, start, text) in rows {
        let stamp = stamp(line).unwrap_or_else(|no| panic!("{line}: {no:?}"));
        assert_eq!((ms(stamp.start), stamp.end, stamp.text), (start, None, text), "{line}");
    }
}

#[test]
fn every_way_to_write_a_start_and_an_end() {
    let rows = [
        ("00:17 - 00:22 Hello", "Hello"),
        ("00:17-00:22 Hello", "Hello"),
        ("00:17 – 00:22: Hello", "Hello"),
        ("00:17 — 00:22 - Hello", "Hello"),
        ("00:17 --> 00:22", ""),
        ("00:00:17,000 --> 00:00:22,000", ""),
        ("00:17 → 0:22 Hello", "Hello"),
        ("[00:17 - 00:22] Hello", "Hello"),
        ("(00:17-00:22) Hello", "Hello"),
        ("[00:17] - [00:22] Hello", "Hello"),
        ("00:17\t00:22\tHello", "Hello"),
    ];
    for (line, text) in &rows {
        let stamp = stamp(line).unwrap_or_else(|no| panic!("{line}: {no:?}"));
        assert_eq!((ms(stamp.start), stamp.end.map(ms), stamp.text), (17_000, Some(22_000), *text), "{line}");
        assert!(stamp.sure);
    }
}

#[test]
fn what_is_no_stamp() {
    let rows = [
        ("", NoStamp::Text),
        ("Hello 00:17", NoStamp::Text),
        ("1:2 Hello", NoStamp::Text),
        ("12:345 Hello", NoStamp::Text),
        ("1234:56 Hello", NoStamp::Text),
        ("00:17, we met", NoStamp::Text),
        ("10:30am is early", NoStamp::Text),
        ("10:30 a.m. is early", NoStamp::Text),
        ("10:30 PM was late", NoStamp::Text),
        ("10:30h", NoStamp::Text),
        ("10:30 am is early", NoStamp::Text),
        ("16:9 is a shape", NoStamp::Text),
        ("[00:17 Hello", NoStamp::Text),
        ("[00:17 - Anna] Hello", NoStamp::Text),
        ("1:02:03:04:05 x", NoStamp::Text),
        ("00:75 Hello", NoStamp::Impossible),
        ("1:60:00 Hello", NoStamp::Impossible),
        ("[00:60] Hello", NoStamp::Impossible),
    ];
    for (line, no) in rows {
        assert_eq!(stamp(line), Err(no), "{line}");
    }
}

#[test]
fn a_stamp_is_as_precise_as_it_is_written() {
    let rows = [("0:17", 1_000_000), ("0:17.5", 100_000), ("0:17.25", 10_000), ("0:17,250", 1_000), ("0:17.123456", 1)];
    for (line, micros) in rows {
        let grain = stamp(line).unwrap().grain;
        assert!((grain.0 - micros * 7056 / 10).abs() <= 1, "{line}: {grain:?}");
    }
    assert_eq!(stamp("0:17.123456789").unwrap().grain, Ticks(1));
    assert_eq!(stamp("01:00:00:12").unwrap().grain, Ticks::from_millis(1000));
}

#[test]
fn a_time_of_day_is_not_surely_a_stamp() {
    let rows = [("10:30 is when we meet", false), ("1:05 Hello", false), ("[1:05] Hello", true), ("1:05", true)];
    for (line, sure) in rows.into_iter().chain([("01:05 Hello", true), ("1:00:05 Hello", true), ("1:05.0 x", true)]) {
        assert_eq!(stamp(line).unwrap().sure, sure, "{line}");
    }
}
