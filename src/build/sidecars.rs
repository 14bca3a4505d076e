//! The files beside a track, ready to be written, and the state of those that are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::provenance::Provenance;
use super::track::Track;
use crate::digest::{digest_of_bytes, short_hex};
use crate::encode::{Format, TrackFile};
use crate::files::{self, ByteLimit};
use crate::output::{
    Evidence, Notes, OutputError, Overwrite, Ownership, is_there, may_replace, ownership, place,
    sync_folder_of,
};
use crate::sidecar::Sidecar;

/// A file beside a track.
struct SidecarFile {
    kind: Sidecar,
    path: PathBuf,
    bytes: Vec<u8>,
    digest: String,
}

/// The files that lie beside `track_file`, ready to be written.
pub struct Sidecars {
    notes: Option<Notes>,
    track_file: PathBuf,
    overwrite: Overwrite,
    files: Vec<SidecarFile>,
    /// Files that stay as they are.
    kept: Vec<PathBuf>,
}

impl Sidecars {
    /// Makes the files beside a track; those in `kept` are left as they are. They are made before the track, so that
    /// one that cannot be written costs no long wait.
    ///
    /// # Errors
    /// If a file is where one of them belongs that nidra did not write, or that was changed since. A file is as nidra
    /// wrote it if its content is what a track of nidra's beside it says, what is noted, or what would be written
    /// anyway.
    pub fn make(
        track: &Track,
        track_file: &Path,
        overwrite: Overwrite,
        kept: &[PathBuf],
    ) -> Result<Self, OutputError> {
        let files = track.sidecars().map(|kind| {
            let (path, bytes) = (track.sidecar_file(kind, track_file), track.sidecar(kind));
            let digest = short_hex(&digest_of_bytes(&bytes));
            SidecarFile { kind, path, bytes, digest }
        });
        let (notes, track_file) = (track.origin.notes.clone(), track_file.to_owned());
        let sidecars = Self { notes, track_file, overwrite, files: files.collect(), kept: kept.to_vec() };
        sidecars.may_replace(&sidecars.missing())?;
        Ok(sidecars)
    }

    /// Those that are not there yet as they would be written.
    fn missing(&self) -> Vec<&SidecarFile> {
        let is_missing =
            |file: &&SidecarFile| !self.kept.contains(&file.path) && !is_there(&file.path, &file.bytes);
        self.files.iter().filter(is_missing).collect()
    }

    fn may_replace(&self, missing: &[&SidecarFile]) -> Result<(), OutputError> {
        let tracks: Vec<Provenance> = tracks_beside(&self.track_file).collect();
        missing.iter().try_for_each(|file| {
            let known = digests_of(file.kind, &tracks);
            may_replace(&file.path, self.overwrite, Evidence::Digests(&known, self.notes.as_ref()))
        })
    }

    /// Returns their digests by their names, as a track says them.
    pub(super) fn digests(&self) -> BTreeMap<String, String> {
        self.files.iter().map(|file| (file.kind.name().to_owned(), file.digest.clone())).collect()
    }

    /// Their paths.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }

    /// Puts every file in its place, whole or not at all, that is not there already. Their folder must be there.
    ///
    /// # Errors
    /// If one cannot be written, or was changed since these were made.
    pub fn write(&self) -> Result<(), OutputError> {
        let new = self.missing();
        self.may_replace(&new)?;
        // Before they are written, so that a run that is killed in between leaves nothing that is known to no one.
        if let Some(notes) = &self.notes {
            notes.enter(new.iter().map(|file| (file.path.as_path(), file.digest.as_str())));
        }
        new.iter().try_for_each(|file| place(&file.path, &file.bytes))?;
        // They all lie in one folder.
        if let Some(file) = new.first() {
            sync_folder_of(&file.path);
        }
        Ok(())
    }
}

/// The digests that tracks have of a file beside them.
fn digests_of(kind: Sidecar, tracks: &[Provenance]) -> Vec<&str> {
    tracks.iter().filter_map(|track| track.with.get(kind.name()).map(String::as_str)).collect()
}

/// Reads the provenance of all tracks of ours, of any format, that lie where `track_file` does.
fn tracks_beside(track_file: &Path) -> impl Iterator<Item = Provenance> {
    let tracks = Format::ALL.map(|format| track_file.with_extension(format.name()));
    let found = tracks.into_iter().filter_map(|path| TrackFile::open(&path).ok().flatten());
    found.filter_map(|track| Provenance::parse(track.line()))
}

/// The state of a file beside its track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SidecarState {
    /// As it was written with the track.
    Current,
    /// Missing, or of a run before.
    Stale,
    /// Changed by another program.
    Edited,
}

/// The state of a file that came with a track file of this provenance.
pub(super) fn sidecar_state(
    track: &Track,
    kind: Sidecar,
    track_file: &Path,
    made: &Provenance,
) -> SidecarState {
    let path = track.sidecar_file(kind, track_file);
    let Ok(there) = files::read(&path, ByteLimit::PICTURE) else { return SidecarState::Stale };
    let known = digests_of(kind, std::slice::from_ref(made));
    if ownership(&path, &there, Evidence::Digests(&known, None)) == Ownership::Ours {
        return SidecarState::Current;
    }
    match ownership(&path, &there, Evidence::Digests(&known, track.origin.notes.as_ref())) {
        Ownership::Ours => SidecarState::Stale,
        Ownership::Edited | Ownership::Foreign => SidecarState::Edited,
    }
}
