//! Sound in memory: one [`Frame`], a [`Clip`], a [`Block`] on its way to a sink, a [`Source`]
//! of a whole track; and the words for sounds that are still to be made, [`SoundRef`].
//!
//! A leaf: plain values, no I/O, no knowledge of files or of the timeline.

mod block;
mod clip;
mod frame;
mod momentary;
mod pages;
mod sound;
mod source;
#[cfg(test)]
mod tests;

pub use block::Block;
pub use clip::{Clip, ClipFrames, ClipSound};
pub use frame::{ChannelLayout, Frame};
pub use momentary::MomentaryPower;
pub use pages::{Fault, Pages};
pub use sound::{BreathPhase, BuiltIn, SoundError, SoundKind, SoundRef, SoundSource, Sounds};
pub use source::Source;
