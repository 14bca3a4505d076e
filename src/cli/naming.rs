//! The names of the files of a run, once it is known which tracks there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::place;
use crate::pipeline::{Job, Track};
use crate::sink::Format;

/// How files are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Each as its script, in a folder as its script's.
    AsScripts,
    /// All in one folder; of several that have one name, each has that of its folder before it.
    Flat,
    /// With a number in front, all in one folder: for players that know no order but that of names.
    Numbered,
}

/// A track that has no files yet.
pub(super) struct Unnamed {
    /// The script, as messages call it.
    pub(super) script: String,
    /// The track.
    pub(super) track: Track,
    /// The folder of all tracks.
    pub(super) folder: PathBuf,
    /// The formats that are wanted.
    pub(super) formats: Vec<Format>,
}

/// Gives all tracks of a run their files. `Err` says why a track cannot have its: it would be another's.
pub(super) fn name(tracks: Vec<Unnamed>, naming: Naming) -> Vec<Result<Job, String>> {
    match naming {
        Naming::AsScripts => {
            let folder = |unnamed: &Unnamed| unnamed.folder.join(&unnamed.track.folder);
            let tracks = tracks.into_iter().map(|unnamed| (folder(&unnamed), unnamed));
            told_apart(tracks)
        }
        Naming::Flat => told_apart(flat(tracks).into_iter().map(|unnamed| (unnamed.folder.clone(), unnamed))),
        Naming::Numbered => numbered(tracks).into_iter().map(Ok).collect(),
    }
}

/// Files in these folders, named as their tracks.
fn told_apart(tracks: impl Iterator<Item = (PathBuf, Unnamed)>) -> Vec<Result<Job, String>> {
    let mut taken = Taken::default();
    let job = |(folder, unnamed): (PathBuf, Unnamed)| {
        let files = files(&folder, &unnamed.track.name, &unnamed.formats);
        match taken.take(&files, &unnamed.script) {
            Ok(()) => Ok(Job { track: unnamed.track, files }),
            Err((other, path)) => {
                let both = format!("'{other}' and '{}'", unnamed.script);
                Err(format!("{both} would both be '{}'; rename one of them", place::shown(&path)))
            }
        }
    };
    tracks.map(job).collect()
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

/// The files of a run and the scripts they are of: two tracks must not be one file, nor on a FAT stick.
#[derive(Default)]
struct Taken(BTreeMap<String, String>);

impl Taken {
    /// Takes the files of a track of a script; the script that has one of them, and which, if one has.
    fn take(&mut self, files: &[(Format, PathBuf)], script: &str) -> Result<(), (String, PathBuf)> {
        let Self(taken) = self;
        for (_, path) in files {
            let other = taken.insert(path.to_string_lossy().to_lowercase(), script.to_owned());
            if let Some(other) = other {
                return Err((other, path.clone()));
            }
        }
        Ok(())
    }
}
