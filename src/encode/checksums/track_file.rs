//! A track of nidra's as it is found: which line it has, and whether it is as it was written.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::{Around, CHECKSUMS_MEMBER, Checksums, sound_digest};
use crate::encode::container::{TrackHeader, is_of_content};
use crate::files;

/// The state of a track's bytes against those that were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// They are the same.
    Intact,
    /// Its sound is the same; another program has changed what it says about itself.
    Edited,
    /// Another program has made a file of its own of it, with other sound.
    Remade,
    /// Neither its sound nor what it says about itself is as it was written.
    EditedAndDamaged(Damage),
    /// Its sound is not the same, and no program says that it has changed it.
    Damaged(Damage),
    /// It has no checksums: it is of a nidra before there were any.
    Unknown,
}

/// The damage of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It ends too early.
    #[error("it ends {} early", bytes(*.missing_bytes))]
    Cut {
        /// Bytes that are missing.
        missing_bytes: u64,
    },
    /// Other bytes stand where its sound was.
    #[error("its sound is not what was written")]
    Sound,
    /// Something stands behind it that is no tag.
    #[error("{} behind its end", bytes(*.extra_bytes))]
    Trailing {
        /// Bytes behind its end.
        extra_bytes: u64,
    },
}

/// A number of bytes, in words.
fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".into(),
        _ => format!("{count} bytes"),
    }
}

/// First bytes of what other programs append: ID3v1, APEv2, Lyrics3, or another whole track.
const APPENDED: [&[u8]; 6] = [b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"OggS", b"fLaC"];

/// An open file with a line of provenance of nidra's.
pub struct TrackFile {
    file: File,
    header: TrackHeader,
    line: String,
    bytes: u64,
}

impl TrackFile {
    /// Opens a track and reads its headers. `None` if it is no track of nidra's: anything else, or broken.
    ///
    /// # Errors
    /// If the file cannot be read, or is no ordinary file.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut file = files::open(path)?;
        let bytes = file.metadata()?.len();
        let Some(header) = TrackHeader::of(&mut file)? else { return Ok(None) };
        let line = header.line().map(str::to_owned);
        Ok(line.map(|line| Self { file, header, line, bytes }))
    }

    /// The line of provenance of the track: it begins with `nidra ` and the version.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// True if the file is as long as its checksums say.
    pub fn has_its_length(&self) -> bool {
        Checksums::of_line(&self.line).is_some_and(|checksums| checksums.file_bytes == self.bytes)
    }

    /// True for a track that nidra wrote and may replace, intact or damaged. What another program has made of it, be
    /// it the tags alone, may carry the line on, but is that program's work.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn is_ours(&mut self) -> io::Result<bool> {
        if !self.header.is_made_here() {
            return Ok(false);
        }
        let Some(checksums) = Checksums::of_line(&self.line) else {
            return Ok(self.without_checksums() == Condition::Unknown);
        };
        // Of headers that are cut off it is not known whether they were changed before.
        self.header.sound_start.map_or(Ok(true), |start| self.is_unedited(start, &checksums))
    }

    /// Reads all of it and compares it to its checksums.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn condition(&mut self) -> io::Result<Condition> {
        if !self.header.is_made_here() {
            return Ok(Condition::Remade);
        }
        let Some(checksums) = Checksums::of_line(&self.line) else { return Ok(self.without_checksums()) };
        let missing_bytes = checksums.file_bytes.saturating_sub(self.bytes);
        let Some(start) = self.header.sound_start else {
            return Ok(Condition::Damaged(Damage::Cut { missing_bytes }));
        };
        let damage = if self.bytes - start < checksums.sound_bytes {
            Some(Damage::Cut { missing_bytes })
        } else {
            let sound = start..start + checksums.sound_bytes;
            let digest = sound_digest(&mut self.file, self.header.container, sound)?;
            (digest != checksums.sound).then_some(Damage::Sound)
        };
        let extra_bytes = self.bytes.saturating_sub(checksums.file_bytes);
        Ok(match (damage, self.is_unedited(start, &checksums)?) {
            (Some(damage), true) => Condition::Damaged(damage),
            (Some(damage), false) => Condition::EditedAndDamaged(damage),
            (None, false) => Condition::Edited,
            (None, true) if extra_bytes > 0 => Condition::Damaged(Damage::Trailing { extra_bytes }),
            (None, true) => Condition::Intact,
        })
    }

    /// The condition of a track whose checksums cannot be read: it has none, or another program has changed them.
    fn without_checksums(&self) -> Condition {
        if self.line.contains(CHECKSUMS_MEMBER) { Condition::Edited } else { Condition::Unknown }
    }

    /// True if headers and tags are as they were written and no tag was appended.
    fn is_unedited(&mut self, sound_start: u64, checksums: &Checksums) -> io::Result<bool> {
        let end = checksums.file_bytes.min(self.bytes);
        let sound = sound_start..sound_start.saturating_add(checksums.sound_bytes);
        let around = match Around::read(&mut self.file, self.header.container, &sound, end) {
            Ok(around) => around,
            Err(error) if is_of_content(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(around.digest(checksums, &checksums.to_string()) == checksums.file
            && !self.has_appended_tag(end)?)
    }

    /// True if what stands behind the byte `end` begins or ends with a tag.
    fn has_appended_tag(&mut self, end: u64) -> io::Result<bool> {
        /// Bytes of ID3v1, the last in a file (id3.org, "ID3v1").
        const ID3V1: u64 = 128;
        /// Bytes of the footer of an APE tag, which may have no header, at the end or before an ID3v1 (APEv2, "APE Tags
        /// Header").
        const APE_FOOTER: u64 = 32;
        let mut begins = |at: u64| {
            let mut bytes = Vec::new();
            self.file.seek(SeekFrom::Start(at))?;
            (&mut self.file).take(ID3V1).read_to_end(&mut bytes)?;
            io::Result::Ok(APPENDED.iter().any(|tag| bytes.starts_with(tag)))
        };
        let from_end = [ID3V1, APE_FOOTER, ID3V1 + APE_FOOTER];
        let places =
            from_end.into_iter().filter_map(|back| self.bytes.checked_sub(back)).filter(|at| *at >= end);
        for at in places.chain((self.bytes > end).then_some(end)).collect::<Vec<_>>() {
            if begins(at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
