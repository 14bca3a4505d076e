//! The sounds of a session whose loudness is not cached, if to measure them takes long: that is done behind a soft bell.
//!
//! So sound begins at once, and what follows is to the last bit what a file would be. Must not know devices or commands.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rayon::prelude::*;

use crate::audio::{SoundError, SoundRef};
use crate::build::Track;
use crate::library::FsLibrary;
use crate::units::Millis;

/// To measure so much takes a sixth of a second (an MP3 in stereo), which a listener does not notice.
const UNNOTICED_LENGTH: Millis = Millis::from_secs(120);

/// Sounds to be measured.
pub(super) struct UnmeasuredRecordings {
    library: Arc<FsLibrary>,
    sounds: Vec<SoundRef>,
    length: Millis,
}

/// A thread that measures. The engine does not wait for it when the session is over before it began.
pub(super) type LoudnessScan = JoinHandle<Result<(), SoundError>>;

impl UnmeasuredRecordings {
    /// Those of a track, if it takes long to measure them. One that cannot be read is left out when it is heard.
    pub(super) fn of(track: &Track) -> Option<Self> {
        let library = track.library.clone();
        let (mut sounds, mut length) = (Vec::new(), Millis::ZERO);
        for sound in &track.timeline.sounds {
            if let Some(unmeasured) = library.unmeasured(sound) {
                sounds.push(sound.clone());
                length = length + unmeasured;
            }
        }
        (length > UNNOTICED_LENGTH).then_some(Self { library, sounds, length })
    }

    /// Returns their total length.
    pub(super) fn length(&self) -> Millis {
        self.length
    }

    /// Begins to measure them, on all cores.
    ///
    /// # Errors
    /// If the system has no thread to spare.
    pub(super) fn listen(self) -> std::io::Result<LoudnessScan> {
        let Self { library, sounds, .. } = self;
        let measure = move || {
            // What is wrong with one is told to the caller that asks for it.
            sounds.par_iter().with_max_len(1).for_each(|sound| drop(library.momentary(sound)));
            Ok(())
        };
        thread::Builder::new().name("listener".to_owned()).spawn(measure)
    }
}
