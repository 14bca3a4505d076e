//! The files beside a track: which are wanted, what is in them, and which of those that are there are ours.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::provenance::Provenance;
use super::render::{Overwrite, RenderError};
use super::track::Track;
use crate::sidecar::{CoverSide, Sidecar, Subject, text};
use crate::sink::{Format, NewFile, SinkError, provenance};

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

    /// Its name as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text(sidecar) => sidecar.name(),
            Self::Cover => "cover",
            Self::Drawing => "svg",
        }
    }
}

/// A companion as a file: what follows the name of the track and a dot, and its bytes.
struct Made {
    companion: Companion,
    path: PathBuf,
    bytes: Vec<u8>,
}

/// The companions of a track that lie beside `track_file`, ready to be written.
pub struct Companions(Vec<Made>);

impl Companions {
    /// Makes the companions of a track. They are made before the track, so that one that cannot be written
    /// costs nobody a long wait.
    ///
    /// # Errors
    /// If somebody else's file is where one of them belongs. A file is ours if a track of ours beside it says
    /// that it came with it, or if it is what would be written anyway.
    pub fn make(track: &Track, track_file: &Path, overwrite: Overwrite) -> Result<Self, RenderError> {
        let ours = recorded(track_file);
        let mut made = Vec::with_capacity(track.companions.len());
        for &companion in &track.companions {
            let Some((ending, bytes)) = content(track, companion) else { continue };
            let path = track_file.with_extension(ending);
            let there = path.try_exists().unwrap_or(false);
            let replaceable = !there
                || overwrite == Overwrite::Anything
                || ours.contains(companion.name())
                || path.is_file() && std::fs::read(&path).is_ok_and(|old| old == bytes);
            if !replaceable {
                return Err(RenderError::NotOurs(path));
            }
            made.push(Made { companion, path, bytes });
        }
        Ok(Self(made))
    }

    /// Puts every file in its place, whole or not at all, and returns their paths.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(self) -> Result<Vec<(Companion, PathBuf)>, RenderError> {
        let Self(made) = self;
        let mut written = Vec::with_capacity(made.len());
        for Made { companion, path, bytes } in made {
            let mut file = NewFile::create(&path)?;
            file.write_all(&bytes).map_err(|error| SinkError::new("write", &path, error))?;
            file.finish()?;
            written.push((companion, path));
        }
        Ok(written)
    }
}

/// The ending and the bytes of a companion; `None` for the cover of a track that wants none.
fn content(track: &Track, companion: Companion) -> Option<(&'static str, Vec<u8>)> {
    match companion {
        Companion::Text(sidecar) => Some((sidecar.ending(), track.sidecar(sidecar).into_bytes())),
        Companion::Drawing => Some(("svg", track.drawing().into_bytes())),
        Companion::Cover => {
            let picture = track.picture(CoverSide::Feed)?;
            Some((if picture.mime == "image/png" { "png" } else { "jpg" }, picture.bytes))
        }
    }
}

/// The companions that tracks of ours, of any format, say lie beside them.
fn recorded(track_file: &Path) -> BTreeSet<String> {
    let tracks = Format::ALL.map(|format| track_file.with_extension(format.name()));
    let lines = tracks.iter().filter_map(|path| provenance(path).ok().flatten());
    lines.filter_map(|line| Provenance::parse(&line)).flat_map(|made| made.with).collect()
}

impl Track {
    /// What is in a companion of the track; `None` for the cover of a track that wants none.
    pub fn companion(&self, companion: Companion) -> Option<Vec<u8>> {
        content(self, companion).map(|(_, bytes)| bytes)
    }

    /// The text of a file beside the track.
    pub fn sidecar(&self, sidecar: Sidecar) -> String {
        let title = self.title();
        let (session, timeline, track_name) = (&self.session, &self.timeline, self.name.as_str());
        text(sidecar, &Subject { session, timeline, track_name, title: &title })
    }
}
