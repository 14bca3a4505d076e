//! The values of parameters: times and whole numbers, as bound for one track.

use super::time::written;
use super::words;
use crate::diag::{Span, Spanned};
use crate::digest::{Digested, Digester};
use crate::units::Millis;

/// A parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParamValue {
    /// A length of time.
    Time(Millis),
    /// A whole number.
    Number(u64),
}

impl Digested for ParamValue {
    fn digest_into(&self, to: &mut Digester) {
        match self {
            Self::Time(time) => to.field("time", time),
            Self::Number(number) => to.field("number", number),
        };
    }
}

/// A parameter of a session: who gave it its value, and where the value counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// The giver of its value.
    pub giver: Giver,
    /// The most it may be.
    pub max: Option<Spanned<ParamValue>>,
    /// The values of the script that it is.
    pub uses: Vec<Span>,
    /// True if a voice says it.
    pub spoken: bool,
}

/// The giver of a parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Giver {
    /// Its default, written there.
    Default(Span),
    /// An edition, which writes it there.
    Edition(String, Span),
    /// The command line.
    CommandLine,
}

impl Giver {
    /// The name it has in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Default(_) => "the default".to_owned(),
            Self::Edition(name, _) => format!("edition `{name}`"),
            Self::CommandLine => "`--set`".to_owned(),
        }
    }
}

impl ParamValue {
    /// Returns the value as it is written.
    pub(crate) fn written(self) -> String {
        match self {
            Self::Time(time) => format!("\"{}\"", written(time)),
            Self::Number(number) => number.to_string(),
        }
    }

    /// Returns the value as a voice says it.
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
