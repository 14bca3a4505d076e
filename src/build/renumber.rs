//! Numbered files follow their tracks: when a script comes or goes, the tracks behind it get other numbers, and
//! their files other names instead of being rendered again beside the old ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::batch::Job;
use super::provenance::Provenance;
use crate::encode::TrackFile;

/// The identity of a file of ours, whatever its number: script, edition and format.
type Which = (String, Option<String>, String);

/// Gives the files of jobs that lie in their folder under another number the name they are to have. A file that
/// cannot be moved stays, and its track is made anew.
pub fn renumber(jobs: &[Job]) {
    let mut files = found(jobs);
    for job in jobs {
        for (format, path) in &job.files {
            let which =
                (job.track.script().to_owned(), job.track.session.edition.clone(), format.name().to_owned());
            let old = files.remove(&which).filter(|old| is_renumbered(old, path) && !path.exists());
            let Some(old) = old else { continue };
            let beside = job.track.sidecars();
            let beside =
                beside.map(|kind| [old.as_path(), path].map(|file| job.track.sidecar_file(kind, file)));
            for [from, to] in beside.chain([[old.clone(), path.clone()]]) {
                if !to.exists() {
                    std::fs::rename(from, to).ok();
                }
            }
        }
    }
}

/// The tracks of ours in the folders of jobs that are none of their files.
pub fn others(jobs: &[Job]) -> Vec<PathBuf> {
    let ours: BTreeSet<&Path> =
        jobs.iter().flat_map(|job| &job.files).map(|(_, path)| path.as_path()).collect();
    let there = tracks(jobs).map(|(path, _)| path).filter(|path| !ours.contains(path.as_path()));
    there.collect::<BTreeSet<_>>().into_iter().collect()
}

fn found(jobs: &[Job]) -> BTreeMap<Which, PathBuf> {
    tracks(jobs).map(|(path, made)| ((made.script, made.edition, made.format), path)).collect()
}

/// The tracks of ours in the folders of jobs, in the order of their names.
fn tracks(jobs: &[Job]) -> impl Iterator<Item = (PathBuf, Provenance)> {
    let files = jobs.iter().flat_map(|job| &job.files);
    let folders: BTreeSet<PathBuf> =
        files.filter_map(|(_, path)| path.parent().map(Path::to_owned)).collect();
    let entries =
        folders.into_iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let paths: BTreeSet<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.into_iter().filter_map(|path| {
        let track = TrackFile::open(&path).ok().flatten()?;
        let made = Provenance::parse(track.line())?;
        Some((path, made))
    })
}

/// True if two names are one but for the number in front.
fn is_renumbered(old: &Path, new: &Path) -> bool {
    let name = |path: &Path| {
        let name = path.file_name()?.to_str()?.split_once('-')?;
        (!name.0.is_empty() && name.0.bytes().all(|c| c.is_ascii_digit())).then(|| name.1.to_owned())
    };
    old != new && name(old).is_some() && name(old) == name(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_front_is_all_that_may_differ() {
        let check = |old: &str, new: &str, expected| {
            assert_eq!(is_renumbered(Path::new(old), Path::new(new)), expected, "{old} {new}");
        };
        check("out/01-rest.mp3", "out/02-rest.mp3", true);
        check("out/99-rest.mp3", "out/100-rest.mp3", true);
        check("out/01-rest.mp3", "out/01-rest.mp3", false);
        check("out/01-rest.mp3", "out/01-sit.mp3", false);
        check("out/rest.mp3", "out/01-rest.mp3", false);
        check("out/a-rest.mp3", "out/b-rest.mp3", false);
    }
}
