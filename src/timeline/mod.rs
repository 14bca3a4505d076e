//! A script and the lengths of its clips to a [`Timeline`]: every sound at its exact frame.
//!
//! Stands between `script` and `render`. The timeline is a value: no samples, no file handles, and
//! equal inputs give equal timelines. Must not know TOML, files or sinks.

mod advice;
mod bed;
mod checks;
mod compile;
mod encore;
mod expand;
mod fit;
mod lacking;
mod lint;
mod live_edit;
mod measure;
mod misfit;
mod model;
mod place;
mod share;
mod sheet;
mod solve;
mod tree;
mod trial;
mod typed;

pub(crate) use compile::LONGEST;
pub use compile::compile;
pub use encore::bed_goes_on;
pub use fit::{CueFit, FitReport, fit};
pub use live_edit::{EditRequest, LiveEdit, Refusal, amend};
pub use model::{BedSpan, Bus, Chapter, ClipId, CueKind, Envelope, Event, Fades, PlacedCue, Ramp, Timeline};
pub use sheet::{Sheet, sheet, sheet_lines};
