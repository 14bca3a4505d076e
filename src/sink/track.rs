//! A whole track in any format.

use std::io::{self, Seek, Write};

use super::blocks::for_each_block;
use super::format::{Coding, Format};
use super::tags::{Tags, riff_chunks};
use super::wav::{Output, Stream, WavFormat, WavWriter};
use super::work::{EncodeError, Watch};
use super::{NewFile, Sink};
use crate::audio::{Block, Source};
use crate::units::{FramePos, Frames};

/// Writes a track to a file, its tags and chapters included.
///
/// # Errors
/// If the work was stopped, the format cannot hold the track, or the file cannot be written.
pub fn write_track(
    source: &dyn Source,
    format: Format,
    coding: Coding,
    tags: &Tags,
    file: &mut NewFile,
    watch: &mut Watch<'_>,
) -> Result<(), EncodeError> {
    match format {
        Format::Wav => write_wav(source, coding, tags, file, watch),
        _ => encode(source, format, coding, tags, file, watch),
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
    pipe: &mut dyn Write,
    watch: &mut Watch<'_>,
) -> Result<(), EncodeError> {
    if format == Format::Wav {
        write_wav(source, coding, tags, &mut Stream(&mut *pipe), watch)?;
    } else {
        let mut whole = tempfile::tempfile()?;
        encode(source, format, coding, tags, &mut whole, watch)?;
        whole.rewind()?;
        io::copy(&mut whole, pipe)?;
    }
    Ok(pipe.flush()?)
}

fn write_wav(
    source: &dyn Source,
    coding: Coding,
    tags: &Tags,
    output: &mut dyn Output,
    watch: &mut Watch<'_>,
) -> Result<(), EncodeError> {
    let format = WavFormat { rate: source.rate(), layout: coding.layout, bits: coding.bits };
    let mut wav = WavWriter::new(output, format, source.length(), riff_chunks(tags))?;
    let mut done = Frames::ZERO;
    for_each_block(source, FramePos::START, &mut |block: Block<'_>| {
        wav.write(block)?;
        done += block.length();
        watch.done(done)
    })?;
    wav.finish()?;
    Ok(())
}

fn encode(
    _source: &dyn Source,
    _format: Format,
    _coding: Coding,
    _tags: &Tags,
    _output: &mut (impl Write + Seek),
    _watch: &mut Watch<'_>,
) -> Result<(), EncodeError> {
    Err(EncodeError::Unsupported("not yet".to_owned()))
}
