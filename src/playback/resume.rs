//! The places where sessions stopped: noted while they play, so that one goes on after a crash, a reboot, or a night.
//!
//! Among the notes of the project, one file a track. A session that was played to its end leaves none. A note that is
//! of another version of the script, or that cannot be read, is no note: playing begins at the start.
#![allow(clippy::disallowed_methods, reason = "where a session stopped is noted in a file")]

use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::build::{Track, notes, short};
use crate::digest::{Digested, Digester, digest_of, digest_of_bytes};
use crate::files::{self, ByteLimit};
use crate::output::NewFile;
use crate::playback::control::Place;
use crate::timeline::{EditRequest, LiveEdit};
use crate::units::{FramePos, Millis, SampleRate};

/// The file that keeps the note of a track; none if its folder is no project.
pub struct PlaceNote {
    root: PathBuf,
    file: PathBuf,
    /// Digest of the session: its texts, its edition and its parameters.
    of: String,
}

/// A note as it is written.
#[derive(Serialize, Deserialize)]
struct Note {
    of: String,
    at: u64,
    rate: u32,
    changes: Vec<Change>,
}

/// A change of the listener's, in frames.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Change {
    MoreRest { now: u64, milliseconds: u64 },
    EndAt { now: u64, end: u64 },
    StillEndAt { now: u64, end: u64 },
    TakeBack { now: u64 },
}

impl PlaceNote {
    /// The note of a track.
    pub fn of(track: &Track) -> Option<Self> {
        let name = short(&digest_of_bytes(track.name_with_folder().as_bytes()));
        let file = notes::file(&track.origin.root, &format!("place-{name}"))?;
        Some(Self { root: track.origin.root.clone(), file, of: short(&digest_of(&Played(track))) })
    }

    /// Returns the place where the session stopped, if it is the same session.
    pub fn read(&self) -> Option<Place> {
        let note: Note = serde_json::from_slice(&files::read(&self.file, ByteLimit::TEXT).ok()?).ok()?;
        let rate = SampleRate::new(note.rate)?;
        (note.of == self.of).then(|| Place {
            at: FramePos(note.at),
            rate,
            edits: note.changes.into_iter().map(LiveEdit::from).collect(),
        })
    }

    /// Notes where it is.
    ///
    /// # Errors
    /// If the file cannot be written; the session goes on all the same.
    pub fn write(&self, place: &Place) -> io::Result<()> {
        let note = Note {
            of: self.of.clone(),
            at: place.at.0,
            rate: place.rate.hz(),
            changes: place.edits.iter().map(Change::from).collect(),
        };
        notes::prepare(&self.root)?;
        let mut file = NewFile::create(&self.file).map_err(io::Error::other)?;
        file.write_all(&serde_json::to_vec(&note)?)?;
        file.finish().map_err(io::Error::other)
    }

    /// Forgets it: the session was played to its end.
    pub fn forget(&self) {
        std::fs::remove_file(&self.file).ok();
    }
}

/// The identity of a session that a listener stops: its texts, its edition and its parameters.
struct Played<'a>(&'a Track);

impl Digested for Played<'_> {
    fn digest_into(&self, to: &mut Digester) {
        let Track { session, origin, .. } = self.0;
        to.field("script", &origin.digest)
            .field("edition", &session.edition)
            .field("params", &session.params);
    }
}

impl From<&LiveEdit> for Change {
    fn from(amendment: &LiveEdit) -> Self {
        let now = amendment.now.0;
        match amendment.wish {
            EditRequest::MoreRest(Millis(milliseconds)) => Self::MoreRest { now, milliseconds },
            EditRequest::EndAt(FramePos(end)) => Self::EndAt { now, end },
            EditRequest::StillEndAt(FramePos(end)) => Self::StillEndAt { now, end },
            EditRequest::TakeBack => Self::TakeBack { now },
        }
    }
}

impl From<Change> for LiveEdit {
    fn from(change: Change) -> Self {
        let (now, wish) = match change {
            Change::MoreRest { now, milliseconds } => (now, EditRequest::MoreRest(Millis(milliseconds))),
            Change::EndAt { now, end } => (now, EditRequest::EndAt(FramePos(end))),
            Change::StillEndAt { now, end } => (now, EditRequest::StillEndAt(FramePos(end))),
            Change::TakeBack { now } => (now, EditRequest::TakeBack),
        };
        Self { now: FramePos(now), wish }
    }
}
