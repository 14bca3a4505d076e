//! The checksums of a finished track: in the track itself, so that a copy of it anywhere can be judged.
//!
//! They stand at the end of its line of provenance and say how long the file and its sound are, and have a digest of
//! each. A track is written with a placeholder of the same length, which [`complete`] overwrites when the file is
//! whole; in a WAV the line stands behind the samples, so there it is done as the file is written, for a pipe too.
//! [`TrackFile`] reads the way back: it tells a track as it was written from one that is damaged and from one that
//! another program has edited. Must not know what the rest of the line says.

mod digest;
mod ogg;
#[cfg(test)]
mod tests;
mod track_file;

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use super::container::{Container, TrackHeader};

pub(super) use digest::StretchDigest;

pub use track_file::{Condition, Damage, TrackFile};

/// 128 bits of a BLAKE3 digest: no two tracks anywhere will share them.
type Digest = [u8; 16];

/// The name under which checksums stand in a line of provenance, as a member of a JSON object.
const CHECKSUMS_MEMBER: &str = "\"checksums\":\"";

/// The lengths of a finished track in bytes, and digests of what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksums {
    /// Bytes of the whole file.
    file_bytes: u64,
    /// Bytes of its sound: what is decoded, without tags and headers.
    sound_bytes: u64,
    /// Digest of its sound.
    sound: Digest,
    /// Digest of everything else in it, and of the three above.
    file: Digest,
}

impl Checksums {
    /// Letters of checksums as text: all of them in hexadecimal.
    const LETTERS: usize = 2 * size_of::<[u64; 2]>() + 4 * size_of::<Digest>();

    /// A text as long as checksums, to stand in their place until the track is whole. It follows from `seed` so that
    /// it is found again in the file, and nothing else is taken for it.
    pub fn placeholder(seed: &str) -> String {
        let mut bytes = [0; Self::LETTERS / 2];
        blake3::Hasher::new().update(seed.as_bytes()).finalize_xof().fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The checksums in a line of provenance, if it has any.
    fn of_line(line: &str) -> Option<Self> {
        Self::parse(text_in(line)?)
    }

    fn parse(text: &str) -> Option<Self> {
        let number = |range| u64::from_str_radix(text.get(range)?, 16).ok();
        let digest = |start: usize| {
            let mut digest = Digest::default();
            for (byte, at) in digest.iter_mut().zip((start..).step_by(2)) {
                *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
            }
            Some(digest)
        };
        let (file_bytes, sound_bytes) = (number(0..16)?, number(16..32)?);
        let checksums = Self { file_bytes, sound_bytes, sound: digest(32)?, file: digest(64)? };
        // Letter for letter: they are the one place of a track that its digest leaves out.
        (checksums.to_string() == text).then_some(checksums)
    }
}

impl fmt::Display for Checksums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.file_bytes, self.sound_bytes)?;
        self.sound.iter().chain(&self.file).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Checksums or their placeholder, as they stand in a line of provenance.
fn text_in(line: &str) -> Option<&str> {
    let (_, rest) = line.rsplit_once(CHECKSUMS_MEMBER)?;
    let text = rest.get(..Checksums::LETTERS)?;
    text.bytes().all(|c| c.is_ascii_hexdigit()).then_some(text)
}

/// The placeholder in what a WAV says about itself, if it has one.
pub(super) fn placeholder_in(chunks: &[u8]) -> Option<String> {
    text_in(&String::from_utf8_lossy(chunks)).map(str::to_owned)
}

/// Puts checksums in the place of `placeholder` into the chunks behind the samples of a WAV. `before` is all that
/// stands before its `sound_bytes` of samples, and `after` all that will stand behind them.
///
/// # Errors
/// If the placeholder is not there, or more than once.
pub(super) fn complete_wav(
    before: &[u8],
    (sound_bytes, sound): (u64, StretchDigest),
    after: &mut [u8],
    placeholder: &str,
) -> io::Result<()> {
    let after_start = before.len() as u64 + sound_bytes;
    let around = Around { before: before.to_vec(), after: after.to_vec(), after_start };
    let file_bytes = after_start + after.len() as u64;
    let found = around.checksums(file_bytes, sound_bytes, sound.finish(), placeholder);
    let place = |(at, checksums): (u64, Checksums)| Some((at.checked_sub(after_start)? as usize, checksums));
    let (at, checksums) = found.and_then(place).ok_or_else(no_room)?;
    after[at..at + Checksums::LETTERS].copy_from_slice(checksums.to_string().as_bytes());
    Ok(())
}

fn no_room() -> io::Error {
    io::Error::other("its tags have no room for checksums")
}

/// Puts the checksums of a finished MP3, FLAC or Opus file where its placeholder is; a track without one stays as it
/// is.
///
/// # Errors
/// If the file cannot be read or written.
pub(super) fn complete(file: &mut File) -> io::Result<()> {
    let Some(header) = TrackHeader::of(file)? else { return Ok(()) };
    let Some(placeholder) = header.line().and_then(text_in) else { return Ok(()) };
    let sound_start = header.sound_start.ok_or_else(no_room)?;
    let file_bytes = file.seek(SeekFrom::End(0))?;
    let sound = sound_start..file_bytes;
    let around = Around::read(file, header.container, &sound, file_bytes)?;
    let digest = sound_digest(file, header.container, sound)?;
    let found = around.checksums(file_bytes, file_bytes - sound_start, digest, placeholder);
    let (at, checksums) = found.ok_or_else(no_room)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(checksums.to_string().as_bytes())?;
    if header.container == Container::Ogg { ogg::mend_page(file, at) } else { Ok(()) }
}

/// The digest of the sound of a track, which stands at these bytes of its file.
fn sound_digest(file: &mut File, container: Container, sound: Range<u64>) -> io::Result<Digest> {
    if container != Container::Ogg {
        return digest::of_range(file, sound);
    }
    file.seek(SeekFrom::Start(sound.start))?;
    ogg::digest(&mut BufReader::new(file), sound.end - sound.start)
}

/// The bytes of a track before and after its sound: headers and tags.
struct Around {
    before: Vec<u8>,
    after: Vec<u8>,
    /// Offset in the file of the bytes after the sound.
    after_start: u64,
}

impl Around {
    /// The most bytes that are read of headers, and of tags: twice the largest picture.
    const MAX_PIECE_BYTES: u64 = 1 << 26;

    /// Reads them from a file whose sound stands at these bytes, up to the byte `end` of the file.
    fn read(file: &mut File, container: Container, sound: &Range<u64>, end: u64) -> io::Result<Self> {
        let mut piece = |start: u64, end: u64| {
            let length = end.saturating_sub(start);
            if length > Self::MAX_PIECE_BYTES {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.take(length).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let (mut before, after) = (piece(0, sound.start)?, piece(sound.end, end)?);
        if container == Container::Ogg {
            ogg::clear_checksums(&mut before);
        }
        Ok(Self { before, after, after_start: sound.end })
    }

    /// The checksums of a file of which these are the headers and tags, and where in the file they belong: where
    /// `placeholder` is, if it stands there once.
    fn checksums(
        &self,
        file_bytes: u64,
        sound_bytes: u64,
        sound: Digest,
        placeholder: &str,
    ) -> Option<(u64, Checksums)> {
        let at = self.place_of(placeholder)?;
        let checksums = Checksums { file_bytes, sound_bytes, sound, file: Digest::default() };
        Some((at, Checksums { file: self.digest(&checksums, placeholder), ..checksums }))
    }

    /// Returns the offset in the file of a text, if it stands there once.
    fn place_of(&self, text: &str) -> Option<u64> {
        let places = |bytes: &[u8], start: u64| -> Vec<u64> {
            let windows = bytes.windows(text.len()).zip(start..);
            windows.filter(|(window, _)| *window == text.as_bytes()).map(|(_, at)| at).collect()
        };
        match [places(&self.before, 0), places(&self.after, self.after_start)].concat().as_slice() {
            [at] => Some(*at),
            _ => None,
        }
    }

    /// The digest of all this and of the sound of `checksums`, as if nothing stood in the place of `text`.
    fn digest(&self, checksums: &Checksums, text: &str) -> Digest {
        let mut hasher = blake3::Hasher::new();
        let Checksums { file_bytes, sound_bytes, sound, .. } = checksums;
        hasher.update(&file_bytes.to_le_bytes()).update(&sound_bytes.to_le_bytes()).update(sound);
        let at = self.place_of(text);
        for (bytes, start) in [(&self.before, 0), (&self.after, self.after_start)] {
            let blank = at.and_then(|at| at.checked_sub(start)).map(|at| at as usize);
            match blank.filter(|at| *at < bytes.len()) {
                Some(at) => hasher.update(&bytes[..at]).update(&bytes[at + text.len()..]),
                None => hasher.update(bytes),
            };
        }
        digest::short(&hasher)
    }
}
