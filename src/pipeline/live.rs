//! A track played live: a worker renders ahead, the speaker takes.
#![allow(clippy::disallowed_types, reason = "the parking of a thread is a Duration")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::track::Track;
use crate::audio::{Block, Frame};
use crate::library::SoundError;
use crate::sink::{DeviceError, Speaker, for_each_block_here};
use crate::units::{FramePos, Frames};

/// How long the worker rests when there is no room.
const REST: Duration = Duration::from_millis(20);

/// Why a track was not played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// There is no audio device, or it cannot play this.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A sound went away after it was compiled.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The stop flag was raised.
    #[error("interrupted")]
    Interrupted,
}

/// Plays a track from an instant to its end. The same samples as in a file.
///
/// # Errors
/// See [`PlayError`].
pub fn play(track: &Track, from: FramePos, stop: &AtomicBool) -> Result<(), PlayError> {
    let master = track.master()?;
    let mut speaker = Speaker::open(None, track.timeline.rate)?;
    speaker.line().go(Frames::ZERO);
    let zeros = vec![Frame::SILENCE; 4096];
    for_each_block_here(&master, from, &mut |block| {
        let going = |speaker: &mut Speaker, frames: &[Frame]| {
            if push(speaker, frames, stop) { Ok(()) } else { Err(PlayError::Interrupted) }
        };
        match block {
            Block::Sound(frames) => going(&mut speaker, frames),
            Block::Silence(length) => {
                let mut left = length;
                while left > Frames::ZERO {
                    let part = left.as_usize().min(zeros.len());
                    going(&mut speaker, &zeros[..part])?;
                    left = left.saturating_sub(Frames(part as u64));
                }
                Ok(())
            }
        }
    })?;
    speaker.line().finish();
    while !speaker.line().is_done() && !speaker.line().is_gone() && !stop.load(Ordering::Relaxed) {
        std::thread::park_timeout(REST);
    }
    if stop.load(Ordering::Relaxed) { Err(PlayError::Interrupted) } else { Ok(()) }
}

/// Hands frames to the device, waiting for room. False if `stop` was raised or the device is gone.
fn push(speaker: &mut Speaker, frames: &[Frame], stop: &AtomicBool) -> bool {
    let mut left = frames;
    while !left.is_empty() {
        if stop.load(Ordering::Relaxed) || speaker.line().is_gone() {
            return false;
        }
        let count = speaker.line().push(left);
        left = &left[count..];
        if count == 0 {
            std::thread::park_timeout(REST);
        }
    }
    true
}
