//! In: a clip. Out: the same clip, as long as before, beginning and ending in silence. Knows nothing of what is in it.

/// Fades in over the first `samples` samples and out over the last, along half a cosine. A clip too short for both gets
/// shorter fades.
pub fn fade_edges(clip: &mut [f32], samples: usize) {
    let count = samples.min(clip.len() / 2);
    let last = clip.len().saturating_sub(1);
    for i in 0..count {
        let gain = 0.5 - 0.5 * (std::f32::consts::PI * (i as f32 + 0.5) / count as f32).cos();
        clip[i] *= gain;
        clip[last - i] *= gain;
    }
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
}
