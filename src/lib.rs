//! nidra compiles a *session script* (TOML, timed cues) into one audio track and plays it live.
//!
//! The pipeline, in order; data goes down this list and nothing points back:
//!
//! 1. [`script`]: text to [`script::Script`], with every mistake found in one run.
//! 2. [`library`]: a sound's name, or a spoken line, to an [`audio::Clip`] at the session rate.
//! 3. [`timeline`]: the script and the lengths of its clips to a [`timeline::Timeline`], exact to the frame.
//! 4. [`render`]: the timeline and its clips to frames.
//! 5. [`master`]: frames at the loudness that podcasts and phones want, under a true-peak ceiling.
//! 6. [`encode`]: frames to the bytes of a track; [`sidecar`]: the files that lie beside it.
//! 7. [`build`]: a script to its tracks and files, one or many; [`podcast`]: a folder of tracks with its feed; [`playback`]: a
//!    track played live, into a [`device`].
//!
//! [`units`], [`digest`], [`diag`], [`text`], [`files`], [`output`], [`audio`], [`dsp`] and [`meter`] are leaves that all
//! stages use; [`cli`] is the command line on top of it.

pub mod units;

pub mod diag;
pub mod digest;
pub mod files;
pub mod text;

pub mod audio;
pub mod document;

pub mod dsp;
pub mod meter;

pub mod script;

pub mod library;

pub mod timeline;

pub mod render;

pub mod master;

pub mod sidecar;

pub mod output;

pub mod encode;

#[cfg(feature = "play")]
pub mod device;

pub mod build;

pub mod podcast;

pub mod playback;

pub mod cli;
#[cfg(test)]
#[path = "../tests/it/judges.rs"]
mod judges;
