//! How long clips are, by their identity: with it a script is compiled without decoding a sound.
//!
//! As text it outlives a run. Because the key is what a clip *is*, an entry is never out of date, and to lose
//! all of them costs only the time to decode the clips again. Must not know files.

use std::collections::BTreeMap;

use super::identity::Digest;
use crate::units::Frames;

/// The first line. Built-in sounds are known by their names, so another version may have others.
const HEADER: &str = concat!("nidra ", env!("CARGO_PKG_VERSION"), ": lengths of sounds in frames");

/// More than this, and only those of the sounds that were asked for are kept: 5 MB of text.
const MOST: usize = 60_000;

/// Lengths by identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lengths {
    known: BTreeMap<Digest, Known>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    length: Frames,
    asked_for: bool,
}

impl Lengths {
    pub(super) fn get(&mut self, identity: &Digest) -> Option<Frames> {
        let known = self.known.get_mut(identity)?;
        known.asked_for = true;
        Some(known.length)
    }

    pub(super) fn insert(&mut self, identity: Digest, length: Frames) {
        self.known.insert(identity, Known { length, asked_for: true });
    }

    /// Reads the text of another run. What is not exactly as it was written counts for nothing.
    pub(super) fn read(text: &str) -> Self {
        let body = text.rsplit_once("\nsum ").filter(|(body, sum)| sum.trim_end() == sum_of(body));
        let lines =
            body.and_then(|(body, _)| body.strip_prefix(HEADER)).map(str::lines).into_iter().flatten();
        let entry = |line: &str| {
            let (identity, length) = line.split_once(' ')?;
            let length = Frames(length.parse().ok()?);
            let identity = *blake3::Hash::from_hex(identity).ok()?.as_bytes();
            Some((identity, Known { length, asked_for: false }))
        };
        Self { known: lines.filter_map(entry).collect() }
    }

    /// As text, in the order of the identities.
    pub(super) fn write(&self) -> String {
        let all = self.known.len() <= MOST;
        let mut body = HEADER.to_owned();
        for (identity, Known { length, asked_for }) in &self.known {
            if all || *asked_for {
                body += &format!("\n{} {}", blake3::Hash::from_bytes(*identity).to_hex(), length.0);
            }
        }
        let sum = sum_of(&body);
        body + "\nsum " + &sum + "\n"
    }
}

fn sum_of(body: &str) -> String {
    blake3::hash(body.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_was_touched_is_not() {
        let mut lengths = Lengths::default();
        assert_eq!(Lengths::read(&lengths.write()), lengths);
        lengths.insert([1; 32], Frames(48_000));
        lengths.insert([2; 32], Frames(7));
        let text = lengths.write();
        let mut read = Lengths::read(&text);
        assert_eq!([1, 2, 3].map(|n| read.get(&[n; 32])), [Some(Frames(48_000)), Some(Frames(7)), None]);
        let check = |text: &str| assert_eq!(Lengths::read(text), Lengths::default(), "{text}");
        check(&text.replace("48000", "48001"));
        check(&text.replace("nidra 0", "nidra 9"));
        check(&text[..text.len() / 2]);
        check("");
    }

    #[test]
    fn too_many_lengths_are_thinned_to_those_in_use() {
        let identity = |n: usize| *blake3::hash(&n.to_le_bytes()).as_bytes();
        let mut old = Lengths::default();
        (0..=MOST).for_each(|n| old.insert(identity(n), Frames(n as u64)));
        let mut read = Lengths::read(&old.write());
        assert_eq!(read.get(&identity(5)), Some(Frames(5)));
        assert_eq!(Lengths::read(&read.write()).known.len(), 1);
    }
}
