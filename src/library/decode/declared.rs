//! How long a file is by its own word, so that nobody waits until it is decoded.
//!
//! Only WAV and FLAC say it to the frame. Must not decode: a file that is broken behind its header looks whole here.

use std::fs::File;
use std::io::{Read, Seek};

use super::{formats, wav};
use crate::dsp::resampled_length;
use crate::units::{Frames, SampleRate};

/// What the header of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::library) struct Declared {
    pub(super) frames: Frames,
    pub(super) rate: SampleRate,
}

impl Declared {
    /// How long the sound is at another rate: what [`super::Decoded::length`] gives.
    pub(in crate::library) fn length(&self, rate: SampleRate) -> Frames {
        resampled_length(self.frames, self.rate, rate)
    }
}

/// The word of a file of one or two channels; none if it has to be decoded, be it to learn what is wrong with it.
pub(in crate::library) fn declared(mut file: File) -> Option<Declared> {
    let mut start = [0; 12];
    file.read_exact(&mut start).ok()?;
    file.rewind().ok()?;
    let declared = match start {
        [b'R', b'I', b'F', b'F', .., b'W', b'A', b'V', b'E'] => wav::declared(file),
        [b'f', b'L', b'a', b'C', ..] => formats::declared(file),
        _ => None,
    };
    declared.filter(|declared| declared.frames > Frames::ZERO)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "headers are in files")]

    use std::io::Write;
    use std::path::Path;

    use super::super::decode;
    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    fn wav(channels: u16, bits_per_sample: u16, frames: u32) -> Vec<u8> {
        let sample_format = hound::SampleFormat::Int;
        let spec = hound::WavSpec { channels, sample_rate: 44_100, bits_per_sample, sample_format };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        (0..frames * u32::from(channels)).for_each(|n| writer.write_sample(n as i32 % 100).unwrap());
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[track_caller]
    fn is_as_long_as_it_says(bytes: Vec<u8>) {
        let declared = declared(file(&bytes)).unwrap();
        let decoded = decode(bytes).unwrap();
        for hz in [8000, 44_100, 48_000] {
            let rate = SampleRate::new(hz).unwrap();
            assert_eq!(declared.length(rate), decoded.length(rate));
        }
    }

    #[test]
    fn a_file_is_as_long_as_it_says() {
        for (channels, bits, frames) in [(1, 8, 1), (1, 16, 777), (2, 16, 12_345), (2, 24, 501), (1, 32, 9)] {
            is_as_long_as_it_says(wav(channels, bits, frames));
        }
        let voice = Path::new(env!("CARGO_MANIFEST_DIR")).join("sounds/voices/heart");
        let lines = std::fs::read_dir(voice).unwrap().map(|entry| entry.unwrap().path());
        let lines: Vec<_> =
            lines.filter(|path| path.extension().is_some_and(|ending| ending == "flac")).take(20).collect();
        assert_eq!(lines.len(), 20);
        lines.iter().for_each(|line| is_as_long_as_it_says(std::fs::read(line).unwrap()));
    }

    #[test]
    fn the_word_of_a_file_that_has_to_be_looked_at_counts_for_nothing() {
        let whole = wav(1, 16, 500);
        let words = [&b""[..], b"RIFF", b"fLaC and no more than that", &whole[..1000], &whole[..30]];
        for bytes in words.into_iter().chain([&wav(6, 16, 12)[..], &wav(1, 16, 0)]) {
            assert_eq!(declared(file(bytes)), None);
        }
    }
}
