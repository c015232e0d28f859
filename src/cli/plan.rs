//! In: `plan` and its options. Out: when each line would be spoken and how fast, as a table or as JSON. Speaks nothing.

use super::args::PlanArgs;
use super::exit::Exit;
use super::options::{Layers, TrackOptions};
use super::progress::{Say, Watcher};
use super::table::Table;
use super::{make, names, notes, print_out, render};
use cuevox::error::{Error, Kind, Result};
use cuevox::report::{self, Report, TrackReport};
use cuevox::time::Ticks;
use cuevox::wav::Layout;

pub(super) fn run(args: &PlanArgs) -> Result<Exit> {
    let layout = Layout::default();
    let say = Say::new(args.manner.common.quiet, args.manner.verbose);
    let watcher = Watcher::new(say);
    let studio = render::studio(&options(args, say)?, &args.manner)?;
    let bytes = names::read(&args.input)?;
    let planned = studio.plan(&bytes, &watcher).map_err(|e| render::placed(e, &args.input))?;
    watcher.clear();
    if say == Say::Everything {
        say.line(&watcher.stages().text());
    }
    let tracks = planned.tracks.iter().map(|t| report::track(t, layout.sample_rate, None)).collect();
    let report = report::report(make::input_of(&args.input, &bytes, &planned), &planned, tracks);
    if args.json {
        let json = serde_json::to_string_pretty(&report)
            .map_err(|e| Error::new(Kind::Output, "the plan cannot be printed").because(e))?;
        print_out(&(json + "\n"))?;
    } else {
        notes::tell(&report.notes, names::called(&args.input), say);
        print_out(&tables(&report))?;
    }
    let missed = args.manner.strict && render::missed(&report.tracks);
    Ok(if missed { Exit::Missed } else { Exit::Done })
}

/// The options that decide about the plan.
fn options(args: &PlanArgs, say: Say) -> Result<TrackOptions> {
    let PlanArgs { lines, place, plan, length, .. } = args;
    let (lines, place, plan, length) = (lines.clone(), place.clone(), plan.clone(), length.clone());
    let typed = TrackOptions { lines, place, plan, length, ..TrackOptions::default() };
    let mut layers = Layers::new(&typed, &args.config)?;
    let number = layers.of(&args.input, None)?;
    layers.told().iter().for_each(|line| say.line(line));
    let TrackOptions { lines, place, plan, length, .. } = layers.sets()[number].clone();
    Ok(TrackOptions { lines, place, plan, length, ..TrackOptions::default() })
}

fn tables(report: &Report) -> String {
    report.tracks.iter().map(table).collect::<Vec<_>>().join("\n")
}

fn table(track: &TrackReport) -> String {
    let mut table = Table::new(&["line", "stamp", "start", "end", "rate", "", "text"]);
    for cue in &track.cues {
        let time = |at: Option<f64>| at.map_or_else(String::new, |s| Ticks::from_secs(s).to_string());
        let start = cue.speech_start.map(|s| Ticks::from_secs(s).to_string()).unwrap_or_default();
        let rate = if cue.speech_start.is_some() { format!("{:.2}", cue.rate) } else { String::new() };
        let text = match cue.remark.as_str() {
            "" => cue.text.clone(),
            remark => format!("[{remark}] {}", cue.text),
        };
        table.row(&[cue.line.to_string(), time(cue.start), start, time(cue.speech_end), rate, bar(cue.rate), text]);
    }
    let summary = &track.summary;
    format!(
        "{}{}: {} spoken, {} skipped, {} late, {} early, {} hurried, {} past their window, {} cut; fastest {:.2}, deviation of the rates {:.3}\n",
        table.text(),
        track.kind,
        summary.spoken,
        summary.skipped,
        summary.late,
        summary.early,
        summary.hurried,
        summary.overrun - summary.cut,
        summary.cut,
        summary.max_rate,
        summary.rate_sd
    )
}

/// A rate as a bar around the middle, which is the voice's own pace; each sign is five hundredths.
fn bar(rate: f64) -> String {
    let steps = ((rate - 1.0) / 0.05).round().clamp(-6.0, 8.0) as i32;
    let slower: String = (-6..0).map(|i| if i >= steps { '◂' } else { ' ' }).collect();
    let faster: String = (1..=8).map(|i| if i <= steps { '▸' } else { ' ' }).collect();
    format!("{slower}│{faster}")
}
