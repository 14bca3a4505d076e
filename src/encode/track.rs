//! A whole track in any format.

use std::io::{self, Seek, Write};

use super::blocks::for_each_block;
use super::checksums;
use super::flac::write_flac;
use super::format::{Coding, Format};
use super::pcm::PcmFormat;
use super::tags::{Tags, check_chapters, check_size, riff_chunks};
use super::wav::WavWriter;
use super::work::{EncodeError, JobControl};
use crate::audio::{Block, Source};
use crate::output::{NewFile, Output, Stream};
use crate::units::Frames;

/// Writes a track to a file, its tags, chapters and checksums included.
///
/// # Errors
/// If the work was stopped, the format cannot hold the track, or the file cannot be written.
pub fn write_track(
    source: &dyn Source,
    format: Format,
    coding: Coding,
    tags: &Tags,
    file: &mut NewFile,
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    check_chapters(tags)?;
    match format {
        Format::Wav => write_wav(source, coding, tags, file, watch),
        _ => {
            encode(source, format, coding, tags, file, watch)?;
            Ok(checksums::complete(file.written()?)?)
        }
    }
}

/// Writes a track to a pipe. A WAV goes as it is made: its length is known before its first sample. The other
/// formats go when they are whole, because their headers say what is known at the end.
///
/// # Errors
/// As for a file.
pub fn stream_track(
    source: &dyn Source,
    format: Format,
    coding: Coding,
    tags: &Tags,
    pipe: &mut (dyn Write + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    check_chapters(tags)?;
    if format == Format::Wav {
        write_wav(source, coding, tags, &mut Stream(&mut *pipe), watch)?;
    } else {
        let mut whole = tempfile::tempfile()?;
        encode(source, format, coding, tags, &mut whole, watch)?;
        checksums::complete(&mut whole)?;
        whole.rewind()?;
        io::copy(&mut whole, pipe)?;
    }
    Ok(pipe.flush()?)
}

fn write_wav(
    source: &dyn Source,
    coding: Coding,
    tags: &Tags,
    output: &mut (dyn Output + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    let format = PcmFormat { rate: source.rate(), layout: coding.layout, bits: coding.bits };
    let chunks = riff_chunks(tags);
    check_size(&chunks)?;
    let mut wav = WavWriter::new(output, format, source.length(), chunks)?;
    let mut done = Frames::ZERO;
    for_each_block(source, &mut |block: Block<'_>| {
        wav.write(block)?;
        done += block.length();
        watch.done(done)
    })?;
    wav.finish()?;
    Ok(())
}

/// The formats whose headers are finished last.
fn encode(
    source: &dyn Source,
    format: Format,
    coding: Coding,
    tags: &Tags,
    output: &mut (impl Write + Seek + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    match format {
        #[cfg(feature = "mp3")]
        Format::Mp3 => {
            let mut format = super::mp3::Mp3Format::standard(source.rate(), coding.layout);
            format.mode = coding.rate_control.unwrap_or(format.mode);
            let tag = super::tags::id3v2(tags);
            check_size(&tag)?;
            super::mp3::write_mp3(source, format, &tag, output, watch)
        }
        Format::Flac => {
            let format = PcmFormat { rate: source.rate(), layout: coding.layout, bits: coding.bits };
            write_flac(source, format, tags, output, watch)
        }
        #[cfg(feature = "opus")]
        Format::Opus => {
            let mut format = super::opus::OpusFormat::standard(coding.layout);
            // A quality is MP3's; Opus varies its rate by itself.
            if let Some(super::RateControl::Constant(kbps)) = coding.rate_control {
                format.kbps = kbps.get().into();
            }
            let packet = super::tags::opus_tags(tags);
            check_size(&packet)?;
            super::opus::write_opus(source, format, &packet, output, watch)
        }
        _ => Err(not_built(format)),
    }
}

fn not_built(format: Format) -> EncodeError {
    let name = format.name();
    let how = format!("build it with `cargo build --release --features {name}`, or leave {name} out");
    EncodeError::Unsupported(format!("this nidra was built without {name}; {how}"))
}
