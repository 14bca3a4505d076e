//! The names that scripts have for sounds: lines of voices, paths of the project, sounds that nidra makes itself.
//!
//! Stands before `files` and `analysis`, which must not know names. Reads voices and folders, and no sound.

pub(super) mod built_in;
pub(super) mod path;
pub(super) mod voice;
pub(super) mod voices;
