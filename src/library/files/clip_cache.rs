//! Decoded clips, as many as memory may hold: what several tracks of a run use is decoded once.
//!
//! Behind `sound_store.rs`. Knows clips by their key alone, and not where they come from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::audio::{Clip, SoundError};
use crate::digest::Digest;
use crate::units::SampleRate;

/// The limit of the memory that clips may take which no track uses at the moment.
const BUDGET_BYTES: usize = 256 << 20;

/// The key of a sound, and the rate of its clip.
type Key = (Digest, SampleRate);

type Loaded = Result<Arc<Clip>, SoundError>;

/// Decoded clips by what they are.
#[derive(Default)]
pub(crate) struct ClipCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    slots: BTreeMap<Key, Slot>,
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

impl ClipCache {
    /// The clip of that key; `load` makes it if it is not here. Two clips load at once, one clip loads once.
    pub(crate) fn get(&self, key: &Key, load: impl FnOnce() -> Loaded) -> Loaded {
        // The lock is held for the look-up only.
        let clip = self.kept().slot(key).clip.clone();
        let loaded = clip.get_or_init(load).clone();
        if let Ok(loaded) = &loaded {
            self.kept().weigh(key, loaded.bytes());
        }
        loaded
    }

    /// Lets go of a clip.
    pub(crate) fn remove(&self, key: &Key) {
        self.kept().remove(key);
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn slot(&mut self, key: &Key) -> &mut Slot {
        if self.slots.get(key).is_some_and(Slot::is_spent) {
            self.remove(key);
        }
        self.uses += 1;
        let slot = self.slots.entry(*key).or_default();
        slot.last_use = self.uses;
        slot
    }

    /// Counts a clip that is there now, and lets go of others if they are too many. A clip that a track uses
    /// lives on with the track.
    fn weigh(&mut self, key: &Key, bytes: usize) {
        if let Some(slot) = self.slots.get_mut(key).filter(|slot| slot.bytes == 0) {
            slot.bytes = bytes;
            self.bytes += bytes;
        }
        while self.bytes > BUDGET_BYTES {
            let others = self.slots.iter().filter(|(other, slot)| *other != key && slot.bytes > 0);
            let Some(oldest) = others.min_by_key(|(_, slot)| slot.last_use).map(|(other, _)| *other) else {
                return;
            };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &Key) {
        self.bytes -= self.slots.remove(key).map_or(0, |slot| slot.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{ClipFrames, ClipSound, Fault, Frame, Pages};
    use crate::units::Frames;

    const RATE: SampleRate = SampleRate::HZ_48000;

    fn key(name: u8) -> Key {
        ([name; 32], RATE)
    }

    fn load(cache: &ClipCache, name: u8, samples: usize) -> Arc<Clip> {
        let clip = || Ok(Arc::new(Clip::from(ClipFrames::Mono(vec![0.0; samples].into()))));
        cache.get(&key(name), clip).unwrap()
    }

    fn is_kept(cache: &ClipCache, name: u8) -> bool {
        cache.kept().slots.contains_key(&key(name))
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let cache = ClipCache::default();
        let third = BUDGET_BYTES / 3 / size_of::<f32>();
        (0..3).for_each(|name| drop(load(&cache, name, third)));
        // The first is used again, so the second has to go.
        load(&cache, 0, third);
        load(&cache, 3, third);
        assert_eq!([0, 1, 2, 3].map(|name| is_kept(&cache, name)), [true, false, true, true]);
        assert!(cache.kept().bytes <= BUDGET_BYTES);
    }

    #[test]
    fn a_clip_is_loaded_once() {
        let cache = ClipCache::default();
        assert!(Arc::ptr_eq(&load(&cache, 0, 10), &load(&cache, 0, 10)));
        // More than all of the budget is still a clip.
        assert_eq!(load(&cache, 1, BUDGET_BYTES / 4 + 1).length().0, (BUDGET_BYTES / 4 + 1) as u64);
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
        let cache = ClipCache::default();
        let changed = Clip { sound: ClipSound::Paged(Arc::new(Changed)), momentary: Arc::default() };
        assert!(cache.get(&key(0), || Ok(Arc::new(changed))).is_ok());
        assert_eq!(cache.kept().bytes, 1 << 20);
        assert_eq!(load(&cache, 0, 10).fault(), None);
        assert_eq!(cache.kept().bytes, 10 * size_of::<f32>());
        let error = SoundError::Changed { path: String::new() };
        assert_eq!(cache.get(&key(1), || Err(error.clone())), Err(error));
        assert_eq!(load(&cache, 1, 10).length(), Frames(10));
        // What is broken stays so.
        let error = SoundError::Unreadable { path: String::new(), reason: String::new() };
        assert!(cache.get(&key(2), || Err(error)).is_err());
        assert!(cache.get(&key(2), || unreachable!()).is_err());
    }

    #[test]
    fn a_clip_that_was_taken_out_counts_no_more() {
        let cache = ClipCache::default();
        (0..3).for_each(|name| drop(load(&cache, name, 10)));
        (0..2).for_each(|name| cache.remove(&key(name)));
        assert_eq!([0, 1, 2].map(|name| is_kept(&cache, name)), [false, false, true]);
        assert_eq!(cache.kept().bytes, 10 * size_of::<f32>());
    }
}
