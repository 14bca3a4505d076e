//! Frames at the loudness that podcasts and phones want.
//!
//! Stands between `render` and `encode`. One static gain brings the voice to its target, found from the loudness of
//! each clip and the gains of the timeline, so no track is rendered twice and a speaker gets the same samples as a
//! file; a limiter keeps the peaks under a ceiling. Silence and beds never move the voice. Must not know files
//! or formats.

mod loudness;
mod mastering;
mod report;
mod settings;
#[cfg(test)]
mod tests;

pub use mastering::Master;
pub use report::{LoudnessReference, Report, Rise};
pub use settings::Mastering;
