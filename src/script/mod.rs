//! Text to a [`Session`]: what was written, then what was meant.
//!
//! The first stage. [`read()`] turns TOML into a [`Script`], as written, includes and all; [`bind()`]
//! gives its parameters their values (the defaults, an edition's, the command line's) and checks
//! every number, which makes a [`Session`]. Neither ever fails: mistakes become diagnostics and the
//! rest is returned. Must not know sounds, frames or files (it asks [`IncludedFiles`] for includes).

mod action;
mod as_written;
mod bed;
mod bind;
mod cue;
mod include;
mod loudness;
mod malformed;
mod model;
mod offset;
mod params;
mod read;
mod scope;
mod section;
mod template;
mod time;
mod values;
mod wording;
pub mod words;

pub(crate) use action::BREATH_KEYS;
pub use as_written::{RawEdition, RawParam, Script};
pub use bed::{Bed, BedChange};
pub use bind::bind;
pub use include::IncludedFiles;
pub use loudness::{Loudness, parse_ceiling};
pub use model::{
    Action, Clock, Cue, CueMix, Guide, Meta, Role, Section, SectionKind, SectionPlaces, Session, Strikes,
};
pub(crate) use offset::written_at;
pub use offset::{At, Check};
pub use params::{Giver, Param, ParamValue};
pub use read::read;
pub use template::{Facts, Piece, Text};
pub(crate) use time::{LONGEST_TIME, written};
pub use values::Binding;
pub use wording::{Unsaid, Wording};

/// A length of time as it is typed on a command line, as in `2:30` or `90s`.
///
/// # Errors
/// What is wrong with it, and what to type instead.
pub fn parse_time(typed: &str) -> Result<crate::units::Millis, String> {
    time::time(typed, bind::DEFAULT_BREATH).map_err(|why| format!("{}; {}", why.message, why.hint))
}
