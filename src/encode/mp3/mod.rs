//! MP3 by LAME, made by regions.
//!
//! A session is mostly silence, so LAME is only asked for what sounds: [`plan`] cuts the track into parts on
//! the grid of MP3's own blocks, [`lame`] encodes each part on its own, on all cores, and [`stitch`] joins them
//! with ready-made silence into one stream that no decoder can tell from one that was encoded from end to end.
//! [`info`] writes the header in front of it, from which players know the exact length and seek.
//!
//! MP3 calls its blocks of 1152 frames "frames". A frame is one instant of sound here, so they are *packets*.
//!
//! Must not know what sounds, or why. It knows only a [`Source`].

mod crc;
mod format;
mod info;
mod lame;
mod packet;
mod plan;
mod silence;
mod stitch;
#[cfg(test)]
mod tests;

use std::io::{Seek, SeekFrom, Write};

pub(super) use format::Mp3Format;

use super::ordered_par_map::ordered_par_map;
use super::work::{EncodeError, JobControl};
use crate::audio::Source;
use crate::units::Frames;
use info::Info;
use packet::PACKET_FRAMES;
use plan::Plan;
use silence::Silence;
use stitch::Stitcher;

/// Writes the whole track as MP3: `id3` (a finished ID3v2 tag, or nothing), the header with the exact length,
/// and the packets.
///
/// A decoder that heeds LAME's header (ffmpeg, LAME, most players) gives back exactly the track's frames, none
/// early or late. The bytes depend on the track and the format alone, not on the number of threads. Memory does
/// not grow with the track.
///
/// # Errors
/// [`EncodeError::Unsupported`] if MP3 cannot hold the track, [`EncodeError::Interrupted`] if the watch says so,
/// and whatever `output` refuses.
pub(super) fn write_mp3(
    source: &dyn Source,
    format: Mp3Format,
    id3: &[u8],
    output: &mut (impl Write + Seek + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    format.check(source)?;
    let plan = Plan::new(source.regions(), source.length());
    write_planned(source, format, &plan, id3, output, watch)
}

/// Writes the track as `plan` cuts it.
fn write_planned(
    source: &dyn Source,
    format: Mp3Format,
    plan: &Plan,
    id3: &[u8],
    output: &mut (impl Write + Seek + Send),
    watch: &mut JobControl<'_>,
) -> Result<(), EncodeError> {
    let mut info = Info::new(format)?;
    output.write_all(id3)?;
    let at = output.stream_position()?;
    output.write_all(info.bytes())?;
    let mut stitcher = Stitcher::new(output, Silence::new(format)?, plan.packets);
    let stop = watch.stop;
    ordered_par_map(
        plan.parts.iter(),
        |part| (part, lame::encode(source, format, part, stop)),
        |(part, packets)| {
            stitcher.join(part, packets?)?;
            watch.done(Frames((part.end * PACKET_FRAMES).min(source.length().0)))
        },
    )?;
    let stream = stitcher.finish()?;
    info.complete(&stream, source.length())?;
    output.seek(SeekFrom::Start(at))?;
    output.write_all(info.bytes())?;
    output.seek(SeekFrom::End(0))?;
    output.flush()?;
    watch.done(source.length())
}
