//! The bytes before the samples.
//!
//! Plain `fmt ` chunks that every reader knows; over 4 GiB RF64, whose sizes have 64 bits. Not by hound: it goes to
//! `WAVE_FORMAT_EXTENSIBLE` for 24 bit and float, marks a mono file as the *left* channel (hound issue 87), and
//! knows no sizes over 4 GiB.

use crate::encode::pcm::{Bits, PcmFormat};
use crate::units::Frames;

/// `WAVE_FORMAT_PCM` and `WAVE_FORMAT_IEEE_FLOAT` (Microsoft, "Multiple Channel Audio Data and WAVE Files").
const PCM: u16 = 1;
const IEEE_FLOAT: u16 = 3;

/// The size fields of an RF64 file say this, and the true sizes stand in its `ds64` chunk (EBU Tech 3306).
const SEE_DS64: u32 = u32::MAX;

/// Everything before the first sample. `trailer` is the number of bytes that will follow the samples.
pub(super) fn header(format: PcmFormat, length: Frames, trailer: u64) -> Vec<u8> {
    let data = format.bytes(length);
    let fmt = fmt_chunks(format, length);
    // "WAVE", the chunks, "data" and its size, the samples, their pad byte, the trailer.
    let riff = 4 + fmt.len() as u64 + 8 + data + data % 2 + trailer;
    match (u32::try_from(riff), u32::try_from(data)) {
        (Ok(riff), Ok(data)) => {
            [b"RIFF", &riff.to_le_bytes()[..], b"WAVE", &fmt, b"data", &data.to_le_bytes()].concat()
        }
        _ => rf64(&fmt, riff, data, length),
    }
}

fn rf64(fmt: &[u8], riff: u64, data: u64, length: Frames) -> Vec<u8> {
    // Size of the chunk, then three 64-bit sizes and an empty table of other large chunks.
    let ds64: Vec<u8> = [
        &b"ds64"[..],
        &28u32.to_le_bytes(),
        &(riff + 36).to_le_bytes(),
        &data.to_le_bytes(),
        &length.0.to_le_bytes(),
        &0u32.to_le_bytes(),
    ]
    .concat();
    let large = SEE_DS64.to_le_bytes();
    [b"RF64", &large[..], b"WAVE", &ds64, fmt, b"data", &large].concat()
}

/// The `fmt ` chunk, and for float the `fact` chunk that anything but PCM must have.
fn fmt_chunks(format: PcmFormat, length: Frames) -> Vec<u8> {
    let (tag, extension): (u16, &[u8]) = match format.bits {
        Bits::Int16 | Bits::Int24 => (PCM, &[]),
        Bits::Float32 => (IEEE_FLOAT, &[0, 0]),
    };
    let size = 16 + extension.len() as u32;
    let bytes_a_second = format.rate.hz() * u32::from(format.frame_bytes());
    let mut chunks = [
        &b"fmt "[..],
        &size.to_le_bytes(),
        &tag.to_le_bytes(),
        &format.layout.channels().to_le_bytes(),
        &format.rate.hz().to_le_bytes(),
        &bytes_a_second.to_le_bytes(),
        &format.frame_bytes().to_le_bytes(),
        &(format.bits.bytes() * 8).to_le_bytes(),
        extension,
    ]
    .concat();
    if format.bits == Bits::Float32 {
        let frames = u32::try_from(length.0).unwrap_or(SEE_DS64);
        chunks.extend([&b"fact"[..], &4u32.to_le_bytes(), &frames.to_le_bytes()].concat());
    }
    chunks
}
