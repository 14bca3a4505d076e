//! The files beside a track: which are wanted, what is in them, and which of those that are there are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::cover::Cover;
use super::notes;
use super::owned::{Ownership, is_there, may_replace};
use super::provenance::{Provenance, short};
use super::render::{Overwrite, RenderError};
use super::track::Track;
use crate::digest::digest_of_bytes;
use crate::encode::{Format, TrackFile};
use crate::files::{self, ByteLimit};
use crate::output::{NewFile, SinkError, sync_folder_of};
use crate::sidecar::{CoverSide, Sidecar, Subject, text};

/// A file beside a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Companion {
    /// Captions, chapters, a plan.
    Text(Sidecar),
    /// Its picture, large enough to be uploaded.
    Cover,
    /// The drawn picture as SVG.
    Drawing,
}

impl Companion {
    /// All companions.
    pub fn all() -> impl Iterator<Item = Self> {
        Sidecar::ALL.into_iter().map(Self::Text).chain([Self::Cover, Self::Drawing])
    }

    /// Returns the endings of its file: the first, or the other one if it is a PNG.
    pub(crate) const fn endings(self) -> [&'static str; 2] {
        match self {
            Self::Text(sidecar) => [sidecar.ending(); 2],
            Self::Drawing => ["svg"; 2],
            Self::Cover => ["jpg", "png"],
        }
    }

    /// Its name as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text(sidecar) => sidecar.name(),
            Self::Cover => "cover",
            Self::Drawing => "svg",
        }
    }
}

/// A companion as a file.
struct Made {
    companion: Companion,
    path: PathBuf,
    bytes: Vec<u8>,
}

/// The companions of a track that lie beside `track_file`, ready to be written.
pub struct Companions {
    /// The root of the project.
    root: PathBuf,
    track_file: PathBuf,
    overwrite: Overwrite,
    made: Vec<Made>,
    /// Files that stay as they are.
    kept: Vec<PathBuf>,
}

impl Companions {
    /// Makes the companions of a track; the files in `kept` are left as they are. They are made before the track, so that
    /// one that cannot be written costs no long wait.
    ///
    /// # Errors
    /// If a file is where one of them belongs that nidra did not write, or that was changed since. A file is as nidra wrote
    /// it if its content is what a track of nidra's beside it says, what is noted, or what would be written anyway.
    pub fn make(
        track: &Track,
        track_file: &Path,
        overwrite: Overwrite,
        kept: &[PathBuf],
    ) -> Result<Self, RenderError> {
        let made = track.companions().map(|companion| {
            let (path, bytes) = (track.companion_file(companion, track_file), track.companion(companion));
            Made { companion, path, bytes }
        });
        let (root, track_file) = (track.origin.root.clone(), track_file.to_owned());
        let companions = Self { root, track_file, overwrite, made: made.collect(), kept: kept.to_vec() };
        companions.may_replace(&companions.missing())?;
        Ok(companions)
    }

    /// Those that are not there yet as they would be written.
    fn missing(&self) -> Vec<&Made> {
        let is_missing = |made: &&Made| !self.kept.contains(&made.path) && !is_there(&made.path, &made.bytes);
        self.made.iter().filter(is_missing).collect()
    }

    fn may_replace(&self, missing: &[&Made]) -> Result<(), RenderError> {
        let tracks: Vec<Provenance> = tracks_beside(&self.track_file).collect();
        missing.iter().try_for_each(|made| {
            may_replace(&made.path, self.overwrite, |old| {
                of_companion(made.companion, old, &tracks, &self.root)
            })
        })
    }

    /// Returns their digests by their names, as a track says them.
    pub(super) fn digests(&self) -> BTreeMap<String, String> {
        self.made.iter().map(|made| (made.companion.name().to_owned(), digest(&made.bytes))).collect()
    }

    /// Their paths.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.made.iter().map(|made| made.path.clone()).collect()
    }

    /// Puts every file in its place, whole or not at all, that is not there already. Their folder must be there.
    ///
    /// # Errors
    /// If one cannot be written, or was changed since these were made.
    pub fn write(&self) -> Result<(), RenderError> {
        let new = self.missing();
        self.may_replace(&new)?;
        // Before they are written, so that a run that is killed in between leaves nothing that is known to no one.
        notes::note(&self.root, &new.iter().map(|made| digest(&made.bytes)).collect::<Vec<_>>());
        for Made { path, bytes, .. } in &new {
            let mut file = NewFile::create(path)?;
            file.write_all(bytes).map_err(|error| SinkError::new("write", path, error))?;
            file.place()?;
        }
        // They all lie in one folder.
        if let Some(Made { path, .. }) = new.first() {
            sync_folder_of(path);
        }
        Ok(())
    }
}

/// The owner of a file in the place of a companion, by the tracks beside it and the notes of the project.
fn of_companion(companion: Companion, old: &[u8], tracks: &[Provenance], root: &Path) -> Ownership {
    let digest = digest(old);
    let mut written = tracks.iter().filter_map(|track| track.with.get(companion.name())).peekable();
    let has_one = written.peek().is_some();
    match written.any(|written| *written == digest) || notes::is_noted(root, &digest) {
        true => Ownership::Ours,
        false if has_one => Ownership::Edited,
        false => Ownership::Foreign,
    }
}

fn digest(bytes: &[u8]) -> String {
    short(&digest_of_bytes(bytes))
}

/// Reads the provenance of all tracks of ours, of any format, that lie where `track_file` does.
fn tracks_beside(track_file: &Path) -> impl Iterator<Item = Provenance> {
    let tracks = Format::ALL.map(|format| track_file.with_extension(format.name()));
    let found = tracks.into_iter().filter_map(|path| TrackFile::open(&path).ok().flatten());
    found.filter_map(|track| Provenance::parse(track.line()))
}

/// The state of a companion beside its track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// As it was written with the track.
    Current,
    /// Missing, or of a run before.
    Stale,
    /// Changed by another program.
    Edited,
}

impl Track {
    /// The files that belong beside the track, each once; none of a cover for a track that wants none.
    pub fn companions(&self) -> impl Iterator<Item = Companion> {
        let wanted: BTreeSet<Companion> = self.companions.iter().copied().collect();
        wanted.into_iter().filter(|wanted| *wanted != Companion::Cover || self.cover != Cover::Bare)
    }

    /// Returns the content of a companion of the track; nothing for the cover of a track that wants none.
    pub fn companion(&self, companion: Companion) -> Vec<u8> {
        match companion {
            Companion::Text(sidecar) => self.sidecar(sidecar).into_bytes(),
            Companion::Drawing => self.drawing().into_bytes(),
            Companion::Cover => self.picture(CoverSide::Feed).map_or_else(Vec::new, |picture| picture.bytes),
        }
    }

    /// Returns the path of a companion of the track if the track is `track_file`.
    pub fn companion_file(&self, companion: Companion, track_file: &Path) -> PathBuf {
        let [first, other] = companion.endings();
        let is_png = matches!(&self.cover, Cover::File(picture) if picture.mime == "image/png");
        track_file.with_extension(if companion == Companion::Cover && is_png { other } else { first })
    }

    /// Returns the paths of all companions of the track if the track is `track_file`.
    pub fn companion_files(&self, track_file: &Path) -> Vec<PathBuf> {
        self.companions().map(|companion| self.companion_file(companion, track_file)).collect()
    }

    /// The state of a companion that came with a track file of this provenance.
    pub(super) fn beside(&self, companion: Companion, track_file: &Path, made: &Provenance) -> Beside {
        let path = self.companion_file(companion, track_file);
        let Ok(there) = files::read(&path, ByteLimit::PICTURE) else { return Beside::Stale };
        if made.with.get(companion.name()) == Some(&digest(&there)) {
            return Beside::Current;
        }
        match of_companion(companion, &there, std::slice::from_ref(made), &self.origin.root) {
            Ownership::Ours => Beside::Stale,
            Ownership::Edited | Ownership::Foreign => Beside::Edited,
        }
    }

    /// The text of a file beside the track.
    pub fn sidecar(&self, sidecar: Sidecar) -> String {
        let title = self.title();
        let (session, timeline, track_name) = (&self.session, &self.timeline, self.name.as_str());
        text(sidecar, &Subject { session, timeline, track_name, title: &title })
    }
}
