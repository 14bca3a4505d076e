//! A timeline and its clips to blocks of frames.
//!
//! Stands between `timeline` and `sink`. Rendering is a function of the position: the same timeline
//! and clips give the same bits, whatever the block size, wherever it starts, however many threads.
//! Must not know scripts, files or sinks.

mod bed;
mod blocks;
mod event;
mod headroom;
mod renderer;
#[cfg(test)]
mod tests;

pub use blocks::for_each_block;
pub use renderer::Renderer;
