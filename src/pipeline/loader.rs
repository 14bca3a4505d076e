//! The clips of a track that plays: decoded behind it shortly before they are heard, and let go of after that.
//!
//! So playing begins at once however long the session is, and takes no more memory the longer it is.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;

use rayon::prelude::*;

use crate::audio::{Clip, ClipFrames, Source as _};
use crate::library::{FsLibrary, Sound, SoundError};
use crate::master::Master;
use crate::timeline::ClipId;
use crate::units::{FramePos, Millis};

/// Clips are decoded this long before they are heard: much longer than decoding any takes, and a quarter of the
/// memory that a listener may miss.
const AHEAD: Millis = Millis::from_secs(60);

/// Clips stay this long after they were heard, for whoever goes back a phrase.
const BEHIND: Millis = Millis::from_secs(20);

/// Clips that are not heard soon stay, too, while all of them take less than this: bells that return, and the lines
/// of a short session.
const ENOUGH: usize = 32 << 20;

type Loaded = (ClipId, Result<Arc<Clip>, SoundError>);

/// A thread that decodes the clips of one timeline. It ends when this is dropped.
pub struct Loader {
    wanted: Sender<Vec<ClipId>>,
    loaded: Receiver<Loaded>,
    sounds: Vec<Sound>,
    /// What was asked for and has not come.
    awaited: Vec<ClipId>,
    /// Why clips cannot be had, since that was last asked.
    lost: Vec<SoundError>,
}

/// Whether a stretch can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// All of its clips are here.
    Ready,
    /// A clip is still being decoded.
    Late,
}

impl Loader {
    /// Begins to wait for what [`Loader::supply`] will ask for.
    ///
    /// # Errors
    /// If the system has no thread to spare.
    pub fn start(library: Arc<FsLibrary>, sounds: Vec<Sound>) -> std::io::Result<Self> {
        let (wanted, orders) = channel();
        let (given, loaded) = channel();
        let all = sounds.clone();
        let decode = move |id: ClipId| given.send((id, library.clip(&sounds[id.index()])));
        let work =
            move || work(&orders, |id| decode(id).map_or(ControlFlow::Break(()), ControlFlow::Continue));
        thread::Builder::new().name("decoder".to_owned()).spawn(work)?;
        Ok(Self { wanted, loaded, sounds: all, awaited: Vec::new(), lost: Vec::new() })
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
        let soon = to.max(from + AHEAD.to_frames(rate));
        while let Ok(loaded) = self.loaded.try_recv() {
            self.hand_over(loaded, master);
        }
        let missing = master.missing(from, soon);
        if missing.iter().any(|id| !self.awaited.contains(id)) {
            // If the thread has ended, nothing comes either, which is seen below.
            self.wanted.send(missing.clone()).ok();
            self.awaited = missing;
        }
        if master.bytes() > ENOUGH {
            master.keep_only(from.saturating_sub(BEHIND.to_frames(rate)), soon);
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

    fn broken(&self, missing: &[ClipId]) -> SoundError {
        let sound = missing.first().map(|id| format!("{:?}", self.sounds[id.index()]));
        let reason = "its decoder broke down".to_owned();
        SoundError::Unreadable { path: sound.unwrap_or_default(), reason }
    }

    #[allow(clippy::disallowed_types, reason = "a thread waits in time, and no position depends on it")]
    fn wait(&self) -> Result<Loaded, RecvTimeoutError> {
        self.loaded.recv_timeout(std::time::Duration::from_millis(20))
    }

    /// Why clips are silent that were loaded since this was last asked.
    pub fn lost(&mut self) -> Vec<SoundError> {
        std::mem::take(&mut self.lost)
    }

    fn hand_over(&mut self, (id, clip): Loaded, master: &mut Master<'_>) {
        self.awaited.retain(|awaited| *awaited != id);
        let clip = clip.unwrap_or_else(|error| {
            self.lost.push(error);
            Arc::new(ClipFrames::Mono(Box::default()).into())
        });
        master.supply(id, clip);
    }
}

/// Decodes what was ordered last, in that order and on all cores, until nobody can order any more. A newer order
/// takes the place of what is left of an older one: after a jump, what is heard there comes first.
fn work(orders: &Receiver<Vec<ClipId>>, decode: impl Fn(ClipId) -> ControlFlow<()> + Sync) {
    let mut left = VecDeque::new();
    loop {
        let order = match left.is_empty() {
            true => orders.recv().map_err(|_| TryRecvError::Disconnected),
            false => orders.try_recv(),
        };
        match order {
            Ok(order) => left = order.into(),
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {
                let first = left.len().min(rayon::current_num_threads());
                let first: Vec<ClipId> = left.drain(..first).collect();
                // A session begins with a bell over a bed more often than not, and both take their time.
                if first.into_par_iter().any(|id| decode(id).is_break()) {
                    return;
                }
            }
        }
    }
}
