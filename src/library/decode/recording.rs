//! A sound file of which any stretch can be decoded by itself, at its own rate.
//!
//! Behind `long/`. What a stretch holds depends on its place alone, however it was reached; a stretch that follows the
//! last one is decoded without a seek. Must not know what a recording is used for.

use std::io::{Read, Seek};

use super::formats::{Outline, Reader};
use super::{clean, deinterleave, ended};
use crate::units::{Frames, Millis, SampleRate};

/// What is decoded before a stretch that is sought, and dropped: an MP3 packet needs the sound of the one before it and
/// bits of those that hold 511 bytes, 24 packets of 26 ms at the least bit rate (ISO/IEC 11172-3, 2.4.2.7).
const PRE_ROLL: Millis = Millis::from_secs(1);

/// So much of the last stretch is kept, for the next one that begins within it.
const KEPT: Millis = Millis::from_secs(2);

/// An open sound file.
pub(in crate::library) struct Recording {
    reader: Reader,
    outline: Outline,
    /// What was decoded last, if the reader goes on where it ends.
    last: Option<Decoded>,
}

/// Samples, interleaved, and where in the file the first of them is.
struct Decoded {
    samples: Vec<f32>,
    first: Frames,
}

impl Recording {
    /// What one takes in memory, in bytes, at 48 kHz in stereo: what it keeps, and what it has read ahead.
    pub(in crate::library) const BYTES: usize = 96_000 * size_of::<[f32; 2]>() + (64 << 10);

    /// The recording in a file of so many bytes; `None` if not any stretch of it can be decoded by itself, it has more
    /// than two channels, or is no sound at all.
    pub(in crate::library) fn open(
        file: impl Read + Seek + Send + Sync + 'static,
        bytes: u64,
    ) -> Option<Self> {
        let reader = Reader::open(file, bytes).ok()?;
        let outline = reader.outline().filter(|outline| (1..=2).contains(&outline.channels))?;
        Some(Self { reader, outline, last: Some(Decoded { samples: Vec::new(), first: Frames::ZERO }) })
    }

    /// Frames a second.
    pub(in crate::library) fn rate(&self) -> SampleRate {
        self.outline.rate
    }

    /// How long it is, at its rate.
    pub(in crate::library) fn length(&self) -> Frames {
        self.outline.length
    }

    /// Whether a stretch that begins there needs no seek.
    pub(in crate::library) fn goes_on_at(&self, from: Frames) -> bool {
        self.last.as_ref().is_some_and(|last| last.first <= from && from <= self.end_of(last))
    }

    /// The channels of a stretch of it.
    ///
    /// # Errors
    /// In words, if it is broken, or ends before that.
    pub(in crate::library) fn read(&mut self, from: Frames, to: Frames) -> Result<Vec<Vec<f32>>, String> {
        let goes_on = self.goes_on_at(from);
        let mut decoded = match self.last.take().filter(|_| goes_on) {
            Some(last) => last,
            None => self.seek(from)?,
        };
        while self.end_of(&decoded) < to {
            let end = self.end_of(&decoded);
            let packet = self.reader.packet()?.ok_or_else(|| ended(end.0, self.outline.length.0))?;
            let at = self.reader.decode(&packet, &mut decoded.samples)?;
            if at != end && self.end_of(&decoded) > end {
                return Err(format!("what should be at frame {} is at {}", end.0, at.0));
            }
        }
        let channels = self.outline.channels;
        let index = |at: Frames| at.saturating_sub(decoded.first).as_usize() * channels;
        let mut read = deinterleave(&decoded.samples[index(from)..index(to)], channels);
        clean(&mut read);
        let kept = to.saturating_sub(KEPT.to_frames(self.outline.rate)).max(decoded.first);
        self.last = Some(Decoded { samples: decoded.samples[index(kept)..].into(), first: kept });
        Ok(read)
    }

    /// The packet that holds a frame, decoded as if all before it had been.
    fn seek(&mut self, from: Frames) -> Result<Decoded, String> {
        self.reader.seek(from.saturating_sub(PRE_ROLL.to_frames(self.outline.rate)))?;
        let mut samples = Vec::new();
        loop {
            let packet = self.reader.packet()?.ok_or("it ends before its end")?;
            samples.clear();
            // The first packets may make no sense without those before them, which is why they are dropped.
            let Ok(first) = self.reader.decode(&packet, &mut samples) else { continue };
            let decoded = Decoded { samples, first };
            if self.end_of(&decoded) > from {
                let is_late = decoded.first > from;
                return if is_late { Err("its packets are not in order".to_owned()) } else { Ok(decoded) };
            }
            samples = decoded.samples;
        }
    }

    fn end_of(&self, decoded: &Decoded) -> Frames {
        decoded.first + Frames((decoded.samples.len() / self.outline.channels) as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::decode;
    use super::*;
    use crate::audio::ChannelLayout::{Mono, Stereo};
    use crate::library::testing::{PAGED, sound_file};

    /// The lowest that our MP3 has.
    const HZ: u32 = 32_000;

    /// 10.05 s.
    const LENGTH: u64 = 321_600;

    type Channels = Vec<Vec<f32>>;

    /// Files of every format, and all that is in them.
    static FILES: LazyLock<Vec<(Vec<u8>, Channels)>> = LazyLock::new(|| {
        let files = PAGED.iter().flat_map(|format| [(*format, Mono), (*format, Stereo)]);
        let files = files.map(|(format, layout)| sound_file(format, layout, HZ, LENGTH));
        files.map(|bytes| (bytes.clone(), decode(bytes).unwrap().channels)).collect()
    });

    fn open(bytes: &[u8]) -> Recording {
        try_open(bytes).unwrap()
    }

    fn try_open(bytes: &[u8]) -> Option<Recording> {
        Recording::open(Cursor::new(bytes.to_vec()), bytes.len() as u64)
    }

    /// Whether a stretch is what it is in the whole, to the bit.
    fn is_within(read: &Channels, whole: &Channels, from: u64) -> bool {
        let from = from as usize;
        read.iter().zip(whole).all(|(read, whole)| read[..] == whole[from..from + read.len()])
            && read.len() == whole.len()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_stretch_is_what_it_is_in_the_whole_however_it_is_reached(
            file in 0..PAGED.len() * 2,
            stretches in prop::collection::vec((0..LENGTH, 1u64..40_000, any::<bool>()), 1..12),
        ) {
            let (bytes, whole) = &FILES[file];
            let mut recording = open(bytes);
            prop_assert_eq!(recording.length(), Frames(LENGTH));
            let mut last = 0;
            for (at, length, goes_on) in stretches {
                let from = if goes_on { last } else { at };
                let to = (from + length).min(LENGTH);
                let read = recording.read(Frames(from), Frames(to)).unwrap();
                prop_assert!(is_within(&read, whole, from), "{}..{} of file {}", from, to, file);
                last = to.saturating_sub(10_000);
            }
        }
    }

    #[test]
    fn the_next_stretch_needs_no_seek_and_the_last_is_whole() {
        for (bytes, whole) in FILES.iter() {
            let mut recording = open(bytes);
            for from in (0..LENGTH).step_by(80_000) {
                let back = from.saturating_sub(64_000);
                assert!(recording.goes_on_at(Frames(back)), "{back}");
                let to = (from + 80_000).min(LENGTH);
                assert!(is_within(&recording.read(Frames(back), Frames(to)).unwrap(), whole, back), "{back}");
            }
            assert!(!recording.goes_on_at(Frames(LENGTH - 64_001)));
        }
    }

    #[test]
    fn every_depth_of_wav_is_what_it_is_in_the_whole() {
        use hound::SampleFormat::{Float, Int};
        for (bits, sample_format) in [(8, Int), (16, Int), (24, Int), (32, Int), (32, Float)] {
            let spec =
                hound::WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: bits, sample_format };
            let mut bytes = Cursor::new(Vec::new());
            let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
            let largest = (1i64 << (bits - 1)) - 1;
            for n in 0..20_000i64 {
                // From the least to the largest there are.
                let sample = ((n * 7919) % 20_000) * (2 * largest + 1) / 19_999 - largest - 1;
                match sample_format {
                    Int => writer.write_sample(sample as i32).unwrap(),
                    Float if n == 30 => writer.write_sample(f32::NAN).unwrap(),
                    Float => writer.write_sample(sample as f32 / 3e8).unwrap(),
                }
            }
            writer.finalize().unwrap();
            let whole = decode(bytes.get_ref().clone()).unwrap().channels;
            let read = open(bytes.get_ref()).read(Frames::ZERO, Frames(10_000)).unwrap();
            assert_eq!(read, whole, "{bits} {sample_format:?}");
        }
    }

    #[test]
    fn what_ends_early_or_has_too_many_channels_is_refused() {
        for (bytes, _) in FILES.iter() {
            let mut cut = open(&bytes[..bytes.len() / 2]);
            assert!(cut.read(Frames::ZERO, Frames(1000)).is_ok());
            let error = cut.read(Frames(1000), Frames(LENGTH)).unwrap_err();
            assert!(error.contains("of 321600 frames") || error.contains("broken"), "{error}");
            // It is not lost for the rest.
            assert!(cut.read(Frames(2000), Frames(5000)).is_ok());
        }
        let spec = hound::WavSpec {
            channels: 3,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        (0..300).for_each(|n| writer.write_sample(n as i16).unwrap());
        writer.finalize().unwrap();
        assert!(try_open(bytes.get_ref()).is_none());
        assert!(try_open(b"This is a text, and no sound at all").is_none());
    }

    #[cfg(feature = "mp3")]
    #[test]
    fn an_mp3_that_does_not_say_how_long_it_is_cannot_be_read_from_anywhere() {
        let bytes = sound_file(crate::sink::Format::Mp3, Mono, HZ, LENGTH);
        let at = bytes.windows(4).position(|four| four == b"Info" || four == b"Xing").unwrap();
        let mut plain = bytes;
        plain[at..at + 4].fill(0);
        assert!(try_open(&plain).is_none());
    }
}
