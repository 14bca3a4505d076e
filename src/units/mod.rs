//! Quantities with their units: time in milliseconds and frames, level in decibels and LUFS, pitch; and
//! the purposes a level is chosen for, [`Preset`].
//!
//! A leaf of the pipeline: everything uses it, it uses nothing of ours. There is no arithmetic here
//! that makes no sense (two instants cannot be added, a loudness cannot be multiplied), and one
//! function, [`Millis::to_frames`], turns authored time into frames.

mod level;
mod pitch;
mod preset;
mod time;

pub use level::{Dbtp, Decibels, Gain, Lufs, Pan};
pub use pitch::Pitch;
pub use preset::Preset;
pub use time::{FramePos, Frames, Millis, SampleRate, div_nearest};
