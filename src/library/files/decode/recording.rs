//! A sound file of which any stretch can be decoded by itself, at its own rate.
//!
//! Behind `streamed/`. What a stretch holds depends on its place alone, and of AAC on where it begins, but never on what was
//! read before; a stretch that follows the last one is decoded without a seek, if it may be. Must not know what a
//! recording is used for.

#[cfg(test)]
mod tests;

use std::io::{Read, Seek};

use super::formats::{Outline, Reader, Stretches};
use super::{check, deinterleave, ended, guarded};
use crate::units::{Frames, Millis};

/// The length that is decoded before a stretch that is sought, and dropped: an MP3 packet needs the sound of the one
/// before it and bits of those that hold 511 bytes, 24 packets of 26 ms at the least bit rate (ISO/IEC 11172-3,
/// 2.4.2.7).
const PRE_ROLL: Millis = Millis::from_secs(1);

/// So much of the last stretch is kept, for the next one that begins within it.
const KEPT_SOUND: Millis = Millis::from_secs(2);

/// Samples of the largest packets, those of FLAC (RFC 9639, section 9.1.1), of two channels.
const MAX_SAMPLES_A_PACKET: usize = 2 * 65_536;

/// An open sound file.
pub(crate) struct Recording {
    reader: Reader,
    outline: Outline,
    /// The samples that were decoded last, if the reader goes on where they end.
    last: Option<Decoded>,
}

/// Samples, interleaved, and where in the file the first of them is.
struct Decoded {
    samples: Vec<f32>,
    first: Frames,
}

impl Recording {
    /// The memory that one takes, in bytes, at 48 kHz in stereo: for what it keeps, and what it has read ahead.
    pub(crate) const READER_BYTES: usize = 96_000 * size_of::<[f32; 2]>() + (64 << 10);

    /// The recording in a file of so many bytes; `None` if a stretch of it cannot be decoded by itself, it has more than
    /// two channels, or is no sound at all.
    pub(crate) fn open(file: impl Read + Seek + Send + Sync + 'static, bytes: u64) -> Option<Self> {
        let opened = guarded(|| {
            let mut reader = Reader::open(file, bytes)?;
            let outline = reader.outline()?;
            Ok(outline.map(|outline| (reader, outline)))
        });
        let (reader, outline) = opened.ok()??;
        (1..=2).contains(&outline.channels).then(|| Self::new(reader, outline))
    }

    /// The same of a file whose outline is known.
    pub(crate) fn open_again(
        file: impl Read + Seek + Send + Sync + 'static,
        bytes: u64,
        outline: Outline,
    ) -> Option<Self> {
        Some(Self::new(guarded(|| Reader::open(file, bytes)).ok()?, outline))
    }

    fn new(reader: Reader, outline: Outline) -> Self {
        Self { reader, outline, last: Some(Decoded { samples: Vec::new(), first: Frames::ZERO }) }
    }

    /// Returns what is known of it.
    pub(crate) fn outline(&self) -> Outline {
        self.outline
    }

    /// True if a stretch that begins there needs no seek.
    pub(crate) fn goes_on_at(&self, from: Frames) -> bool {
        let is_here = |last: &Decoded| last.first <= from && from <= self.end_of(last);
        self.outline.stretches == Stretches::AreOfTheWhole && self.last.as_ref().is_some_and(is_here)
    }

    /// The channels of a stretch of it.
    ///
    /// # Errors
    /// In words, if it is broken, or ends before that.
    pub(crate) fn read(&mut self, from: Frames, to: Frames) -> Result<Vec<Vec<f32>>, String> {
        guarded(|| self.decode(from, to))
    }

    fn decode(&mut self, from: Frames, to: Frames) -> Result<Vec<Vec<f32>>, String> {
        let goes_on = self.goes_on_at(from);
        let mut decoded = match self.last.take().filter(|_| goes_on) {
            Some(last) => last,
            None => self.seek(from)?,
        };
        let missing = to.saturating_sub(self.end_of(&decoded)).as_usize() * self.outline.channels;
        decoded.samples.reserve_exact(missing + MAX_SAMPLES_A_PACKET);
        while self.end_of(&decoded) < to {
            let end = self.end_of(&decoded);
            let packet = self.reader.packet()?.ok_or_else(|| ended(end.0, self.outline.length.0))?;
            let at = self.reader.decode(&packet, &mut decoded.samples)?;
            if at != end && self.end_of(&decoded) > end {
                let misplaced = format!("what should be at frame {} is at {}", end.0, at.0);
                return Err(format!("its packets do not follow one another: {misplaced}; save it as FLAC"));
            }
        }
        let channels = self.outline.channels;
        let index = |at: Frames| at.saturating_sub(decoded.first).as_usize() * channels;
        let read = deinterleave(&decoded.samples[index(from)..index(to)], channels);
        check(&read, from)?;
        let kept = to.saturating_sub(KEPT_SOUND.to_frames(self.outline.rate)).max(decoded.first);
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
