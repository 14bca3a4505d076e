//! A script and the lengths of its clips to a [`Timeline`]: every sound at its exact frame.
//!
//! Stands between `script` and `render`. The timeline is a value: no samples, no file handles, and
//! equal inputs give equal timelines. Must not know TOML, files or sinks.

mod bed;
mod bed_gain;
mod checks;
mod compile;
mod cue_sounds;
mod expand;
mod fit;
mod lint;
mod live_edit;
mod measure;
mod missing;
mod model;
mod place;
mod sheet;
mod solve;
mod transform;

pub use compile::compile;
pub use cue_sounds::foreseeable_sounds;
pub use fit::{CueFit, FitReport, fit};
pub use live_edit::{EditRequest, LiveEdit, Refusal, amend};
pub(crate) use model::LONGEST_TRACK;
pub use model::{BedSpan, Bus, Chapter, ClipId, CueKind, Envelope, Event, Fades, PlacedCue, Ramp, Timeline};
pub use sheet::{Sheet, sheet, sheet_lines};
pub use transform::{LevelCourse, add_outro_bed, splice_bed_gain};
