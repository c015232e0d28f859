//! In: the reports on all lines of a track. Out: the same in a few numbers. Judges nothing anew.

use super::cues::{CueReport, Status};
use super::rounded;
use serde::Serialize;

/// All lines of a track together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Lines in all.
    pub cues: usize,
    /// Lines that were spoken.
    pub spoken: usize,
    /// Lines with nothing to say.
    pub skipped: usize,
    /// Lines that began noticeably late.
    pub late: usize,
    /// Lines that began noticeably early.
    pub early: usize,
    /// Lines that were hurried.
    pub hurried: usize,
    /// Lines that ended noticeably past their window, or were cut there.
    pub overrun: usize,
    /// Lines of which something was cut.
    pub cut: usize,
    /// The fastest rate.
    pub max_rate: f64,
    /// Standard deviation of the rates.
    pub rate_sd: f64,
    /// Median of the distances between stamps and starts, in seconds.
    pub start_error_p50_s: f64,
    /// 95th percentile of the same.
    pub start_error_p95_s: f64,
    /// The largest of the same.
    pub start_error_max_s: f64,
    /// Seconds of speech.
    pub speech_s: f64,
}

pub(super) fn summary(cues: &[CueReport]) -> Summary {
    let spoken: Vec<&CueReport> = cues.iter().filter(|c| c.speech_start.is_some()).collect();
    let rates: Vec<f64> = spoken.iter().map(|c| c.rate).collect();
    let mut errors: Vec<f64> = spoken.iter().filter(|c| c.start.is_some()).map(|c| c.start_error_s.abs()).collect();
    errors.sort_by(f64::total_cmp);
    Summary {
        cues: cues.len(),
        spoken: spoken.len(),
        skipped: cues.iter().filter(|c| c.status == Status::Skipped).count(),
        late: spoken.iter().filter(|c| c.late).count(),
        early: spoken.iter().filter(|c| c.early).count(),
        hurried: spoken.iter().filter(|c| c.hurried).count(),
        overrun: cues.iter().filter(|c| c.overran).count(),
        cut: cues.iter().filter(|c| c.cut_s > 0.0).count(),
        max_rate: rounded(rates.iter().copied().fold(0.0, f64::max)),
        rate_sd: rounded(deviation(&rates)),
        start_error_p50_s: rounded(percentile(&errors, 0.5)),
        start_error_p95_s: rounded(percentile(&errors, 0.95)),
        start_error_max_s: rounded(errors.last().copied().unwrap_or(0.0)),
        speech_s: rounded(spoken.iter().map(|c| c.spoken_s).sum()),
    }
}

fn deviation(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt()
}

/// Between the two nearest of sorted values, in proportion.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = share * last as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_the_nearest_values() {
        assert_eq!(percentile(&[], 0.5), 0.0);
        assert_eq!(percentile(&[3.0], 0.95), 3.0);
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5);
        assert_eq!(percentile(&[0.0, 1.0], 0.95), 0.95);
        assert_eq!(deviation(&[1.0, 3.0]), 1.0);
        assert_eq!(deviation(&[]), 0.0);
    }
}
