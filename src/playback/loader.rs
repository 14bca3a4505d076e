//! The clips of a track that plays: decoded behind it shortly before they are heard, and let go of after that.
//!
//! So playing begins at once however long the session is, and takes no more memory the longer it is.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;

use crate::audio::{Clip, ClipFrames, SoundError, SoundRef, Source as _};
use crate::build::Track;
use crate::library::FsLibrary;
use crate::master::Master;
use crate::timeline::ClipId;
use crate::units::{FramePos, Millis};

/// Clips are decoded this long before they are heard: much longer than decoding any takes, and a quarter of the
/// memory that a listener may miss.
const PREFETCH_LENGTH: Millis = Millis::from_secs(60);

/// Clips stay this long after they were heard, for a listener who goes back a phrase.
const KEPT_AFTER: Millis = Millis::from_secs(20);

/// Clips that are not heard soon stay, too, while all of them take less than this: bells that return, and the lines
/// of a short session.
const KEPT_CLIPS_BYTES: usize = 16 << 20;

/// So many clips are ordered at once: the one that is decoded, and the one after it. No more, so that after a jump what
/// is heard there comes first.
const ON_ORDER: usize = 2;

type Loaded = (ClipId, Result<Arc<Clip>, SoundError>);

/// A thread that decodes the clips of one timeline. It ends when this is dropped.
pub struct Loader {
    wanted: Sender<ClipId>,
    loaded: Receiver<Loaded>,
    sounds: Vec<SoundRef>,
    /// The clips that were ordered and have not come.
    on_order: Vec<ClipId>,
    /// The reasons why clips cannot be had, since that was last asked.
    lost: Vec<SoundError>,
}

/// The readiness of a stretch to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// All of its clips are here.
    Ready,
    /// A clip is still being decoded.
    Late,
}

impl Loader {
    /// Begins to wait for the clips of a track.
    ///
    /// # Errors
    /// As for [`Loader::start`].
    pub fn of(track: &Track) -> std::io::Result<Self> {
        Self::start(track.library.clone(), track.timeline.sounds.clone())
    }

    /// Begins to wait for what [`Loader::supply`] will ask for.
    ///
    /// # Errors
    /// If the system has no thread to spare.
    pub fn start(library: Arc<FsLibrary>, sounds: Vec<SoundRef>) -> std::io::Result<Self> {
        let (wanted, orders) = channel();
        let (given, loaded) = channel();
        let all = sounds.clone();
        // One thread, for the memory: what it lets go of, it takes again.
        let work = move || {
            orders.iter().try_for_each(|id: ClipId| given.send((id, library.clip(&sounds[id.index()]))))
        };
        thread::Builder::new().name("decoder".to_owned()).spawn(work)?;
        Ok(Self { wanted, loaded, sounds: all, on_order: Vec::new(), lost: Vec::new() })
    }

    /// Gives `master` what was decoded, asks for what is heard soon after `from`, and lets go of what is over. Waits
    /// for a moment, 20 ms, only if something is not here that is heard before `to`. A clip that cannot be loaded, or is
    /// not what it was when the track was compiled, is silence from now on: a listener is better off without one line
    /// than without all that follows it.
    ///
    /// # Errors
    /// If nothing can be decoded any more.
    pub fn supply(
        &mut self,
        master: &mut Master<'_>,
        from: FramePos,
        to: FramePos,
    ) -> Result<Supply, SoundError> {
        let rate = master.rate();
        let soon = to.max(from + PREFETCH_LENGTH.to_frames(rate));
        while let Ok(loaded) = self.loaded.try_recv() {
            self.hand_over(loaded, master);
        }
        self.order(&master.missing(from, soon));
        if master.bytes() > KEPT_CLIPS_BYTES {
            master.keep_only(from.saturating_sub(KEPT_AFTER.to_frames(rate)), soon);
        }
        if master.missing(from, to).is_empty() {
            return Ok(Supply::Ready);
        }
        match self.wait() {
            Ok(loaded) => self.hand_over(loaded, master),
            Err(RecvTimeoutError::Timeout) => {}
            // Only a decoder that panicked ends the thread while orders may come.
            Err(RecvTimeoutError::Disconnected) => return Err(self.broken(&master.missing(from, to))),
        }
        Ok(if master.missing(from, to).is_empty() { Supply::Ready } else { Supply::Late })
    }

    /// Orders the first of what is missing.
    fn order(&mut self, missing: &[ClipId]) {
        for id in missing {
            if self.on_order.len() < ON_ORDER && !self.on_order.contains(id) {
                // If the thread has ended, nothing comes either, which is seen when it is due.
                self.wanted.send(*id).ok();
                self.on_order.push(*id);
            }
        }
    }

    fn broken(&self, missing: &[ClipId]) -> SoundError {
        let sound = missing.first().map(|id| format!("{:?}", self.sounds[id.index()]));
        let reason = "its decoder broke down".to_owned();
        SoundError::Unreadable { path: sound.unwrap_or_default(), reason }
    }

    #[allow(clippy::disallowed_types, reason = "a thread waits in time, and no position depends on it")]
    fn wait(&self) -> Result<Loaded, RecvTimeoutError> {
        self.loaded.recv_timeout(std::time::Duration::from_millis(20))
    }

    /// Returns the reasons why clips are silent that were loaded since this was last asked.
    pub fn lost(&mut self) -> Vec<SoundError> {
        std::mem::take(&mut self.lost)
    }

    fn hand_over(&mut self, (id, clip): Loaded, master: &mut Master<'_>) {
        self.on_order.retain(|ordered| *ordered != id);
        let clip = clip.unwrap_or_else(|error| {
            self.lost.push(error);
            Arc::new(ClipFrames::Mono(Box::default()).into())
        });
        master.supply(id, clip);
    }
}
