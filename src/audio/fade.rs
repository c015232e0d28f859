//! In: a clip. Out: the same clip, as long as before, beginning and ending in silence. Knows nothing of what is in it.

/// Fades in over the first `samples` samples and out over the last, along half a cosine. A clip too short for both gets
/// shorter fades.
pub fn fade_edges(clip: &mut [f32], samples: usize) {
    let count = samples.min(clip.len() / 2);
    for i in 0..count {
        clip[i] *= eased(i, count);
    }
    fade_out(clip, count);
}

/// Fades out over the last `samples` samples, or over all there are.
pub fn fade_out(clip: &mut [f32], samples: usize) {
    let count = samples.min(clip.len());
    for (i, sample) in clip.iter_mut().rev().take(count).enumerate() {
        *sample *= eased(i, count);
    }
}

fn eased(at: usize, of: usize) -> f32 {
    0.5 - 0.5 * (std::f32::consts::PI * (at as f32 + 0.5) / of as f32).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_fade_and_the_middle_stays() {
        let mut clip = [1.0; 100];
        fade_edges(&mut clip, 10);
        assert!(clip[0] < 0.01 && clip[99] < 0.01 && clip[4] < 0.5 && clip[5] > 0.5);
        assert!(clip[10..90].iter().all(|s| *s == 1.0));
        assert!(clip[..10].windows(2).all(|pair| pair[0] < pair[1]));
        let mut short = [1.0; 3];
        fade_edges(&mut short, 10);
        assert_eq!(short[1], 1.0);
        fade_edges(&mut [], 10);
    }

    #[test]
    fn a_clip_that_is_cut_ends_in_silence_and_begins_as_before() {
        let mut clip = [1.0; 20];
        fade_out(&mut clip, 5);
        assert!(clip[..15].iter().all(|s| *s == 1.0) && clip[19] < 0.05);
        let mut short = [1.0; 2];
        fade_out(&mut short, 5);
        assert!(short[0] > short[1] && short[1] < 0.2);
    }
}
