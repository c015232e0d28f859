//! In: a clip. Out: the same clip, as long as before, beginning and ending in silence. Knows nothing of what is in it.

/// Fades in over the first `attack` samples and out over the last `release`, each along half a cosine. A clip too short
/// for both gets shorter fades.
pub fn fade_edges(clip: &mut [f32], attack: usize, release: usize) {
    let most = clip.len() / 2;
    fade(clip.iter_mut(), attack.min(most));
    fade_out(clip, release.min(most));
}

/// Fades out over the last `samples` samples, or over all there are.
pub fn fade_out(clip: &mut [f32], samples: usize) {
    let count = samples.min(clip.len());
    fade(clip.iter_mut().rev(), count);
}

fn fade<'a>(samples: impl Iterator<Item = &'a mut f32>, count: usize) {
    for (i, sample) in samples.take(count).enumerate() {
        *sample *= 0.5 - 0.5 * (std::f32::consts::PI * (i as f32 + 0.5) / count as f32).cos();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_fade_and_the_middle_stays() {
        let mut clip = [1.0; 100];
        fade_edges(&mut clip, 10, 20);
        assert!(clip[0] < 0.01 && clip[99] < 0.01 && clip[4] < 0.5 && clip[5] > 0.5 && clip[89] > 0.5);
        assert!(clip[10..80].iter().all(|s| *s == 1.0));
        assert!(clip[..10].windows(2).all(|pair| pair[0] < pair[1]));
        assert!(clip[80..].windows(2).all(|pair| pair[0] > pair[1]));
        let mut short = [1.0; 3];
        fade_edges(&mut short, 10, 10);
        assert_eq!(short[1], 1.0);
        fade_edges(&mut [], 10, 10);
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
