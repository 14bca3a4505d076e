//! The names of the files of a run, once it is known which tracks there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::place;
use crate::build::{Job, Outputs, PathClash, Track};
use crate::encode::Format;

/// Scheme for the names of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Each as its script, in a folder as its script's.
    AsScripts,
    /// All in one folder; of several that have one name, each has that of its folder before it.
    Flat,
    /// With a number in front, all in one folder: for players that know no order but that of names.
    Numbered,
}

/// A track that has no files yet.
pub(crate) struct Unnamed {
    /// The track.
    pub(crate) track: Track,
    /// The folder of all tracks.
    pub(crate) folder: PathBuf,
    /// The formats that are wanted.
    pub(crate) formats: Vec<Format>,
}

/// Gives all tracks of a run their files, which are taken in `outputs`. `Err` says why a track cannot have its: one of them
/// would be another's.
pub(crate) fn name(tracks: Vec<Unnamed>, naming: Naming, outputs: &mut Outputs) -> Vec<Result<Job, String>> {
    let jobs: Vec<Job> = match naming {
        Naming::AsScripts => tracks
            .into_iter()
            .map(|unnamed| job(unnamed.folder.join(&unnamed.track.folder), unnamed))
            .collect(),
        Naming::Flat => {
            flat(tracks).into_iter().map(|unnamed| job(unnamed.folder.clone(), unnamed)).collect()
        }
        Naming::Numbered => numbered(tracks),
    };
    let named = |job| match outputs.take_job(&job) {
        Ok(()) => Ok(job),
        Err(clash) => Err(refusal(clash)),
    };
    jobs.into_iter().map(named).collect()
}

/// The sentence on two files that would be one, with the path as seen from here.
pub(crate) fn refusal(clash: PathClash) -> String {
    let clash = PathClash { path: place::shown(&clash.path).into(), ..clash };
    format!("{clash}; give one of them another name")
}

/// A track with its files in a folder, named as it is.
fn job(folder: PathBuf, unnamed: Unnamed) -> Job {
    let files = files(&folder, &unnamed.track.name, &unnamed.formats);
    Job { track: unnamed.track, files }
}

/// Tracks whose names tell them apart without their folders.
fn flat(mut tracks: Vec<Unnamed>) -> Vec<Unnamed> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for Unnamed { track, .. } in &tracks {
        *count.entry(track.name.clone()).or_default() += 1;
    }
    for Unnamed { track, .. } in &mut tracks {
        if count.get(&track.name).is_some_and(|count| *count > 1) {
            track.name = track.name_with_folder();
        }
    }
    tracks
}

/// Tracks with a number in their series come first, in its order; then the others, as their scripts are sorted.
fn numbered(tracks: Vec<Unnamed>) -> Vec<Job> {
    let mut order: Vec<usize> = (0..tracks.len()).collect();
    order.sort_by_key(|&index| (tracks[index].track.session.meta.track.unwrap_or(u32::MAX), index));
    let mut places = vec![0; tracks.len()];
    order.into_iter().zip(1..).for_each(|(index, place)| places[index] = place);
    // So many digits that names sort as numbers do.
    let digits = tracks.len().to_string().len().max(2);
    let job = |(unnamed, place): (Unnamed, usize)| {
        let track = unnamed.track;
        let own = track.session.meta.track.map(|number| format!("{number:02}-"));
        let name = own.and_then(|own| track.name.strip_prefix(&own)).unwrap_or(&track.name);
        let files = files(&unnamed.folder, &format!("{place:0digits$}-{name}"), &unnamed.formats);
        Job { track, files }
    };
    tracks.into_iter().zip(places).map(job).collect()
}

fn files(folder: &Path, name: &str, formats: &[Format]) -> Vec<(Format, PathBuf)> {
    formats.iter().map(|format| (*format, folder.join(format!("{name}.{}", format.name())))).collect()
}
