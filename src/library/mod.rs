//! The name of a sound, or a spoken line, to a [`Clip`](crate::audio::Clip) at the session rate.
//!
//! Stands beside `script`: `timeline` asks it for lengths, `render` is handed its clips. It is the
//! door at which every rate, layout and file format becomes the session's. Must not know cues or time.

mod built_in;
mod decode;
mod fs;
mod level;
mod path;
mod sound;
mod voice;

pub use fs::{Digest, FsLibrary};
pub use path::{PathError, project_path};
pub use sound::{BreathPhase, Levelling, Sound, SoundError, Sounds};
pub use voice::{Voice, VoiceLine, normalised};
