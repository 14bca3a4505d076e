//! FLAC: the very samples of the WAV, in half of the room or less (RFC 9639). The home of `flac-codec`.
//!
//! The encoder takes samples in order, so blocks are rendered on all cores and encoded by one; silence costs it
//! next to nothing. It checks the number of samples and writes their digest, by which a decoder knows that it has
//! them all.

#[cfg(test)]
mod tests;

use std::io::{Seek, Write};
use std::num::NonZero;

use flac_codec::Error;
use flac_codec::encode::{FlacSampleWriter, Options};
use flac_codec::metadata::{Picture, PictureType, VorbisComment};

use super::blocks::for_each_block;
use super::tags::{Tags, comments, pixels, software};
use super::work::{EncodeError, JobControl};
use crate::audio::{Block, ChannelLayout, Frame, Source};
use crate::dsp::{frame_to_i16, to_i16, to_i24};
use crate::units::{FramePos, Frames, SampleRate};

/// A sample rate has 20 bits (RFC 9639, section 8.2).
const MAX_RATE_HZ: u32 = (1 << 20) - 1;

/// One seek point every so many seconds, as `flac` sets them.
const SEEK_SECONDS: u8 = 10;

/// Frames of silence that are encoded at a time.
const SILENCE: u64 = 1 << 16;

/// The format of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlacBits {
    /// 16-bit integers, dithered as in a WAV.
    Int16,
    /// 24-bit integers.
    Int24,
}

impl FlacBits {
    /// Bits of one sample.
    pub const fn depth(self) -> u32 {
        match self {
            Self::Int16 => 16,
            Self::Int24 => 24,
        }
    }
}

/// The format of a FLAC file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlacFormat {
    /// Frames a second.
    pub rate: SampleRate,
    /// One or two channels.
    pub layout: ChannelLayout,
    /// The format of a sample.
    pub bits: FlacBits,
}

/// Writes a track as FLAC, with its tags, its cover and a seek table. `output` is sought in, to complete the header.
///
/// # Errors
/// If the output refuses it, the work is to end, or FLAC cannot hold the track.
pub fn write_flac(
    source: &dyn Source,
    format: FlacFormat,
    tags: &Tags,
    output: &mut (impl Write + Seek + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    let hz = format.rate.hz();
    if hz > MAX_RATE_HZ {
        return Err(EncodeError::Unsupported(format!("FLAC cannot hold {hz} Hz; write `--rate 48000`")));
    }
    let channels = format.layout.channels();
    // No length at all means that it is not known.
    let samples = Some(source.length().0 * u64::from(channels)).filter(|samples| *samples > 0);
    let mut flac =
        FlacSampleWriter::new(output, options(tags)?, hz, format.bits.depth(), channels as u8, samples)
            .map_err(refused)?;
    let mut done = Frames::ZERO;
    let mut integers = Vec::new();
    let zeros = vec![0; SILENCE as usize * usize::from(channels)];
    for_each_block(source, FramePos::START, &mut |block| match block {
        Block::Sound(frames) => {
            narrow(format, FramePos::START + done, frames, &mut integers);
            flac.write(&integers).map_err(refused)?;
            done += block.length();
            watch.done(done)
        }
        Block::Silence(length) => (0..length.0).step_by(SILENCE as usize).try_for_each(|part| {
            let frames = (length.0 - part).min(SILENCE);
            flac.write(&zeros[..frames as usize * usize::from(channels)]).map_err(refused)?;
            done += Frames(frames);
            watch.done(done)
        }),
    })?;
    flac.finalize().map_err(refused)
}

/// The crate's best settings, which are those of `flac -8`, and what the track says about itself.
fn options(tags: &Tags) -> Result<Options, EncodeError> {
    let mut options = Options::best()
        .no_padding()
        .seektable_seconds(SEEK_SECONDS)
        .comment(VorbisComment { vendor_string: software(), fields: comments(tags) });
    if let Some(cover) = &tags.cover {
        let pixels = pixels(&cover.bytes);
        options = options.picture(Picture {
            picture_type: PictureType::FrontCover,
            media_type: cover.mime.to_owned(),
            description: String::new(),
            width: cover.width,
            height: cover.height,
            color_depth: pixels.map_or(0, |pixels| pixels.depth),
            colors_used: pixels.and_then(|pixels| NonZero::new(pixels.colours)),
            data: cover.bytes.clone(),
        });
    }
    Ok(options)
}

fn refused(error: Error) -> EncodeError {
    match error {
        Error::Io(error) => EncodeError::Io(error),
        other => EncodeError::Unsupported(format!("FLAC cannot hold this track: {other}")),
    }
}

/// The frames from `at` as integers, those of a WAV, channel by channel in turn.
fn narrow(format: FlacFormat, at: FramePos, frames: &[Frame], integers: &mut Vec<i32>) {
    let frames = frames.iter().zip(at.0..).map(|(frame, at)| (*frame, FramePos(at)));
    integers.clear();
    match (format.bits, format.layout) {
        (FlacBits::Int16, ChannelLayout::Mono) => {
            integers.extend(frames.map(|(frame, at)| i32::from(to_i16(frame.to_mono(), at, 0))));
        }
        (FlacBits::Int16, ChannelLayout::Stereo) => {
            integers.extend(frames.flat_map(|(frame, at)| frame_to_i16(frame, at).map(i32::from)));
        }
        (FlacBits::Int24, ChannelLayout::Mono) => {
            integers.extend(frames.map(|(frame, _)| to_i24(frame.to_mono())));
        }
        (FlacBits::Int24, ChannelLayout::Stereo) => {
            integers.extend(frames.flat_map(|(frame, _)| [to_i24(frame.left), to_i24(frame.right)]));
        }
    }
}
