//! The measurements of a sound: its length and its loudness over time, cached by what the sound is.
//!
//! Stands between a decoded sound and all that is computed before one is heard. Must not know names, paths or files.

pub(super) mod analysis_cache;
pub(super) mod cache_key;
pub(super) mod measure;
