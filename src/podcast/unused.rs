//! Files from before in the folder of a podcast: covers and episodes that no feed names any more.
#![allow(clippy::disallowed_methods, reason = "a folder is listed")]

use std::collections::BTreeSet;
use std::path::Path;

use super::cover::is_cover_name;
use crate::build::Job;
use crate::encode::{Format, TrackFile};
use crate::sidecar::Sidecar;

/// The names of files in `folder` that nidra has made and that are neither among `own` nor of the jobs, sorted. Files
/// that are not nidra's are passed over.
pub(super) fn unused(folder: &Path, jobs: &[Job], own: [String; 3]) -> Vec<String> {
    let mut used = BTreeSet::from(own);
    for Job { track, files } in jobs {
        for (_, path) in files {
            let beside = track.sidecar_files(path);
            used.extend(
                beside.iter().chain([path]).filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())),
            );
        }
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names: BTreeSet<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let left: Vec<&String> = names.difference(&used).collect();
    let ending = format!(".{}", Format::Mp3.name());
    let tracks: Vec<&str> = left
        .iter()
        .filter_map(|name| name.strip_suffix(&ending))
        .filter(|track| is_ours(&folder.join(format!("{track}{ending}"))))
        .collect();
    let of_a_track = |name: &str| {
        tracks
            .iter()
            .any(|track| name.strip_prefix(track).is_some_and(|rest| rest == ending || is_beside(rest)))
    };
    left.into_iter().filter(|name| is_cover_name(name) || of_a_track(name)).cloned().collect()
}

fn is_ours(track: &Path) -> bool {
    let found = TrackFile::open(track).ok().flatten();
    found.is_some_and(|mut track| track.is_ours().is_ok_and(|ours| ours))
}

/// True if `rest` is what follows the name of a track in the name of a file beside it.
fn is_beside(rest: &str) -> bool {
    let endings = Sidecar::ALL.into_iter().flat_map(Sidecar::endings);
    rest.strip_prefix('.').is_some_and(|rest| endings.into_iter().any(|ending| ending == rest))
}
