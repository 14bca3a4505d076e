//! One track to a file or a pipe.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::compile::Track;
use crate::audio::Block;
use crate::library::SoundError;
use crate::render::{Renderer, for_each_block};
use crate::sink::{Sink, SinkError, Stream, WavFile, WavWriter, is_ours};
use crate::units::{FramePos, Frames, Gain};

/// Where a track goes.
pub enum Target<'a> {
    /// A file, which appears whole or not at all.
    File(&'a Path, Overwrite),
    /// A pipe.
    Stream(&'a mut dyn Write),
}

/// What may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Tracks that nidra has made.
    Ours,
    /// Anything.
    Anything,
}

/// Why a track was not rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The stop flag was raised.
    #[error("interrupted")]
    Interrupted,
    /// The target is somebody else's file.
    #[error("'{0}' is there already and is not a track of nidra's; `--force` replaces it")]
    NotOurs(PathBuf),
    /// The file could not be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The pipe could not be written.
    #[error("could not write the track: {0}")]
    Stream(io::Error),
    /// A sound went away after it was compiled.
    #[error(transparent)]
    Sound(#[from] SoundError),
}

/// Renders a track. Calls `progress` with the frames that are done; ends cleanly when `stop` is raised.
/// Returns what the whole track was turned down by so that it cannot clip, unity nearly always.
///
/// # Errors
/// See [`RenderError`]. Nothing half-written is left behind.
pub fn render(
    track: &Track,
    target: Target<'_>,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Frames),
) -> Result<Gain, RenderError> {
    let clips = track.clips()?;
    let renderer = Renderer::new(&track.timeline, clips);
    let (length, title) = (track.timeline.length, track.session.meta.title.as_str());
    match target {
        Target::File(path, overwrite) => {
            may_replace(path, overwrite)?;
            let mut file = WavFile::create(path, track.format, length, title)?;
            let failed = |error| RenderError::Sink(SinkError::new("write", path, error));
            drive(&renderer, &mut file, stop, progress, &failed)?;
            file.finish()?;
        }
        Target::Stream(pipe) => {
            let mut wav =
                WavWriter::new(Stream(pipe), track.format, length, title).map_err(RenderError::Stream)?;
            drive(&renderer, &mut wav, stop, progress, &RenderError::Stream)?;
            let Stream(pipe) = wav.finish().map_err(RenderError::Stream)?;
            pipe.flush().map_err(RenderError::Stream)?;
        }
    }
    Ok(renderer.headroom())
}

fn may_replace(path: &Path, overwrite: Overwrite) -> Result<(), RenderError> {
    let there = path.try_exists().unwrap_or(false);
    let unreadable = |error| RenderError::Sink(SinkError::new("read", path, error));
    if !there || overwrite == Overwrite::Anything || is_ours(path).map_err(unreadable)? {
        return Ok(());
    }
    Err(RenderError::NotOurs(path.to_owned()))
}

fn drive(
    renderer: &Renderer<'_>,
    sink: &mut dyn Sink,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Frames),
    failed: &dyn Fn(io::Error) -> RenderError,
) -> Result<(), RenderError> {
    let mut done = Frames::ZERO;
    for_each_block(renderer, FramePos::START, &mut |block: Block<'_>| {
        if stop.load(Ordering::Relaxed) {
            return Err(RenderError::Interrupted);
        }
        sink.write(block).map_err(failed)?;
        done += block.length();
        progress(done);
        Ok(())
    })
}
