//! The name of a sound, or a spoken line, to a [`Clip`] at the session rate.
//!
//! Stands beside `script`: `timeline` asks it for lengths, `render` is handed its clips. It is the
//! door at which every rate, layout and file format becomes the session's. Must not know cues or time.

mod sound;

pub use sound::{BreathPhase, Levelling, Pitch, Sound, SoundError, Sounds};
