//! Decoded clips, as many as memory may hold: what several tracks of a run use is decoded once.
//!
//! Behind `sound_store.rs`. Knows clips by their identity alone, and not where they come from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::audio::{Clip, SoundError};
use crate::digest::Digest;

/// The limit of the memory that clips may take which no track uses at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Budget {
    /// 256 MB, 23 minutes of speech at 48 kHz: for a run that makes many tracks, which share sounds.
    #[default]
    Shared,
    /// 32 MB, a bed and a bell: for a run that plays one track, which holds what it needs itself. What was made here to
    /// be measured waits until the track takes it.
    Spare,
}

impl Budget {
    fn bytes(self) -> usize {
        match self {
            Self::Shared => 256 << 20,
            Self::Spare => 32 << 20,
        }
    }
}

type Loaded = Result<Arc<Clip>, SoundError>;

/// Decoded clips by identity.
pub(crate) struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    budget: Budget,
    slots: BTreeMap<Digest, Slot>,
    bytes: usize,
    /// Counts uses, so that the clip that was not used for longest is known without a clock.
    uses: u64,
}

#[derive(Default)]
struct Slot {
    clip: Arc<OnceLock<Loaded>>,
    /// Its size once it is decoded.
    bytes: usize,
    last_use: u64,
}

impl Slot {
    /// True if its file changed under it. The file may hold by now what it held before.
    fn is_spent(&self) -> bool {
        match self.clip.get() {
            None => false,
            Some(Ok(clip)) => clip.fault().is_some(),
            Some(Err(error)) => matches!(error, SoundError::Changed { .. }),
        }
    }
}

impl Cache {
    pub(crate) fn new(budget: Budget) -> Self {
        Self(Mutex::new(Kept { budget, ..Kept::default() }))
    }

    /// The clip of that identity; `load` makes it if it is not here. Two clips load at once, one clip loads once.
    pub(crate) fn get(&self, identity: &Digest, load: impl FnOnce() -> Loaded) -> Loaded {
        // The lock is held for the look-up only.
        let clip = self.kept().slot(identity).clip.clone();
        let loaded = clip.get_or_init(load).clone();
        if let Ok(loaded) = &loaded {
            self.kept().weigh(identity, loaded.bytes());
        }
        loaded
    }

    pub(crate) fn budget(&self) -> Budget {
        self.kept().budget
    }

    /// Notes that the caller who asked for this clip has it now.
    pub(crate) fn handed_over(&self, identity: &Digest) {
        let mut kept = self.kept();
        match kept.budget {
            Budget::Shared => {}
            Budget::Spare => kept.let_go(identity),
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn slot(&mut self, identity: &Digest) -> &mut Slot {
        if self.slots.get(identity).is_some_and(Slot::is_spent) {
            self.let_go(identity);
        }
        self.uses += 1;
        let slot = self.slots.entry(*identity).or_default();
        slot.last_use = self.uses;
        slot
    }

    /// Counts a clip that is there now, and lets go of others if they are too many. A clip that a track uses
    /// lives on with the track.
    fn weigh(&mut self, identity: &Digest, bytes: usize) {
        if let Some(slot) = self.slots.get_mut(identity).filter(|slot| slot.bytes == 0) {
            slot.bytes = bytes;
            self.bytes += bytes;
        }
        while self.bytes > self.budget.bytes() {
            let others = self.slots.iter().filter(|(other, slot)| *other != identity && slot.bytes > 0);
            let Some(oldest) = others.min_by_key(|(_, slot)| slot.last_use).map(|(other, _)| *other) else {
                return;
            };
            self.let_go(&oldest);
        }
    }

    fn let_go(&mut self, identity: &Digest) {
        self.bytes -= self.slots.remove(identity).map_or(0, |slot| slot.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{ClipFrames, ClipSound, Fault, Frame, Pages};
    use crate::units::Frames;

    const BUDGET: usize = 256 << 20;

    fn load(cache: &Cache, name: u8, samples: usize) -> Arc<Clip> {
        let clip = || Ok(Arc::new(Clip::from(ClipFrames::Mono(vec![0.0; samples].into()))));
        cache.get(&[name; 32], clip).unwrap()
    }

    fn is_kept(cache: &Cache, name: u8) -> bool {
        cache.kept().slots.contains_key(&[name; 32])
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let cache = Cache::new(Budget::Shared);
        let third = BUDGET / 3 / size_of::<f32>();
        (0..3).for_each(|name| drop(load(&cache, name, third)));
        // The first is used again, so the second has to go.
        load(&cache, 0, third);
        load(&cache, 3, third);
        assert_eq!([0, 1, 2, 3].map(|name| is_kept(&cache, name)), [true, false, true, true]);
        assert!(cache.kept().bytes <= BUDGET);
    }

    #[test]
    fn a_clip_is_loaded_once() {
        let cache = Cache::new(Budget::Shared);
        assert!(Arc::ptr_eq(&load(&cache, 0, 10), &load(&cache, 0, 10)));
        // More than all of the budget is still a clip.
        assert_eq!(load(&cache, 1, BUDGET / 4 + 1).length().0, (BUDGET / 4 + 1) as u64);
        assert_eq!([0, 1].map(|name| is_kept(&cache, name)), [false, true]);
    }

    #[test]
    fn what_changed_under_its_reader_is_loaded_again() {
        #[derive(Debug)]
        struct Changed;
        impl Pages for Changed {
            fn length(&self) -> Frames {
                Frames(1)
            }
            fn read(&self, _: Frames, _: &mut [Frame]) {}
            fn bytes(&self) -> usize {
                1 << 20
            }
            fn fault(&self) -> Option<Fault> {
                Some(Fault::Changed { recording: String::new() })
            }
        }
        let cache = Cache::new(Budget::Shared);
        let changed = Clip { sound: ClipSound::Paged(Arc::new(Changed)), momentary: Arc::default() };
        assert!(cache.get(&[0; 32], || Ok(Arc::new(changed))).is_ok());
        assert_eq!(cache.kept().bytes, 1 << 20);
        assert_eq!(load(&cache, 0, 10).fault(), None);
        assert_eq!(cache.kept().bytes, 10 * size_of::<f32>());
        let error = SoundError::Changed { path: String::new() };
        assert_eq!(cache.get(&[1; 32], || Err(error.clone())), Err(error));
        assert_eq!(load(&cache, 1, 10).length(), Frames(10));
        // What is broken stays so.
        let error = SoundError::Unreadable { path: String::new(), reason: String::new() };
        assert!(cache.get(&[2; 32], || Err(error)).is_err());
        assert!(cache.get(&[2; 32], || unreachable!()).is_err());
    }

    #[test]
    fn for_one_track_a_clip_waits_until_it_is_taken() {
        let cache = Cache::new(Budget::Spare);
        (0..3).for_each(|name| drop(load(&cache, name, 10)));
        (0..2).for_each(|name| cache.handed_over(&[name; 32]));
        assert_eq!([0, 1, 2].map(|name| is_kept(&cache, name)), [false, false, true]);
        assert_eq!(cache.kept().bytes, 10 * size_of::<f32>());
        let shared = Cache::new(Budget::Shared);
        load(&shared, 0, 10);
        shared.handed_over(&[0; 32]);
        assert!(is_kept(&shared, 0));
    }
}
