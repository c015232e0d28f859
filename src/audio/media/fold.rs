//! In: decoded sound of any number of channels. Out: the same in one or two. Knows no file.
//!
//! Channels beyond two are folded as ITU-R BS.775 has it: the middle and the surrounds at -3 dB on their sides, the
//! low-frequency channel left out; all of it scaled so that nothing can grow beyond what it was.

use symphonia::core::audio::{Channels, GenericAudioBufferRef, Position};

/// -3 dB.
const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Appends the samples, interleaved in `width` channels, 1 or 2.
pub(super) fn fold(heard: &GenericAudioBufferRef<'_>, width: u16, out: &mut Vec<f32>) {
    let mut samples: Vec<f32> = Vec::new();
    heard.copy_to_vec_interleaved(&mut samples);
    let sides = sides(heard.spec().channels());
    if sides.is_empty() {
        return;
    }
    let frames = samples.chunks_exact(sides.len());
    if width == 1 && sides.len() == 1 || width == 2 && sides == [[1.0, 0.0], [0.0, 1.0]] {
        return out.append(&mut samples);
    }
    for frame in frames {
        let side = |side: usize| -> f32 { frame.iter().zip(&sides).map(|(sample, gains)| sample * gains[side]).sum() };
        if width == 1 { out.push(0.5 * (side(0) + side(1))) } else { out.extend([side(0), side(1)]) }
    }
}

/// How much of each channel goes to the left and to the right.
fn sides(channels: &Channels) -> Vec<[f32; 2]> {
    let count = channels.count();
    let mut sides: Vec<[f32; 2]> = match channels {
        Channels::Positioned(positions) if count > 2 => positions.iter().map(sides_of).collect(),
        _ => match count {
            1 => vec![[1.0, 1.0]],
            // Two without a place are left and right, as in every file; more come to both.
            _ => (0..count).map(|i| [[1.0, 0.0], [0.0, 1.0], [HALF_POWER; 2]][i.min(2)]).collect(),
        },
    };
    let total = |side: usize| sides.iter().map(|gains| gains[side]).sum::<f32>();
    let most = total(0).max(total(1));
    if most > 1.0 {
        sides.iter_mut().flatten().for_each(|gain| *gain /= most);
    }
    sides
}

fn sides_of(position: Position) -> [f32; 2] {
    let left = Position::FRONT_LEFT | Position::FRONT_LEFT_CENTER;
    let right = Position::FRONT_RIGHT | Position::FRONT_RIGHT_CENTER;
    let beside_left = Position::SIDE_LEFT | Position::REAR_LEFT | Position::TOP_FRONT_LEFT | Position::TOP_REAR_LEFT;
    let beside_right =
        Position::SIDE_RIGHT | Position::REAR_RIGHT | Position::TOP_FRONT_RIGHT | Position::TOP_REAR_RIGHT;
    match position {
        _ if left.contains(position) => [1.0, 0.0],
        _ if right.contains(position) => [0.0, 1.0],
        _ if beside_left.contains(position) => [HALF_POWER, 0.0],
        _ if beside_right.contains(position) => [0.0, HALF_POWER],
        _ if (Position::LFE1 | Position::LFE2).contains(position) => [0.0, 0.0],
        _ => [HALF_POWER; 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_goes_to_its_side_and_nothing_grows() {
        let five_one = Position::FRONT_LEFT
            | Position::FRONT_RIGHT
            | Position::FRONT_CENTER
            | Position::LFE1
            | Position::REAR_LEFT
            | Position::REAR_RIGHT;
        let gains = sides(&Channels::Positioned(five_one));
        assert_eq!(gains.len(), 6);
        assert!(gains[0][0] > 0.4 && gains[0][1] == 0.0 && gains[1][0] == 0.0);
        assert_eq!(gains[2][0], gains[2][1]);
        assert_eq!(gains[3], [0.0, 0.0]);
        assert!(gains[4][0] > 0.0 && gains[4][1] == 0.0 && gains[5][0] == 0.0 && gains[5][1] > 0.0);
        for channels in [Channels::Positioned(five_one), Channels::Discrete(3), Channels::Discrete(2)] {
            let gains = sides(&channels);
            for side in 0..2 {
                assert!(gains.iter().map(|g| g[side]).sum::<f32>() <= 1.0001, "{channels:?}");
            }
        }
        assert_eq!(sides(&Channels::Discrete(1)), [[1.0, 1.0]]);
        assert!(sides(&Channels::None).is_empty());
    }
}
