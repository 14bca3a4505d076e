//! From any track of ours back to what made it: the reading half of the tags.
//!
//! Reads the headers of a file and never its sound. What is broken, or another program's, is not an error here:
//! it has no provenance. The bytes may come from anywhere, so nothing is believed: sizes are looked at before
//! they are read, and no text is longer than [`MOST_TEXT`].

mod id3;
mod riff;
#[cfg(test)]
mod tests;
mod vorbis;

pub(in crate::encode) use id3::after_id3;
pub(in crate::encode) use riff::before_wav_samples;
pub(in crate::encode) use vorbis::after_flac_metadata;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::text::{KEY, MAKER};

/// The longest provenance and the longest name of a program that is read; ours have a few hundred bytes.
const MOST_TEXT: u32 = 1 << 16;

/// The statements of a file about its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::encode) struct Marks {
    /// The program that wrote the sound.
    software: Option<String>,
    /// The line that says what the track was made of.
    provenance: Option<String>,
}

impl Marks {
    /// The line that says what a track was made of, as it was written: it begins with `nidra ` and the version. Without it
    /// a file is not known to be of nidra, whatever program it names: an editor that takes all tags away leaves that.
    pub(in crate::encode) fn line(self) -> Option<String> {
        self.provenance.filter(|line| line.starts_with(MAKER))
    }

    /// True if nidra wrote the sound. Another program that makes a track of ours into one of its own says so here.
    pub(in crate::encode) fn is_made_here(&self) -> bool {
        self.software.as_ref().is_some_and(|software| software.starts_with(MAKER))
    }
}

/// Reads the marks of WAV, RF64, MP3 with ID3v2, FLAC and Ogg Opus. `None` for anything else, broken or foreign.
///
/// # Errors
/// If the file cannot be read.
pub(in crate::encode) fn marks_of(file: &mut File) -> io::Result<Option<Marks>> {
    match read(&mut BufReader::new(file)) {
        Ok(marks) => Ok(Some(marks)),
        Err(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(file: &mut (impl Read + Seek)) -> io::Result<Marks> {
    match &array(file)? {
        b"RIFF" | b"RF64" => riff::read(file),
        b"fLaC" => vorbis::read_flac(file),
        b"OggS" => {
            file.rewind()?;
            vorbis::read_opus(file)
        }
        [b'I', b'D', b'3', version] => id3::read(*version, file),
        _ => Ok(Marks::default()),
    }
}

fn array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A file that is not what it says to be.
fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
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
fn text(file: &mut (impl Read + Seek), size: u32) -> io::Result<Option<Vec<u8>>> {
    if size > MOST_TEXT {
        skip(file, u64::from(size))?;
        return Ok(None);
    }
    let mut text = vec![0; size as usize];
    file.read_exact(&mut text)?;
    Ok(Some(text))
}
