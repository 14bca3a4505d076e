//! The cache of what was found out about sounds and files: with it a script is compiled, and a track mastered, without
//! reading a sound.
//!
//! As bytes it outlives a run. Because the key is what a sound *is*, an entry is never out of date, and to lose all of
//! them costs only the time to measure again. What is read stays as it was written; only what a session asks for is
//! taken out of it, so a project of a hundred hours costs a short one nothing. Must not know what its values mean.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::digest::{Digest, digest_of_bytes};

/// The first line. The number is that of the form of the file and its values; what a sound is like depends on the revision
/// of the engine, which is a part of its key.
const HEADER: &[u8] = b"nidra measures of sounds, form 7\n";

/// The most entries that are kept between runs, about 15 MB of short lines; of more, those that this run used.
const MAX_ENTRIES: usize = 120_000;

/// A key, and where its value ends among the values (8 bytes).
const RECORD: usize = 32 + 8;

/// A BLAKE3 digest of all that is before it ends the bytes.
const SUM: usize = 32;

/// Values by digests.
pub(crate) struct AnalysisCache {
    /// The entries that another run has left.
    on_disk: OnDisk,
    used: Mutex<Used>,
}

/// The entries that this run asked for or added.
#[derive(Default)]
struct Used {
    entries: BTreeMap<Digest, Arc<[u8]>>,
    has_added: bool,
}

impl AnalysisCache {
    /// Takes what another run has written. What is not exactly as it was written counts for nothing.
    pub(crate) fn read(bytes: Vec<u8>) -> Self {
        Self { on_disk: OnDisk::read(bytes).unwrap_or_default(), used: Mutex::default() }
    }

    pub(crate) fn get(&self, key: &Digest) -> Option<Arc<[u8]>> {
        let mut used = self.used();
        if let Some(value) = used.entries.get(key) {
            return Some(value.clone());
        }
        let value: Arc<[u8]> = self.on_disk.get(key)?.into();
        used.entries.insert(*key, value.clone());
        Some(value)
    }

    pub(crate) fn insert(&self, key: Digest, value: &[u8]) {
        let mut used = self.used();
        used.entries.insert(key, value.into());
        used.has_added = true;
    }

    /// As bytes, in the order of the keys; `None` if another run would learn nothing new from it.
    pub(crate) fn write(&self) -> Option<Vec<u8>> {
        let used = self.used();
        if !used.has_added {
            return None;
        }
        let mut all: BTreeMap<&Digest, &[u8]> =
            used.entries.iter().map(|(key, value)| (key, &**value)).collect();
        let others: Vec<_> = self.on_disk.entries().filter(|(key, _)| !all.contains_key(key)).collect();
        if all.len() + others.len() <= MAX_ENTRIES {
            all.extend(others);
        }
        let (mut bytes, mut end) = (HEADER.to_vec(), 0);
        bytes.extend((all.len() as u64).to_le_bytes());
        for (key, value) in &all {
            end += value.len() as u64;
            bytes.extend_from_slice(*key);
            bytes.extend(end.to_le_bytes());
        }
        all.values().for_each(|value| bytes.extend_from_slice(value));
        bytes.extend(digest_of_bytes(&bytes));
        Some(bytes)
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of another run: a header, a count, records in the order of their keys, the values of all of them, and a sum.
/// Numbers are little-endian.
#[derive(Default)]
struct OnDisk {
    bytes: Vec<u8>,
    /// The offset of the values.
    values: usize,
}

impl OnDisk {
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let is_whole = |(body, sum): &(&[u8], &[u8; SUM])| digest_of_bytes(body) == **sum;
        let (body, _) = bytes.split_last_chunk().filter(is_whole)?;
        let (count, rest) = body.strip_prefix(HEADER)?.split_first_chunk()?;
        let records = usize::try_from(u64::from_le_bytes(*count)).ok()?.checked_mul(RECORD)?;
        let length = rest.len().checked_sub(records)?;
        let on_disk = Self { values: body.len() - length, bytes };
        // Ends out of order would let one value stand for many, and fill the memory when they are written again.
        let ends = || on_disk.records().iter().map(end);
        (ends().is_sorted() && ends().next_back().unwrap_or_default() == length).then_some(on_disk)
    }

    fn records(&self) -> &[[u8; RECORD]] {
        let records = self.bytes.get(HEADER.len() + size_of::<u64>()..self.values);
        records.unwrap_or_default().as_chunks().0
    }

    fn get(&self, key: &Digest) -> Option<&[u8]> {
        let index = self.records().binary_search_by(|record| record[..32].cmp(key)).ok()?;
        Some(self.value(index))
    }

    fn value(&self, index: usize) -> &[u8] {
        let records = self.records();
        let from = index.checked_sub(1).map_or(0, |before| end(&records[before]));
        &self.bytes[self.values..][from..end(&records[index])]
    }

    fn entries(&self) -> impl Iterator<Item = (&Digest, &[u8])> {
        let keys = self.records().iter().filter_map(|record| record.first_chunk());
        keys.enumerate().map(|(index, key)| (key, self.value(index)))
    }
}

fn end(record: &[u8; RECORD]) -> usize {
    let end = record.last_chunk().map(|end| u64::from_le_bytes(*end));
    end.and_then(|end| usize::try_from(end).ok()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(n: usize) -> Digest {
        digest_of_bytes(&n.to_le_bytes())
    }

    fn written(values: &[Vec<u8>]) -> Vec<u8> {
        let cache = AnalysisCache::read(Vec::new());
        values.iter().enumerate().for_each(|(n, value)| cache.insert(key(n), value));
        cache.write().unwrap_or_default()
    }

    /// The value of the first key in a cache of those bytes.
    fn first(bytes: &[u8]) -> Option<Vec<u8>> {
        AnalysisCache::read(bytes.to_vec()).get(&key(0)).map(|value| value.to_vec())
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_to_the_last_bit(
            values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..20),
        ) {
            let read = AnalysisCache::read(written(&values));
            for (n, value) in values.iter().enumerate() {
                prop_assert!(read.get(&key(n)).is_some_and(|read| *read == **value));
            }
            prop_assert_eq!(read.get(&key(values.len())), None);
            prop_assert_eq!(read.write(), None, "nothing was added");
            // What was asked for, and what was not, is there for the next run.
            let more: Vec<Vec<u8>> = values.iter().cloned().chain([vec![7]]).collect();
            let again = AnalysisCache::read(written(&values));
            for cache in [read, again] {
                cache.insert(key(values.len()), &[7]);
                prop_assert_eq!(cache.write().unwrap(), written(&more));
            }
        }
    }

    #[test]
    fn what_was_touched_counts_for_nothing() {
        let bytes = written(&[vec![1, 2, 3], vec![4]]);
        assert_eq!(first(&bytes), Some(vec![1, 2, 3]));
        for at in 0..bytes.len() {
            let mut touched = bytes.clone();
            touched[at] ^= 1;
            assert_eq!(first(&touched), None, "byte {at}");
            assert_eq!(first(&bytes[..at]), None, "{at} bytes");
        }
        assert_eq!(first(&[&bytes[..], b"\n"].concat()), None);
    }

    #[test]
    fn what_is_out_of_order_counts_for_nothing_though_its_sum_is_right() {
        let bytes = written(&[vec![1, 2, 3], vec![4, 5, 6]]);
        let records = HEADER.len() + 8;
        let forged = |at: usize, number: u64| {
            let mut body = bytes[..bytes.len() - SUM].to_vec();
            body[at..at + 8].copy_from_slice(&number.to_le_bytes());
            first(&[&body[..], &digest_of_bytes(&body)].concat())
        };
        assert!(forged(records + 32, 3).is_some());
        for end in [7, u64::MAX] {
            assert_eq!(forged(records + 32, end), None);
        }
        for count in [0, 1, 3, u64::MAX] {
            assert_eq!(forged(HEADER.len(), count), None);
        }
    }

    #[test]
    fn too_many_entries_are_thinned_to_those_in_use() {
        let read = AnalysisCache::read(written(&vec![vec![9]; MAX_ENTRIES]));
        assert!(read.get(&key(5)).is_some());
        read.insert(key(MAX_ENTRIES), &[8]);
        let thinned = OnDisk::read(read.write().unwrap()).unwrap();
        assert_eq!(thinned.entries().count(), 2);
        assert_eq!(thinned.get(&key(5)), Some([9].as_slice()));
    }
}
