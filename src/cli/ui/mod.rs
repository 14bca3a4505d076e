//! The program as people meet it: diagnostics, lines on a terminal, keys, media keys, interrupts.
//!
//! The only place that prints. Knows neither subcommands nor how a track is made.

pub(super) mod diagnostics;
mod excerpt;
pub(super) mod interrupt;
#[cfg(feature = "play")]
pub(super) mod media_keys;
pub(super) mod output;
#[cfg(feature = "play")]
pub(super) mod player;
