//! A track played live: a worker renders ahead, the speaker takes.

use std::sync::atomic::{AtomicBool, Ordering};

use super::track::Track;
use crate::audio::{Block, Frame};
use crate::library::SoundError;
use crate::sink::{DeviceError, Speaker, for_each_block_here};
use crate::units::{FramePos, Frames};

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
    let mut speaker = Speaker::open(track.timeline.rate)?;
    let zeros = vec![Frame::SILENCE; 4096];
    for_each_block_here(&master, from, &mut |block| {
        let going = |speaker: &mut Speaker, frames: &[Frame]| {
            if speaker.push(frames, stop) { Ok(()) } else { Err(PlayError::Interrupted) }
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
    speaker.drain(stop);
    if stop.load(Ordering::Relaxed) { Err(PlayError::Interrupted) } else { Ok(()) }
}
