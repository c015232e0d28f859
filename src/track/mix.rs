//! In: the speech, and what lies under it. Out: their sum, part by part, exactly as long as the track. Decides no level but
//! that of the background against the speech.

use super::Background;
use super::spool::Spool;
use crate::audio::duck::Ducker;
use crate::audio::media::Sound;
use crate::audio::resample::Stream;
use crate::error::{Error, Kind, Result, Setting, advice};
use std::collections::VecDeque;

/// Frames of a part.
const PART: u64 = 1 << 14;

/// How long a background that goes on beyond the end of the track fades, in seconds.
const FADE: f64 = 1.0;

/// The sum of speech and background.
pub(super) struct Mix<'a> {
    spool: &'a mut Spool,
    under: Option<Under>,
    frames: u64,
    at: u64,
    speech: Vec<f32>,
    /// Samples of a frame.
    pub(super) width: u16,
}

/// The background on its way.
struct Under {
    sound: Sound,
    rates: Vec<Stream>,
    /// Frames that are ready, channel by channel.
    ready: Vec<VecDeque<f32>>,
    over: bool,
    gain: f32,
    ducker: Ducker,
    gains: Vec<f32>,
    /// The end of the track, and how many frames before it the sound begins to fade; none if it ends by itself.
    fade: Option<(u64, u64)>,
    /// Its frame that the track begins with, and how many before that are still to be left out.
    from: u64,
    skip: u64,
}

impl<'a> Mix<'a> {
    /// The sum of `frames` samples at `rate` Hz. The background, in `channels` channels, is no louder than the speech,
    /// whose loudness in one channel is `lufs`.
    pub(super) fn open(
        spool: &'a mut Spool,
        background: Option<&Background>,
        (rate, channels, frames): (u32, u16, u64),
        lufs: Option<f64>,
    ) -> Result<Mix<'a>> {
        let under = background.map(|b| Under::open(b, (rate, channels), lufs)).transpose()?;
        let width = if under.is_some() { channels } else { 1 };
        Ok(Mix { spool, under, frames, at: 0, speech: Vec::new(), width })
    }

    /// The next frames, interleaved; none at the end.
    pub(super) fn part(&mut self, out: &mut Vec<f32>) -> Result<bool> {
        let count = (self.frames - self.at).min(PART) as usize;
        out.clear();
        if count == 0 {
            return Ok(false);
        }
        self.speech.resize(count, 0.0);
        self.spool.read(self.at, &mut self.speech)?;
        match &mut self.under {
            None => out.extend_from_slice(&self.speech),
            Some(under) => under.add_to(&self.speech, self.at, out)?,
        }
        self.at += count as u64;
        Ok(true)
    }
}

impl Under {
    fn open(background: &Background, (rate, channels): (u32, u16), lufs: Option<f64>) -> Result<Under> {
        let sound = Sound::open(&background.path, channels)?;
        let streams = (0..channels).map(|_| Stream::new(sound.rate(), rate)).collect::<Option<Vec<_>>>();
        let rates = streams.ok_or_else(|| {
            Error::new(Kind::Usage, format!("sound of {} Hz cannot be brought to {rate} Hz", sound.rate()))
                .in_file(&background.path)
                .with_remedy(advice!["use another ", Setting::SampleRate])
        })?;
        // In two channels the speech is louder than it was measured, in one.
        let speech = lufs.map(|lufs| lufs + 10.0 * f64::from(channels).log10());
        let louder = speech.zip(background.lufs).map_or(0.0, |(speech, own)| (own - speech).max(0.0));
        let (from, until) = (background.from, background.until);
        let fade = (background.frames > until).then_some((until, ((f64::from(rate) * FADE) as u64).min(until)));
        Ok(Under {
            sound,
            ready: vec![VecDeque::new(); rates.len()],
            rates,
            over: false,
            gain: 10f64.powf(-louder / 20.0) as f32,
            ducker: Ducker::new(background.duck, rate, background.speech.iter().cloned()).from(from),
            gains: Vec::new(),
            fade,
            from,
            skip: from,
        })
    }

    fn add_to(&mut self, speech: &[f32], at: u64, out: &mut Vec<f32>) -> Result<()> {
        while !self.over && self.ready[0].len() < speech.len() {
            self.fetch()?;
        }
        self.gains.resize(speech.len(), 1.0);
        self.ducker.fill(&mut self.gains);
        for (i, sample) in speech.iter().enumerate() {
            let gain = self.gain * self.gains[i] * self.faded(self.from + at + i as u64);
            out.extend(self.ready.iter_mut().map(|channel| sample + gain * channel.pop_front().unwrap_or(0.0)));
        }
        Ok(())
    }

    fn faded(&self, at: u64) -> f32 {
        match self.fade {
            Some((end, length)) if at + length >= end => {
                let part = (end - at) as f64 / length as f64;
                (0.5 - 0.5 * (std::f64::consts::PI * part).cos()) as f32
            }
            _ => 1.0,
        }
    }

    fn fetch(&mut self) -> Result<()> {
        let width = self.rates.len();
        let part = self.sound.part()?;
        self.over = part.is_none();
        let (mut channel, mut ready) = (Vec::new(), Vec::new());
        for (i, (stream, queue)) in self.rates.iter_mut().zip(&mut self.ready).enumerate() {
            ready.clear();
            match part {
                Some(samples) => {
                    channel.clear();
                    channel.extend(samples.iter().skip(i).step_by(width));
                    stream.push(&channel, &mut ready);
                }
                None => stream.finish(&mut ready),
            }
            queue.extend(&ready);
        }
        let skip = self.skip.min(self.ready[0].len() as u64);
        self.ready.iter_mut().for_each(|queue| drop(queue.drain(..skip as usize)));
        self.skip -= skip;
        Ok(())
    }
}
