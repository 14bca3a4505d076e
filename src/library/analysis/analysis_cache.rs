//! The cache of what was measured of sounds, by their identity: with it a script is compiled, and a track mastered,
//! without decoding a sound.
//!
//! As bytes it outlives a run. Because the key is what a clip *is*, an entry is never out of date, and to lose all of
//! them costs only the time to decode the clips again. What is read stays as it was written; only what a session asks
//! for is taken out of it, so a project of a hundred hours costs a short one nothing. Must not know files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::level::{Ask, Level};
use crate::audio::MomentaryPower;
use crate::digest::{Digest, digest_of_bytes};
use crate::units::{Frames, Gain};

/// The first line. The number is that of this form of the file; what a sound is like depends on the revision of the engine,
/// which is a part of its identity.
const HEADER: &str = "nidra measures of sounds, form 6\n";

/// More than this, and only those of the sounds that were asked for are kept: about 15 MB of short lines.
const MOST: usize = 60_000;

/// An identity, a length (8 bytes), a gain (4), where its windows begin and how many there are (4 each).
const RECORD: usize = 32 + 8 + 4 + 4 + 4;

/// A BLAKE3 digest of all that is before it ends the bytes.
const SUM: usize = 32;

/// Stands for the gain of a sound of which only the length is known.
const NO_LEVEL: Gain = Gain(f32::INFINITY);

/// Stands for the number of windows of a sound of which only the gain is known.
const NO_WINDOWS: u32 = u32::MAX;

/// Upper bounds of measures, far beyond those of any sound that is let in. A program that can write a file can write
/// its sum, so each value is checked.
mod most {
    use crate::units::{Frames, Gain};

    pub(crate) const LENGTH: Frames = Frames(1 << 40);
    /// 120 dB.
    pub(crate) const GAIN: Gain = Gain(1e6);
    pub(crate) const POWER: f32 = 1e9;
}

/// The measurements of a clip, known without having it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    pub(crate) length: Frames,
    pub(crate) level: Option<Level>,
}

impl Measure {
    /// True if it tells what is asked of a level.
    pub(crate) fn tells(&self, ask: Ask) -> bool {
        self.level.as_ref().is_some_and(|level| level.tells(ask))
    }
}

/// Measures by identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnalysisCache {
    /// The entries that another run has left.
    old: OnDisk,
    /// The entries that were asked for in this one.
    asked_for: BTreeMap<Digest, Measure>,
    state: State,
}

/// The state of the cache: as it was read, or with something that another run should know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    AsRead,
    Learnt,
}

impl AnalysisCache {
    /// Takes what another run has written. What is not exactly as it was written counts for nothing.
    pub(crate) fn read(bytes: Vec<u8>) -> Self {
        Self { old: OnDisk::read(bytes).unwrap_or_default(), ..Self::default() }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn get(&mut self, identity: &Digest) -> Option<Measure> {
        if let Some(known) = self.asked_for.get(identity) {
            return Some(known.clone());
        }
        let known = self.old.get(identity)?;
        self.asked_for.insert(*identity, known.clone());
        Some(known)
    }

    pub(crate) fn insert(&mut self, identity: Digest, measure: Measure) {
        self.asked_for.insert(identity, measure);
        self.state = State::Learnt;
    }

    /// As bytes, in the order of the identities.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut all = self.asked_for.clone();
        let old = (0..self.old.count()).filter_map(|index| self.old.at(index));
        let others: Vec<_> = old.filter(|(identity, _)| !all.contains_key(identity)).collect();
        if all.len() + others.len() <= MOST {
            all.extend(others);
        }
        let (mut bytes, mut windows) = (HEADER.as_bytes().to_vec(), Vec::<f32>::new());
        bytes.extend((all.len() as u32).to_le_bytes());
        for (identity, Measure { length, level }) in &all {
            bytes.extend(identity);
            bytes.extend(length.0.to_le_bytes());
            let momentary = level.as_ref().and_then(|level| level.momentary.as_ref());
            bytes.extend(level.as_ref().map_or(NO_LEVEL, |level| level.gain).0.to_le_bytes());
            bytes.extend((windows.len() as u32).to_le_bytes());
            bytes.extend(momentary.map_or(NO_WINDOWS, |momentary| momentary.0.len() as u32).to_le_bytes());
            windows.extend(momentary.iter().flat_map(|momentary| &momentary.0));
        }
        bytes.extend(windows.iter().flat_map(|power| power.to_le_bytes()));
        bytes.extend(digest_of_bytes(&bytes));
        bytes
    }
}

/// The bytes of another run: a header, a count, records in the order of their identities, the windows of all of
/// them, and a sum. Numbers are little-endian.
#[derive(Clone, Debug, Default)]
struct OnDisk {
    bytes: Vec<u8>,
    count: usize,
}

impl OnDisk {
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        let body_length = body.len();
        let count = u32_at(body.strip_prefix(HEADER.as_bytes())?, 0)? as usize;
        let is_whole = digest_of_bytes(body) == sum;
        let old = Self { count, bytes };
        (is_whole && old.has_windows_in_order(body_length)?).then_some(old)
    }

    /// True if the windows of each record follow those of the one before it, up to the end: two records of the same ones
    /// would be written twice, and many would fill the memory.
    fn has_windows_in_order(&self, end: usize) -> Option<bool> {
        let mut next: usize = 0;
        for index in 0..self.count {
            let record = self.record(index)?;
            let (first, count) = (u32_at(record, 44)?, u32_at(record, 48)?);
            if first as usize != next {
                return Some(false);
            }
            next = next.checked_add(if count == NO_WINDOWS { 0 } else { count as usize })?;
        }
        let from = HEADER.len() + 4 + self.count * RECORD;
        Some(next.checked_mul(size_of::<f32>())?.checked_add(from)? == end)
    }

    fn count(&self) -> usize {
        self.count
    }

    fn get(&self, identity: &Digest) -> Option<Measure> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            match self.record(middle)?.get(..32)?.cmp(identity) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.at(middle).map(|(_, measure)| measure),
            }
        }
        None
    }

    fn record(&self, index: usize) -> Option<&[u8]> {
        self.bytes.get(HEADER.len() + 4 + index * RECORD..)?.get(..RECORD)
    }

    fn at(&self, index: usize) -> Option<(Digest, Measure)> {
        let record = self.record(index)?;
        let length = Frames(u64::from_le_bytes(record.get(32..40)?.try_into().ok()?));
        let gain = Gain(f32::from_bits(u32_at(record, 40)?));
        let momentary = match (u32_at(record, 44)?, u32_at(record, 48)?) {
            (_, NO_WINDOWS) => None,
            (first, count) => Some(Arc::new(self.windows(first as usize, count as usize)?)),
        };
        let level = (gain != NO_LEVEL).then_some(Level { gain, momentary });
        let is_gain = |level: &Level| (Gain(0.0)..=most::GAIN).contains(&level.gain);
        if length > most::LENGTH || !level.as_ref().is_none_or(is_gain) {
            return None;
        }
        Some((record.get(..32)?.try_into().ok()?, Measure { length, level }))
    }

    fn windows(&self, first: usize, count: usize) -> Option<MomentaryPower> {
        let from = HEADER.len() + 4 + self.count * RECORD + first * size_of::<f32>();
        let windows = self.bytes.get(from..)?.get(..count * size_of::<f32>())?;
        let powers = windows.chunks_exact(4).filter_map(|power| u32_at(power, 0)).map(f32::from_bits);
        let is_power = |power: f32| (0.0..=most::POWER).contains(&power);
        powers.map(|power| is_power(power).then_some(power)).collect::<Option<_>>().map(MomentaryPower)
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..)?.get(..4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn measure(length: u64, powers: &[f32]) -> Measure {
        let level = |momentary| Some(Level { gain: Gain((length % 1000) as f32 / 7.0), momentary });
        // Of some only the length is known, and of some only the gain.
        let level = match length % 3 {
            0 => None,
            1 => level(None),
            _ => level(Some(Arc::new(MomentaryPower(powers.into())))),
        };
        Measure { length: Frames(length), level }
    }

    fn identity(n: usize) -> Digest {
        digest_of_bytes(&n.to_le_bytes())
    }

    fn written(measures: &[(usize, Measure)]) -> Vec<u8> {
        let mut all = AnalysisCache::default();
        measures.iter().for_each(|(n, measure)| all.insert(identity(*n), measure.clone()));
        all.write()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_to_the_last_bit(
            all in prop::collection::vec((0u64..=1 << 40, prop::collection::vec(0.0f32..1e9, 0..9)), 0..20),
        ) {
            let all: Vec<_> = all.iter().map(|(length, powers)| measure(*length, powers)).enumerate().collect();
            let mut read = AnalysisCache::read(written(&all));
            for (n, measure) in &all {
                prop_assert_eq!(read.get(&identity(*n)), Some(measure.clone()));
            }
            prop_assert_eq!(read.get(&identity(all.len())), None);
            // What was asked for, and what was not, is there for the next run.
            prop_assert_eq!(read.write(), written(&all));
            prop_assert_eq!(AnalysisCache::read(written(&all)).write(), written(&all));
        }
    }

    #[test]
    fn what_was_touched_counts_for_nothing() {
        let bytes = written(&[(1, measure(48_002, &[0.25, 0.5])), (2, measure(7, &[]))]);
        let check = |bytes: &[u8], known: Option<Measure>| {
            assert_eq!(AnalysisCache::read(bytes.to_vec()).get(&identity(2)), known, "{bytes:?}");
        };
        check(&bytes, Some(measure(7, &[])));
        for at in 0..bytes.len() {
            let mut touched = bytes.clone();
            touched[at] ^= 1;
            check(&touched, None);
            check(&bytes[..at], None);
        }
        check(&[&bytes[..], b"\n"].concat(), None);
    }

    /// The bytes with a number in the place of another, and a sum that is right.
    fn forged(bytes: &[u8], at: usize, number: [u8; 4]) -> Vec<u8> {
        let mut body = bytes[..bytes.len() - SUM].to_vec();
        body[at..at + 4].copy_from_slice(&number);
        [&body[..], &digest_of_bytes(&body)].concat()
    }

    #[test]
    fn what_no_sound_has_counts_for_nothing() {
        let bytes = written(&[(1, measure(8, &[0.25, 0.5]))]);
        let records = HEADER.len() + 4;
        let windows = records + RECORD;
        let check = |at: usize, number: [u8; 4], known: Option<Measure>| {
            let mut read = AnalysisCache::read(forged(&bytes, at, number));
            assert_eq!(read.get(&identity(1)), known, "{number:?} at {at}");
            // Nor is it written again.
            assert_eq!(AnalysisCache::read(read.write()).get(&identity(1)), known);
        };
        check(windows, 0.25f32.to_le_bytes(), Some(measure(8, &[0.25, 0.5])));
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1.0, 3e38] {
            check(windows + 4, number.to_le_bytes(), None);
            if number != NO_LEVEL.0 {
                check(records + 40, number.to_le_bytes(), None);
            }
        }
        // A length of 2^63 frames; windows that begin elsewhere, or are too many; four billion records.
        check(records + 36, [0, 0, 0, 0x80], None);
        check(records + 44, [1, 0, 0, 0], None);
        check(records + 48, [0xfe, 0xff, 0xff, 0xff], None);
        check(HEADER.len(), [0xff; 4], None);
        check(HEADER.len(), [0; 4], None);
    }

    #[test]
    fn what_is_learnt_is_told_from_what_was_known() {
        let mut measures = AnalysisCache::read(written(&[(1, measure(5, &[0.5]))]));
        measures.get(&identity(1));
        assert_eq!(measures.state(), State::AsRead);
        measures.insert(identity(2), measure(6, &[]));
        assert_eq!(measures.state(), State::Learnt);
    }

    #[test]
    fn too_many_measures_are_thinned_to_those_in_use() {
        let all: Vec<_> = (0..=MOST).map(|n| (n, measure(n as u64, &[]))).collect();
        let mut read = AnalysisCache::read(written(&all));
        assert_eq!(read.get(&identity(5)), Some(measure(5, &[])));
        assert_eq!(OnDisk::read(read.write()).unwrap().count(), 1);
    }
}
