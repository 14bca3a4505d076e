//! The containers of tracks, read back: what made a file, and where its sound begins.
//!
//! The reading half of `tags/`. It reads the headers of a file and never its sound. The bytes may come from anywhere,
//! so nothing is believed: sizes are looked at before they are read, and no text is longer than [`MAX_TEXT_BYTES`].
//! Must not know what a line of provenance says.

mod id3;
mod ogg;
mod riff;
#[cfg(test)]
mod tests;
mod vorbis;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

pub(super) use ogg::Page;

use super::tags::{MAKER, PROVENANCE_KEY};

/// The longest provenance and the longest name of a program that is read; ours have a few hundred bytes.
const MAX_TEXT_BYTES: u32 = 1 << 16;

/// The kind of file that a sound is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// WAV and RF64.
    Riff,
    /// ID3v2 and then MP3.
    Mpeg,
    /// Metadata and then frames of FLAC.
    Flac,
    /// Opus in Ogg.
    Ogg,
}

/// The headers of a track, as far as they could be read: what is broken or another program's says nothing of nidra.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrackHeader {
    /// The kind of file.
    pub(super) container: Container,
    /// The program that wrote the sound.
    software: Option<String>,
    /// The text under nidra's name for the record of what the track was made of.
    provenance: Option<String>,
    /// Offset of the first byte of the sound; `None` if the file is cut off before it.
    pub(super) sound_start: Option<u64>,
}

impl TrackHeader {
    /// Reads WAV, RF64, MP3 with ID3v2, FLAC and Ogg Opus. `None` for anything else.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn of(file: &mut File) -> io::Result<Option<Self>> {
        file.rewind()?;
        Self::read(&mut BufReader::new(file))
    }

    fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let container = match array(file) {
            Ok([b'R', b'I', b'F', b'F'] | [b'R', b'F', b'6', b'4']) => Container::Riff,
            Ok([b'I', b'D', b'3', _]) => Container::Mpeg,
            Ok([b'f', b'L', b'a', b'C']) => Container::Flac,
            Ok([b'O', b'g', b'g', b'S']) => Container::Ogg,
            Err(error) if !is_of_content(&error) => return Err(error),
            _ => return Ok(None),
        };
        let mut header = Self { container, software: None, provenance: None, sound_start: None };
        let read = match container {
            Container::Riff => riff::read(file, &mut header),
            Container::Mpeg => id3::read(file, &mut header),
            Container::Flac => vorbis::read_flac(file, &mut header),
            Container::Ogg => ogg::read_opus(file, &mut header),
        };
        read.or_else(|error| if is_of_content(&error) { Ok(()) } else { Err(error) })?;
        let end = file.seek(SeekFrom::End(0))?;
        header.sound_start = header.sound_start.filter(|start| *start <= end);
        Ok(Some(header))
    }

    /// The line that says what a track was made of, as it was written: it begins with `nidra ` and the version.
    /// Without it a file is not known to be of nidra, whatever program it names: an editor that takes all tags away
    /// leaves that.
    pub(super) fn line(&self) -> Option<&str> {
        self.provenance.as_deref().filter(|line| line.starts_with(MAKER))
    }

    /// True if nidra wrote the sound. Another program that makes a track of ours into one of its own says so here.
    pub(super) fn is_made_here(&self) -> bool {
        self.software.as_ref().is_some_and(|software| software.starts_with(MAKER))
    }
}

/// True if a read failed because of the content of the file.
pub(super) fn is_of_content(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
}

/// A file that is not what it says to be.
fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Over so many bytes, all of which must be there.
fn skip(file: &mut impl Seek, bytes: u64) -> io::Result<()> {
    let to = file.stream_position()?.saturating_add(bytes);
    // Programs that write to a pipe say "as large as can be", and file systems refuse to seek that far.
    if to > file.seek(SeekFrom::End(0))? {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.seek(SeekFrom::Start(to)).map(|_| ())
}

/// A text of `size` bytes, or nothing and over it if it is too long.
fn text(file: &mut impl Read, size: u32) -> io::Result<Option<Vec<u8>>> {
    if size > MAX_TEXT_BYTES {
        let skipped = io::copy(&mut file.take(size.into()), &mut io::sink())?;
        return if skipped == u64::from(size) { Ok(None) } else { Err(broken()) };
    }
    let mut text = vec![0; size as usize];
    file.read_exact(&mut text)?;
    Ok(Some(text))
}
