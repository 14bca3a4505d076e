//! The checksums of Ogg pages around those of a track.
//!
//! A program that writes other comments into a track numbers all its pages anew, so the digest of the sound leaves
//! the number and the checksum of a page out. Both are checked instead while it is made.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::Digest;
use super::digest::short;
use crate::encode::container::{Page, is_of_content};

/// The digest of pages of together `bytes`. Pages that are broken, or not in the order of their numbers, have another
/// one.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn digest(file: &mut impl Read, bytes: u64) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    let (mut left, mut number) = (bytes, None);
    while left > 0 {
        let page = match Page::read(file) {
            Ok(page) => page,
            Err(error) if is_of_content(&error) => break,
            Err(error) => return Err(error),
        };
        let follows = number.is_none_or(|number: u32| page.number() == number.wrapping_add(1));
        if !follows || !page.is_intact() || page.bytes() > left {
            break;
        }
        let [start, rest] = page.unnumbered();
        hasher.update(start).update(rest);
        (left, number) = (left - page.bytes(), Some(page.number()));
    }
    hasher.update(&left.to_le_bytes());
    Ok(short(&hasher))
}

/// Puts zeros in the place of the checksum of each page of a header that has the right one; a wrong one stays, and
/// with it the header has another digest.
pub(super) fn clear_checksums(header: &mut [u8]) {
    let mut start = 0;
    while let Ok(page) = Page::read(&mut &header[start..]) {
        if page.is_intact() {
            header[start + Page::CHECKSUM..][..4].fill(0);
        }
        start += page.bytes() as usize;
    }
}

/// Writes the checksum of the page anew in which the byte `at` of a file has changed.
///
/// # Errors
/// If the file cannot be read or written.
pub(super) fn mend_page(file: &mut File, at: u64) -> io::Result<()> {
    file.rewind()?;
    let mut start = 0;
    loop {
        let page = Page::read(file)?;
        if at < start + page.bytes() {
            file.seek(SeekFrom::Start(start + Page::CHECKSUM as u64))?;
            return file.write_all(&page.checksum());
        }
        start += page.bytes();
    }
}
