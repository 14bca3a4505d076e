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
use super::pcm::{Bits, PcmFormat};
use super::tags::{Tags, comments, software};
use super::work::{EncodeError, JobControl};
use crate::audio::{Block, Source};
use crate::units::{FramePos, Frames};

/// A sample rate has 20 bits (RFC 9639, section 8.2).
const MAX_RATE_HZ: u32 = (1 << 20) - 1;

/// One seek point every so many seconds, as `flac` sets them.
const SEEK_SECONDS: u8 = 10;

/// Frames of silence that are encoded at a time.
const SILENCE_FRAMES: u64 = 1 << 16;

/// Writes a track as FLAC, with its tags, its cover and a seek table. `output` is sought in, to complete the header.
///
/// # Errors
/// If the output refuses it, the work is to end, or FLAC cannot hold the track.
pub(super) fn write_flac(
    source: &dyn Source,
    format: PcmFormat,
    tags: &Tags,
    output: &mut (impl Write + Seek + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    let hz = format.rate.hz();
    if hz > MAX_RATE_HZ {
        return Err(EncodeError::Unsupported(format!("FLAC cannot hold {hz} Hz; write `--rate 48000`")));
    }
    let channels = usize::from(format.layout.channels());
    // No length at all means that it is not known.
    let samples = Some(source.length().0 * channels as u64).filter(|samples| *samples > 0);
    let depth = if format.bits == Bits::Int16 { 16 } else { 24 };
    let mut flac =
        FlacSampleWriter::new(output, options(tags)?, hz, depth, channels as u8, samples).map_err(refused)?;
    let mut done = Frames::ZERO;
    let mut integers = Vec::new();
    let zeros = vec![0; SILENCE_FRAMES as usize * channels];
    for_each_block(source, &mut |block| match block {
        Block::Sound(frames) => {
            integers.clear();
            for frame in format.integers(FramePos::START + done, frames) {
                integers.extend_from_slice(&frame[..channels]);
            }
            flac.write(&integers).map_err(refused)?;
            done += block.length();
            watch.done(done)
        }
        Block::Silence(length) => (0..length.0).step_by(SILENCE_FRAMES as usize).try_for_each(|part| {
            let frames = (length.0 - part).min(SILENCE_FRAMES);
            flac.write(&zeros[..frames as usize * channels]).map_err(refused)?;
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
        options = options.picture(Picture {
            picture_type: PictureType::FrontCover,
            media_type: cover.mime.to_owned(),
            description: String::new(),
            width: cover.width,
            height: cover.height,
            color_depth: cover.bits_per_pixel,
            colors_used: NonZero::new(cover.palette_colours),
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
