//! The sound files of a project: opened, decoded or streamed, their ends cared for, kept while there is memory.
//!
//! Stands behind `sound_store.rs`, as a door to the disk. Must not know which line or name a file is wanted for.

pub(super) mod clip_cache;
pub(super) mod decode;
pub(super) mod loaded_sound;
pub(super) mod open_file;
pub(super) mod project_files;
pub(super) mod resamplers;
pub(super) mod shape;
pub(super) mod streamed;
