//! Playing a session live: an engine that renders a little ahead into a device, steered by a listener.
//!
//! Beside `build`, whose tracks it plays, and below the command line. `control/` decides, as functions of a timeline and a
//! clock, what a listener's command means; `engine/` does it; `loader` decodes clips shortly before they are heard; `resume`
//! notes where a session stopped. Prints nothing.

pub mod control;
#[cfg(feature = "play")]
mod engine;
mod loader;
mod resume;

#[cfg(feature = "play")]
pub use engine::{After, Opening, PlayError, PlayRequest, PlaybackHost, RebuildAtRate, Start, amended, run};
pub use loader::{Loader, Supply};
pub use resume::ResumeNote;
