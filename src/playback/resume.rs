//! The places where sessions stopped: noted while they play, so that one goes on after a crash, a reboot, or a night.
//!
//! Among the notes of the project, one file a track. A session that was played to its end leaves none. A note that is
//! of another version of the script, or that cannot be read, is no note: playing begins at the start.

use std::io;

use serde::{Deserialize, Serialize};

use crate::build::Track;
use crate::digest::{Digested, Digester, digest_of, digest_of_bytes, short_hex};
use crate::files::ByteLimit;
use crate::output::Notes;
use crate::playback::control::ResumePoint;
use crate::timeline::LiveEdit;
use crate::units::{FramePos, SampleRate};

/// The file that keeps the note of a track; none if its folder is no project.
pub struct ResumeNote {
    notes: Notes,
    /// Its name among the notes.
    file: String,
    /// Digest of the session: its texts, its edition and its parameters.
    of: String,
}

/// A note as it is written.
#[derive(Serialize, Deserialize)]
struct Note {
    of: String,
    at: FramePos,
    rate: u32,
    edits: Vec<LiveEdit>,
}

impl ResumeNote {
    /// The note of a track.
    pub fn of(track: &Track) -> Option<Self> {
        let name = short_hex(&digest_of_bytes(track.name_with_folder().as_bytes()));
        let (notes, file) = (track.origin.notes.clone()?, format!("place-{name}"));
        Some(Self { notes, file, of: short_hex(&digest_of(&Played(track))) })
    }

    /// Returns the place where the session stopped, if it is the same session.
    pub fn read(&self) -> Option<ResumePoint> {
        let note: Note = serde_json::from_slice(&self.notes.read(&self.file, ByteLimit::TEXT).ok()?).ok()?;
        let rate = SampleRate::new(note.rate)?;
        (note.of == self.of).then_some(ResumePoint { at: note.at, rate, edits: note.edits })
    }

    /// Notes where it is.
    ///
    /// # Errors
    /// If the file cannot be written; the session goes on all the same.
    pub fn write(&self, point: &ResumePoint) -> io::Result<()> {
        let note =
            Note { of: self.of.clone(), at: point.at, rate: point.rate.hz(), edits: point.edits.clone() };
        self.notes.write(&self.file, &serde_json::to_vec(&note)?)
    }

    /// Forgets it: the session was played to its end.
    pub fn forget(&self) {
        self.notes.remove(&self.file);
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
