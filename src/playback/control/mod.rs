//! A listener and a timeline: the commands while a session plays, and what they mean for what is heard.
//!
//! The deciding half of `playback`. Everything here is a function of a timeline, an instant of it, and the
//! clock of the listener. Must not know threads, devices, terminals or what time it is.

mod command;
mod landing;
mod length;
mod prompts;
mod status;
mod transport;
mod update;

pub use command::{Command, Direction, Unit, Volume, VolumeChange, WallTime};
pub use landing::{is_spoken_within, landing, phrase_start};
pub use status::{Heard, PlayState, Status, status};
pub use transport::{Effect, Playhead, Solve, Transport};
pub use update::{End, Ending, PlaybackEvent, ResumePoint, Update};
