//! In: degrees with minutes and seconds of arc. Out: them in words. Degrees alone are a unit.

use super::Match;
use super::number::cardinal;
use super::time::lasting;
use super::token::Text;

/// `49° 17′ 57″`, `37° 46'`.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    let number =
        |at: usize, most: u64| text.text(at).parse().ok().filter(|number: &u64| text.is_digits(at) && *number <= most);
    let prime = |at: usize| matches!(text.text(at), "′" | "'" | "’");
    let degrees = number(at, 360).filter(|_| text.fresh(at) && text.is(at + 1, "°"))?;
    let minute_at = text.past_space(at + 2);
    let minutes = number(minute_at, 59).filter(|_| prime(minute_at + 1))?;
    let (one, many) = if text.french() { ("degré", degrees > 1) } else { ("degree", degrees != 1) };
    let degrees = format!("{} {one}{}", cardinal(degrees, text.tongue, false), if many { "s" } else { "" });
    let mut spoken = format!("{degrees} {}", lasting(text, minutes, ("minute", "minute")));
    let mut end = minute_at + 2;
    let second_at = text.past_space(end);
    let twice = prime(second_at + 1) && prime(second_at + 2);
    if let Some(seconds) =
        number(second_at, 59).filter(|_| twice || matches!(text.text(second_at + 1), "″" | "\"" | "”"))
    {
        spoken = format!("{spoken} {}", lasting(text, seconds, ("second", "seconde")));
        end = second_at + 2 + usize::from(twice);
    }
    let at_point = text.past_space(end);
    match super::unit::compass(text, text.text(at_point)).filter(|_| !text.goes_on(at_point + 1)) {
        Some(point) => text.says(at, at_point + 1, spoken + point),
        None => text.says(at, end, spoken),
    }
}
