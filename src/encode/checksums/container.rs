//! The containers of tracks, and the place of the sound in each.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use super::Digest;
use super::ogg::{self, Page};
use super::{digest, ogg::checksum_place};
use crate::encode::tags::{after_flac_metadata, after_id3, before_wav_samples};

/// The kind of file that a sound is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    /// WAV and RF64.
    Riff,
    /// ID3v2 and then MP3.
    Mpeg,
    /// Metadata and then frames of FLAC.
    Flac,
    /// Opus in Ogg.
    Ogg,
}

/// The place of the sound in a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    container: Container,
    /// The first byte of the sound.
    pub(super) sound_start: u64,
}

impl Layout {
    /// Looks for the sound of a track.
    ///
    /// # Errors
    /// If the file cannot be read, is cut off before its sound or is none of the formats.
    pub(super) fn of(file: &mut File) -> io::Result<Self> {
        file.rewind()?;
        let mut start = [0; 4];
        file.read_exact(&mut start)?;
        let mut reader = BufReader::new(&mut *file);
        let (container, sound_start) = match &start {
            b"RIFF" | b"RF64" => (Container::Riff, before_wav_samples(&mut reader)?),
            b"fLaC" => (Container::Flac, after_flac_metadata(&mut reader)?),
            b"OggS" => (Container::Ogg, after_opus_header(&mut reader)?),
            [b'I', b'D', b'3', _] => (Container::Mpeg, after_id3(&mut reader)?),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        Ok(Self { container, sound_start })
    }

    /// The digest of `bytes` of sound.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn sound_digest(&self, file: &mut File, bytes: u64) -> io::Result<Digest> {
        match self.container {
            Container::Ogg => {
                file.seek(SeekFrom::Start(self.sound_start))?;
                ogg::digest(&mut BufReader::new(file), bytes)
            }
            _ => digest::of_range(file, self.sound_start..self.sound_start.saturating_add(bytes)),
        }
    }

    /// Zeroes the checksums of Ogg pages in a header, which follow from the rest.
    pub(super) fn clear_page_checksums(&self, header: &mut [u8]) {
        if self.container == Container::Ogg {
            ogg::clear_checksums(header);
        }
    }

    /// Writes the checksum of the page anew in which the byte `at` has changed, where there are pages.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub(super) fn mend_page(&self, file: &mut File, at: u64) -> io::Result<()> {
        if self.container != Container::Ogg {
            return Ok(());
        }
        file.rewind()?;
        let mut start = 0;
        loop {
            let page = Page::read(file)?;
            if at < start + page.bytes() {
                file.seek(SeekFrom::Start(checksum_place(start)))?;
                return file.write_all(&page.checksum());
            }
            start += page.bytes();
        }
    }
}

/// The first byte after the two header packets of Opus, of which the second ends its page (RFC 7845, section 3).
fn after_opus_header(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    file.rewind()?;
    let (mut packets, mut end) = (0, 0);
    while packets < 2 {
        let page = Page::read(file)?;
        packets += page.packets_ended();
        end += page.bytes();
    }
    Ok(end)
}
