//! Playing, on a clock that is the frames a device has taken: every frame that is heard is known.
#![cfg(feature = "play")]

mod length;
mod listener;
mod recordings;
mod world;
