//! What nobody has heard of the long recordings of which stretches told the gain, listened to while the track plays.
//!
//! The next time its gain is then to the last bit that of its file; this time it stays what it is. Must not know devices
//! or commands.

use std::sync::Arc;
use std::thread;

use crate::library::{FsLibrary, Sound};
use crate::master::Anchor;
use crate::pipeline::track::Track;

/// Sounds that may not have been heard to their ends.
pub(super) struct Unheard {
    library: Arc<FsLibrary>,
    sounds: Vec<Sound>,
}

impl Unheard {
    /// Those of a track that told a gain with this anchor.
    pub(super) fn of(track: &Track, anchor: Anchor) -> Self {
        let sounds = track.gauged(anchor).into_iter().map(|id| track.timeline.sounds[id.index()].clone());
        Self { library: track.library.clone(), sounds: sounds.collect() }
    }

    /// Begins to listen to them, on a thread for which nobody waits: what is not done when the session is over is left
    /// for another time, and so is all of it if the system has no thread to spare.
    pub(super) fn hear_out(self) {
        // What is broken is told when it is to be heard.
        let listen = move || self.sounds.iter().for_each(|sound| drop(self.library.hear_out(sound)));
        drop(thread::Builder::new().name("hear out".to_owned()).spawn(listen));
    }
}
