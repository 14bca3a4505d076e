//! The name of a sound, or a spoken line, to a [`Clip`](crate::audio::Clip) at the session rate.
//!
//! Stands beside `script`: `timeline` asks it for lengths, `render` is handed its clips. It is the
//! door at which every rate, layout and file format becomes the session's. Must not know cues or time.

mod analysis_cache;
mod built_in;
mod cache;
mod decode;
mod files;
mod fs;
mod identity;
mod level;
mod loaded_file;
mod long;
mod open_file;
mod path;
mod resamplers;
mod shape;
mod sound;
mod sound_store;
#[cfg(test)]
mod testing;
mod voice;
mod voices;

pub use cache::Budget;
pub use files::Look;
pub use fs::FsLibrary;
pub use path::{PathError, project_path};
pub use sound::{BreathPhase, Levelling, Sound, SoundError, Sounds};
pub use sound_store::SoundStore;
pub use voice::{Voice, VoiceLine, normalised};
