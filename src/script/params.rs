//! The values of parameters: times and whole numbers, as bound for one track.

use super::words;
use crate::units::Millis;

/// A parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParamValue {
    /// A length of time.
    Time(Millis),
    /// A whole number.
    Number(u64),
}

impl ParamValue {
    /// How a voice says it.
    pub fn spoken(self) -> String {
        match self {
            Self::Time(time) => words::length(time).unwrap_or_else(|| time.to_string()),
            Self::Number(number) => words::number(number),
        }
    }

    /// The word for its type, for messages.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Time(_) => "a time such as \"10m\"",
            Self::Number(_) => "a whole number",
        }
    }
}

impl std::fmt::Display for ParamValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(time) => time.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}
