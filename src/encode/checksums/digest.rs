//! The digest of a stretch of bytes, for which long silence costs nothing.
//!
//! The stretch is taken in blocks, and a block of zeros is left out; each other block is preceded by its number, so
//! that the digest still tells where it was. Zeros that are only counted, or that a file system stores as a hole,
//! need not be made.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::Digest;

/// Bytes of a block: enough to be read and hashed at full speed.
const BLOCK_BYTES: usize = 1 << 16;

/// The digest of a stretch that is given piece by piece.
pub(in crate::encode) struct StretchDigest {
    hasher: blake3::Hasher,
    /// The block that is being filled.
    block: Vec<u8>,
    /// Its number.
    number: u64,
}

impl StretchDigest {
    pub(in crate::encode) fn new() -> Self {
        Self { hasher: blake3::Hasher::new(), block: Vec::with_capacity(BLOCK_BYTES), number: 0 }
    }

    /// Takes the next bytes.
    pub(in crate::encode) fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - self.block.len()));
            self.block.extend(now);
            self.end_full_block();
            bytes = later;
        }
    }

    /// Takes so many zeros.
    pub(in crate::encode) fn add_zeros(&mut self, count: u64) {
        let begun = count.min((BLOCK_BYTES - self.block.len()) as u64);
        self.block.resize(self.block.len() + begun as usize, 0);
        self.end_full_block();
        let left = count - begun;
        self.number += left / BLOCK_BYTES as u64;
        if left > 0 {
            self.block.resize((left % BLOCK_BYTES as u64) as usize, 0);
        }
    }

    pub(in crate::encode) fn finish(mut self) -> Digest {
        let bytes = self.number * BLOCK_BYTES as u64 + self.block.len() as u64;
        self.hash_block();
        self.hasher.update(&bytes.to_le_bytes());
        short(&self.hasher)
    }

    fn end_full_block(&mut self) {
        if self.block.len() == BLOCK_BYTES {
            self.hash_block();
            self.block.clear();
            self.number += 1;
        }
    }

    fn hash_block(&mut self) {
        if !is_silent(&self.block) {
            self.hasher.update(&self.number.to_le_bytes()).update(&self.block);
        }
    }
}

/// The digest of the bytes of a file in `range`. A file that ends before that has another one.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn of_range(file: &mut File, range: Range<u64>) -> io::Result<Digest> {
    let mut digest = StretchDigest::new();
    let mut buffer = vec![0; BLOCK_BYTES];
    let mut at = range.start;
    while at < range.end {
        let data = next_data(file, at)?.min(range.end);
        digest.add_zeros(data - at);
        file.seek(SeekFrom::Start(data))?;
        let wanted = (range.end - data).min(BLOCK_BYTES as u64) as usize;
        let read = match file.read(&mut buffer[..wanted]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            read => {
                let read = read?;
                if read == 0 {
                    break;
                }
                read
            }
        };
        digest.add(&buffer[..read]);
        at = data + read as u64;
    }
    Ok(digest.finish())
}

/// The first 128 bits of a digest.
pub(super) fn short(hasher: &blake3::Hasher) -> Digest {
    let mut digest = Digest::default();
    hasher.finalize_xof().fill(&mut digest);
    digest
}

fn is_silent(block: &[u8]) -> bool {
    let (words, rest) = block.as_chunks::<16>();
    words.iter().all(|word| u128::from_ne_bytes(*word) == 0) && rest.iter().all(|byte| *byte == 0)
}

/// The first byte from `at` on that is not in a hole, where the system tells; the end of the file if there is none.
#[cfg(target_os = "linux")]
fn next_data(file: &mut File, at: u64) -> io::Result<u64> {
    use rustix::fs::{SeekFrom as From, seek};
    match seek(&*file, From::Data(at)) {
        Ok(data) => Ok(data),
        // Nothing but a hole from here on; or the file ends here, which reading will tell.
        Err(rustix::io::Errno::NXIO) => Ok(file.seek(SeekFrom::End(0))?.max(at)),
        // A file system without holes.
        Err(_) => Ok(at),
    }
}

/// Holes are read where the system does not tell of them.
#[cfg(not(target_os = "linux"))]
fn next_data(_: &mut File, at: u64) -> io::Result<u64> {
    Ok(at)
}
