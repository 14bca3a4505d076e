//! The subcommands: each lowers its arguments to options of `build` or `playback`, runs them, and hands the results to
//! `ui`.
//!
//! They print nothing themselves.

pub(super) mod check;
pub(super) mod feed;
pub(super) mod new;
#[cfg(feature = "play")]
pub(super) mod play;
pub(super) mod render;
mod run;
pub(super) mod show;
pub(super) mod verify;
mod watch;
