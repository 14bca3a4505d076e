//! One track to a file or a pipe.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::sidecars::Sidecars;
use super::track::Track;
use crate::audio::SoundError;
use crate::encode::{EncodeError, Format, JobControl, TrackFile, in_pool, stream_track, write_track};
use crate::master::{Master, Report};
use crate::output::{NewFile, OutputError, Overwrite, make_folder_of};
use crate::units::Frames;

/// The destination of a track.
pub enum Target<'a> {
    /// A file, which appears whole or not at all, and what lies beside it.
    File(&'a Path, Overwrite, &'a Sidecars),
    /// A pipe.
    Stream(&'a mut (dyn Write + Send)),
}

/// The reason that a track was not rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The stop flag was raised.
    #[error("interrupted")]
    Interrupted,
    /// The file could not be written, or may not be replaced.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The pipe could not be written.
    #[error("could not write the track: {0}")]
    Stream(io::Error),
    /// The format cannot hold the track.
    #[error("could not make '{name}': {why}")]
    Unsupported {
        /// The track.
        name: String,
        /// The reason, and what to do.
        why: String,
    },
    /// A sound went away after it was compiled.
    #[error(transparent)]
    Sound(#[from] SoundError),
}

/// Renders a track. Calls `progress` with the frames that are done; ends cleanly when `stop` is raised.
/// Returns how loud it came out.
///
/// # Errors
/// See [`RenderError`]. Nothing half-written is left behind.
pub fn render(
    track: &Track,
    format: Format,
    target: Target<'_>,
    stop: &AtomicBool,
    progress: &mut (dyn FnMut(Frames) + Send),
) -> Result<Report, RenderError> {
    let with = match target {
        Target::File(_, _, sidecars) => sidecars.digests(),
        Target::Stream(_) => BTreeMap::new(),
    };
    // Sounds that are not loaded yet, a cover that is drawn: work like any other.
    let (master, tags) = in_pool(|| {
        if stop.load(Ordering::Relaxed) {
            return Err(RenderError::Interrupted);
        }
        Ok((track.master()?, track.tags(format, with)))
    })?;
    let mut watch = JobControl { stop, progress };
    match target {
        Target::File(path, overwrite, sidecars) => {
            may_replace(path, overwrite)?;
            make_folder_of(path)?;
            let by_the_world = |error| OutputError::io("write", path, error).into();
            let failed = |error| refused(error, &path.display().to_string(), by_the_world);
            let mut file = NewFile::create(path)?;
            write_track(&master, format, track.coding, &tags, &mut file, &mut watch).map_err(failed)?;
            all_was_heard(&master)?;
            // What came there while this took its time is not ours either.
            may_replace(path, overwrite)?;
            // First what lies beside it: a run that is killed in between leaves the old track, which is made anew, and
            // never a new one beside old captions.
            sidecars.write()?;
            file.finish()?;
        }
        Target::Stream(pipe) => {
            let failed = |error| refused(error, &track.name, RenderError::Stream);
            stream_track(&master, format, track.coding, &tags, pipe, &mut watch).map_err(failed)?;
            all_was_heard(&master)?;
        }
    }
    Ok(master.report())
}

/// A recording that is read while the track is rendered may fail in the middle, and is silent then.
fn all_was_heard(master: &Master<'_>) -> Result<(), SoundError> {
    master.fault().map_or(Ok(()), |fault| Err(fault.into()))
}

fn refused(
    error: EncodeError,
    name: &str,
    by_the_world: impl FnOnce(io::Error) -> RenderError,
) -> RenderError {
    match error {
        EncodeError::Interrupted => RenderError::Interrupted,
        EncodeError::Unsupported(why) => RenderError::Unsupported { name: name.to_owned(), why },
        EncodeError::Io(error) => by_the_world(error),
    }
}

/// Refuses to replace a track that nidra did not write, or that another program has changed.
fn may_replace(path: &Path, overwrite: Overwrite) -> Result<(), OutputError> {
    let there = path.try_exists().unwrap_or(false);
    if !there || overwrite == Overwrite::Anything {
        return Ok(());
    }
    let unreadable = |error| OutputError::io("read", path, error);
    let Some(mut track) = TrackFile::open(path).map_err(unreadable)? else {
        return Err(OutputError::NotOurs(path.to_owned()));
    };
    match track.is_ours().map_err(unreadable)? {
        true => Ok(()),
        false => Err(OutputError::Edited(path.to_owned())),
    }
}
