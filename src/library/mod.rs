//! The name of a sound, or a spoken line, to a [`Clip`](crate::audio::Clip) at the session rate.
//!
//! Stands beside `script`: `timeline` asks it for lengths, `render` is handed its clips. It is the door at which every
//! rate, layout and file format becomes the session's. A shell, not core: `names/` reads voices and folders, `files/`
//! reads sounds; `analysis/` is plain computation. Must not know cues or time.

mod analysis;
mod files;
mod fs_library;
mod names;
mod sound_store;
#[cfg(test)]
mod testing;

pub use files::project_files::NotedDigests;
pub use fs_library::FsLibrary;
pub use names::path::{PathError, project_path};
pub use names::voice::{Voice, VoiceLine, normalised};
pub use sound_store::{SoundStore, SoundUse};
