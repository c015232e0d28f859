//! In: names and values that stand in a manifest or in a configuration file. Out: options, or which
//! name or value is none and what is meant. Which names there are, and which exclude each other,
//! the flags say.

use super::TrackOptions;
use super::policy::likely;
use clap::{Arg, Args, Command};
use cuevox::error::{Error, Kind, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What options are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A line of a manifest.
    Line,
    /// A configuration file.
    File,
}

/// Reads options one by one.
pub(crate) struct Reader {
    holder: Holder,
    flags: Command,
    names: Vec<String>,
    options: TrackOptions,
}

impl Reader {
    /// Nothing is read yet.
    pub(crate) fn new(holder: Holder) -> Reader {
        let flags = TrackOptions::augment_args(Command::new("options"));
        Reader { holder, flags, names: Vec::new(), options: TrackOptions::default() }
    }

    /// Every name there is.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.flags.get_arguments().filter_map(|flag| flag.get_long())
    }

    /// Reads an option. Its name is that of a flag, with `_` or `-`.
    ///
    /// # Errors
    /// When no option is called so, or when it cannot have this value.
    pub(crate) fn take(&mut self, name: &str, value: &Value) -> Result<()> {
        let name = name.trim_start_matches('-').replace('_', "-");
        let Some(flag) = self.flags.get_arguments().find(|flag| flag.get_long() == Some(name.as_str())) else {
            let whose = match self.holder {
                Holder::Line => "a line",
                Holder::File => "a configuration file",
            };
            let what = format!("'{name}' is no option of {whose}");
            return Err(self.wrong(what).help(likely(&name, self.known())));
        };
        let earlier = self.flags.get_arguments().filter(|other| {
            let long = other.get_long().unwrap_or_default();
            self.names.iter().any(|name| name == long)
        });
        for other in earlier {
            if self.excludes(flag, other) || self.excludes(other, flag) {
                let other = other.get_long().unwrap_or_default();
                return Err(self.senseless(format!("'{other}' and '{name}' exclude each other")));
            }
        }
        let takes_value = flag.get_action().takes_values();
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let one = self.one(&name, value, takes_value)?;
            self.options = one.over(&self.options);
        }
        self.names.push(name);
        Ok(())
    }

    /// Whether a flag says that it cannot be used with another.
    fn excludes(&self, flag: &Arg, other: &Arg) -> bool {
        let others = self.flags.get_arg_conflicts_with(flag);
        others.iter().any(|excluded| excluded.get_id() == other.get_id())
    }

    fn one(&self, name: &str, value: &Value, takes_value: bool) -> Result<TrackOptions> {
        match (value, takes_value) {
            (Value::Bool(true), false) | (Value::String(_) | Value::Number(_), true) => {}
            (_, false) => return Err(self.wrong(format!("'{name}' is either true or left out"))),
            (_, true) => return Err(self.wrong(format!("the value of '{name}' is neither text nor a number"))),
        }
        let entry = Map::from_iter([(name.to_owned(), value.clone())]);
        TrackOptions::deserialize(Value::Object(entry)).map_err(|why| {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.senseless(format!("invalid value '{shown}' for '{name}': {why}"))
        })
    }

    /// What was read.
    pub(crate) fn finish(self) -> TrackOptions {
        self.options
    }

    fn wrong(&self, what: String) -> Error {
        let kind = match self.holder {
            Holder::Line => Kind::Input,
            Holder::File => Kind::Usage,
        };
        Error::new(kind, what)
    }

    fn senseless(&self, why: String) -> Error {
        match self.holder {
            Holder::Line => self.wrong("the options of this line make no sense".to_owned()).because(why),
            Holder::File => self.wrong(why),
        }
    }
}
