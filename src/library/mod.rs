//! The name of a sound, or a spoken line, to a [`Clip`](crate::audio::Clip) at the session rate.
//!
//! Stands beside `script`: `timeline` asks it for lengths, `render` is handed its clips. It is the
//! door at which every rate, layout and file format becomes the session's. Must not know cues or time.

mod built_in;
mod cache;
mod decode;
mod files;
mod fs;
mod identity;
mod level;
mod long;
mod measures;
mod open_file;
mod opened;
mod path;
mod resamplers;
mod shape;
mod shelf;
mod sound;
#[cfg(test)]
mod testing;
mod voice;
mod voices;

pub use cache::Budget;
pub use files::Look;
pub use fs::FsLibrary;
pub use path::{PathError, project_path};
pub use shelf::Shelf;
pub use sound::{BreathPhase, Levelling, Sound, SoundError, Sounds};
pub use voice::{Voice, VoiceLine, normalised};
