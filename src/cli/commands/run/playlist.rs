//! The playlist beside the tracks of a run.

use std::path::{Path, PathBuf};

use super::place::shown;
use super::plan::RunPlan;
use super::report::failure;
use crate::build::{Job, JobResult, PLAYLIST, Shard, Track, may_replace_playlist, write_playlist};
use crate::cli::exit::Failure;
use crate::cli::ui::output::{counted, say};
use crate::output::Overwrite;

/// Takes the path of the playlist before anything is rendered.
///
/// # Errors
/// If another file of the run has it, or it is there and is not nidra's.
pub(crate) fn allowed(plan: &mut RunPlan, overwrite: Overwrite) -> Result<(), Failure> {
    let path = path(plan);
    plan.take(&path, "the playlist")?;
    may_replace_playlist(&path, overwrite).map_err(failure)
}

/// Writes the playlist of all tracks that are there: those with a number in their series in its order, then the
/// others as their scripts are sorted.
pub(crate) fn write(
    plan: &RunPlan,
    outcomes: &[Option<JobResult>],
    shard: Shard,
    overwrite: Overwrite,
) -> Result<(), Failure> {
    if shard != Shard::WHOLE {
        say("No playlist was written: a shard has only some of the tracks. A run without --shard writes it.");
        return Ok(());
    }
    let mut tracks: Vec<(&Track, &Path)> =
        plan.jobs.iter().zip(outcomes).filter_map(|(job, outcome)| there(job, outcome.as_ref()?)).collect();
    tracks.sort_by_key(|(track, _)| track.session.meta.track.unwrap_or(u32::MAX));
    let path = path(plan);
    write_playlist(&path, &title(&tracks, &path), &tracks, overwrite).map_err(failure)?;
    say(&format!("{}: {}.", shown(&path), counted(tracks.len(), "track")));
    Ok(())
}

/// A track and its first file, if that is there.
fn there<'a>(job: &'a Job, outcome: &JobResult) -> Option<(&'a Track, &'a Path)> {
    let (_, path) = job.files.first().filter(|_| outcome.file(0).is_ok())?;
    Some((&job.track, path))
}

/// The series of all tracks, or the name of the folder.
fn title(tracks: &[(&Track, &Path)], path: &Path) -> String {
    let series = |track: &Track| track.session.meta.album.clone();
    let first = tracks.first().and_then(|(track, _)| series(track));
    let common = first.filter(|first| tracks.iter().all(|(track, _)| series(track).as_ref() == Some(first)));
    let folder = || path.parent()?.file_name().map(|name| name.to_string_lossy().into_owned());
    common.or_else(folder).unwrap_or_else(|| "nidra".to_owned())
}

fn path(plan: &RunPlan) -> PathBuf {
    plan.folder.join(PLAYLIST)
}
