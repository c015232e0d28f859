//! In: a value in a manifest or in a configuration file: text or a number. Out: what a flag makes
//! of it when it is typed, by the same parser. Knows no option.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt::Display;
use std::str::FromStr;

/// The value of an option that has one.
pub(super) fn one<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    parsed(&Value::deserialize(from)?).map(Some)
}

/// The values of an option that may have several: a list, or a single one.
pub(super) fn list<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    match Value::deserialize(from)? {
        Value::Array(values) => values.iter().map(parsed).collect(),
        value => Ok(vec![parsed(&value)?]),
    }
}

fn parsed<T: FromStr<Err: Display>, E: Error>(value: &Value) -> Result<T, E> {
    let parsed = match value {
        Value::String(text) => text.parse(),
        Value::Number(number) => number.to_string().parse(),
        _ => return Err(E::custom("it is neither text nor a number")),
    };
    parsed.map_err(E::custom)
}
