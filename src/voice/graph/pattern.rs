//! In: values of a graph. Out: the small patterns that networks of several kinds are made of, with
//! their numbers. Runs nothing.

use super::Walk;

/// Moments and channels change places.
pub(in crate::voice) const TURNED: &[i64] = &[0, 2, 1];

/// A normalisation over channels.
#[derive(PartialEq)]
pub(in crate::voice) struct Normal {
    pub(in crate::voice) gain: Vec<f32>,
    pub(in crate::voice) shift: Vec<f32>,
    pub(in crate::voice) epsilon: f32,
}

impl<'a> Walk<'a> {
    /// The normalisation over channels that makes a value, and what it normalises.
    pub(in crate::voice) fn normal(&self, value: &str) -> Option<(Normal, &'a str)> {
        let [input, gain, shift] = self.made_by(value, "LayerNormalization")? else { return None };
        let normal = self.normal_of((gain, shift), self.float(value, "epsilon").unwrap_or(1e-5))?;
        (self.int(value, "axis").unwrap_or(-1) == -1).then_some((normal, input))
    }

    /// The normalisation over channels that makes a value, and the two values whose sum it
    /// normalises.
    pub(in crate::voice) fn normal_of_sum(&self, value: &str) -> Option<(Normal, [&'a str; 2])> {
        let [one, other, gain, shift] = self.made_by(value, "SkipLayerNormalization")? else { return None };
        let normal = self.normal_of((gain, shift), self.float(value, "epsilon")?)?;
        Some((normal, [one, other]))
    }

    fn normal_of(&self, (gain, shift): (&str, &str), epsilon: f32) -> Option<Normal> {
        let (gain, shift) = (self.floats(gain)?, self.floats(shift)?);
        (gain.len() == shift.len() && epsilon > 0.0).then_some(Normal { gain, shift, epsilon })
    }

    /// How many heads a value is taken apart into, and what it is a part of.
    pub(in crate::voice) fn heads(&self, value: &str, axes: &[i64]) -> Option<(usize, &'a str)> {
        let apart = self.before(value, "Transpose").filter(|_| self.list(value, "perm") == Some(axes))?;
        let [part, shape] = self.made_by(apart, "Reshape")? else { return None };
        let [_, _, heads, _] = self.made_by(shape, "Concat")? else { return None };
        let heads = self.before(heads, "Unsqueeze").unwrap_or(heads);
        Some((usize::try_from(*self.ints(heads)?.first()?).ok()?, part))
    }
}
