//! The unmeasured long recordings without which a session cannot begin: its gain follows from them, or it begins with
//! them. They are listened to behind a soft bell.
//!
//! So sound begins at once, and what follows is to the last bit what a file would be. The others are listened to by the
//! loader, in time. Must not know devices or commands.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rayon::prelude::*;

use super::source::first_sounds;
use crate::audio::{SoundError, SoundKind, SoundRef};
use crate::build::Track;
use crate::library::FsLibrary;
use crate::master::LoudnessReference;
use crate::units::{FramePos, Millis};

/// To listen to so much takes a sixth of a second (an MP3 in stereo, measured), which a listener does not notice.
const UNNOTICED: Millis = Millis::from_secs(120);

/// Recordings to be listened to.
pub(super) struct UnmeasuredRecordings {
    library: Arc<FsLibrary>,
    sounds: Vec<SoundRef>,
    length: Millis,
}

/// A thread that listens. The engine does not wait for it when the session is over before it began.
pub(super) type LoudnessScan = JoinHandle<Result<(), SoundError>>;

impl UnmeasuredRecordings {
    /// Those of a track that begins there, if it takes long to listen to them.
    ///
    /// # Errors
    /// If the file of one cannot be read.
    pub(super) fn of(track: &Track, from: FramePos) -> Result<Option<Self>, SoundError> {
        let lines = track.gauged(LoudnessReference::Voice);
        let gauged = if lines.is_empty() { track.gauged(LoudnessReference::Programme) } else { lines };
        let gauged = gauged.into_iter().map(|id| &track.timeline.sounds[id.index()]);
        // A bed that begins under a voice is known well enough by its stretches.
        let first = first_sounds(track, from).into_iter().filter(|sound| sound.kind != SoundKind::Bed);
        let library = track.library.clone();
        let (mut sounds, mut length) = (Vec::new(), Millis::ZERO);
        for sound in gauged.chain(first).collect::<BTreeSet<_>>() {
            let unheard = library.unheard(sound)?;
            if unheard > Millis::ZERO {
                sounds.push(sound.clone());
                length = length + unheard;
            }
        }
        Ok((length > UNNOTICED).then_some(Self { library, sounds, length }))
    }

    /// Returns their total length.
    pub(super) fn length(&self) -> Millis {
        self.length
    }

    /// Begins to listen to them.
    ///
    /// # Errors
    /// If the system has no thread to spare.
    pub(super) fn listen(self) -> std::io::Result<LoudnessScan> {
        let Self { library, sounds, .. } = self;
        let listen = move || {
            let each = sounds.par_iter().with_max_len(1);
            each.map(|sound| library.momentary(sound).map(drop)).collect::<Result<(), _>>()
        };
        thread::Builder::new().name("listener".to_owned()).spawn(listen)
    }
}
