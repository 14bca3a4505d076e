//! A timeline and its clips to frames, at random access.
//!
//! Stands between `timeline` and `master`. Rendering is a function of the position: the same timeline
//! and clips give the same bits, whatever was rendered before, wherever it starts, however many threads.
//! Must not know scripts, files or sinks.

mod bed;
mod event;
mod renderer;
mod supply;
#[cfg(test)]
mod tests;

pub use renderer::{Renderer, regions};
