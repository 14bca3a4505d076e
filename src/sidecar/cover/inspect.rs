//! A look at the header of a JPEG or PNG: what the picture is, and what players and hosts will not like about it.
//!
//! Reads a few numbers and decodes nothing, so it is quick and cannot be hurt by what it reads. Must not know
//! where the bytes come from.

use crate::diag::Severity;

#[cfg(test)]
mod tests;

/// Apple Podcasts' bounds for artwork, in pixels a side ("Artwork requirements"); Spotify's are within them.
const MIN_SIDE: u32 = 1400;
const MAX_SIDE: u32 = 3000;

/// The kind of a picture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// JPEG (ISO/IEC 10918-1), stored from top to bottom, as every device can read it.
    Jpeg,
    /// JPEG, stored coarse first, then finer.
    ProgressiveJpeg,
    /// PNG (ISO/IEC 15948).
    Png,
}

/// The components of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Lightness only.
    Grey,
    /// Red, green and blue, or as YCbCr, or from a list of such colours.
    Rgb,
    /// Inks, for print.
    Cmyk,
    /// Any with transparency.
    Transparent,
}

/// The facts in the header of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// JPEG or PNG.
    pub kind: ImageKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The components of its pixels.
    pub colours: Colours,
    /// Bits of a pixel, of a colour where there is a palette.
    pub bits_per_pixel: u32,
    /// Colours of the palette; zero where there is none.
    pub palette_colours: u32,
}

impl ImageFacts {
    /// The media type (RFC 2046), as tags and feeds want it.
    pub const fn mime(&self) -> &'static str {
        match self.kind {
            ImageKind::Jpeg | ImageKind::ProgressiveJpeg => "image/jpeg",
            ImageKind::Png => "image/png",
        }
    }

    /// Returns the faults of this picture as a cover, the worst first.
    pub fn faults(&self) -> Vec<CoverFault> {
        let &Self { kind, width, height, colours, .. } = self;
        let faults = [
            (colours == Colours::Cmyk, CoverFault::Cmyk),
            (width != height, CoverFault::NotSquare { width, height }),
            (width.min(height) < MIN_SIDE, CoverFault::TooSmall { width, height }),
            (width.max(height) > MAX_SIDE, CoverFault::TooLarge { width, height }),
            (kind == ImageKind::ProgressiveJpeg, CoverFault::Progressive),
            (colours == Colours::Transparent, CoverFault::Transparent),
            (colours == Colours::Grey, CoverFault::Grey),
        ];
        faults.into_iter().filter_map(|(holds, fault)| holds.then_some(fault)).collect()
    }
}

/// A fault of a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverFault {
    /// Neither a JPEG nor a PNG.
    #[error("the cover is neither a JPEG nor a PNG")]
    NotAnImage,
    /// Begins as one, but the header ends early or contradicts itself.
    #[error("the cover begins as {mime}, but its header is broken")]
    Broken {
        /// The media type that it begins as.
        mime: &'static str,
    },
    /// Colours for print: most players show them wrong or not at all.
    #[error("the cover has CMYK colours, for print; players need RGB")]
    Cmyk,
    /// Podcast hosts refuse it, players cut it or put bars beside it.
    #[error("the cover is {width} by {height} pixels; podcast apps want a square")]
    NotSquare {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Under 1400 pixels a side.
    #[error("the cover is {width} by {height} pixels; podcast apps want at least {MIN_SIDE} a side")]
    TooSmall {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Over 3000 pixels a side.
    #[error("the cover is {width} by {height} pixels; podcast apps take at most {MAX_SIDE} a side")]
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Some cars and older players show nothing.
    #[error("the cover is a progressive JPEG, which some players cannot show; save it as baseline")]
    Progressive,
    /// Players put any colour behind it.
    #[error("the cover is transparent; players put any colour behind it")]
    Transparent,
    /// Hosts ask for RGB, though most take it.
    #[error("the cover is greyscale; podcast apps ask for RGB")]
    Grey,
}

impl CoverFault {
    /// Returns the severity, for a track with this cover: an error is a file that cannot be shown, a warning one that
    /// will be shown, but not by everyone or not as it was meant.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NotAnImage | Self::Broken { .. } | Self::Cmyk => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

/// Reads the facts in the header of a picture.
///
/// # Errors
/// [`CoverFault::NotAnImage`] or [`CoverFault::Broken`], if it cannot be read as a picture. The faults of
/// one that can are [`ImageFacts::faults`].
pub fn inspect(bytes: &[u8]) -> Result<ImageFacts, CoverFault> {
    let (facts, mime) = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', chunks @ ..] => (png(chunks), "image/png"),
        [0xFF, SOI, 0xFF, ..] => (jpeg(&bytes[2..]), "image/jpeg"),
        _ => return Err(CoverFault::NotAnImage),
    };
    // A JPEG whose height comes later, in a DNL segment, has none here: allowed, and read by no player.
    facts.filter(|facts| facts.width > 0 && facts.height > 0).ok_or(CoverFault::Broken { mime })
}

/// Reads the header, which is the first chunk, 13 bytes long, and the size of the palette (ISO/IEC 15948, 11.2).
fn png(chunks: &[u8]) -> Option<ImageFacts> {
    let header = chunks.strip_prefix(b"\0\0\0\x0DIHDR")?;
    let (width, rest) = header.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let [depth, colour_type, ..] = *rest else { return None };
    let depth = u32::from(depth);
    let (colours, bits_per_pixel) = match colour_type {
        0 => (Colours::Grey, depth),
        2 => (Colours::Rgb, depth * 3),
        // A palette has colours of three bytes.
        3 => (Colours::Rgb, 24),
        4 => (Colours::Transparent, depth * 2),
        6 => (Colours::Transparent, depth * 4),
        _ => return None,
    };
    let palette_colours = if colour_type == 3 { palette_bytes(chunks).unwrap_or(0) / 3 } else { 0 };
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    Some(ImageFacts { kind: ImageKind::Png, width, height, colours, bits_per_pixel, palette_colours })
}

/// The size of the palette of a PNG, if it has one.
fn palette_bytes(mut chunks: &[u8]) -> Option<u32> {
    loop {
        let (size, rest) = chunks.split_first_chunk()?;
        let size = u32::from_be_bytes(*size);
        if rest.starts_with(b"PLTE") {
            return Some(size);
        }
        // A name and a checksum of four bytes each are around its body.
        chunks = rest.get(8 + size as usize..)?;
    }
}

// Markers of ISO/IEC 10918-1, table B.1.
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// Goes from segment to segment to the frame header (ISO/IEC 10918-1, B.2.2).
fn jpeg(mut segments: &[u8]) -> Option<ImageFacts> {
    loop {
        segments = match *segments {
            // Any number of fill bytes may stand before a marker (B.1.1.2); TEM and RST have no length.
            [0xFF, 0xFF, ..] => &segments[1..],
            [0xFF, 0x01 | 0xD0..=0xD7, ..] => &segments[2..],
            // No frame header came before the picture itself.
            [0xFF, 0x00 | SOI | EOI | SOS, ..] => return None,
            // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
            [
                0xFF,
                marker @ (0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF),
                _,
                _,
                ref frame @ ..,
            ] => {
                return jpeg_frame(marker, frame);
            }
            [0xFF, _, high, low, ..] => segments.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?,
            _ => return None,
        };
    }
}

fn jpeg_frame(marker: u8, frame: &[u8]) -> Option<ImageFacts> {
    let [precision, y1, y0, x1, x0, components, ..] = *frame else { return None };
    let colours = match components {
        1 => Colours::Grey,
        3 => Colours::Rgb,
        4 => Colours::Cmyk,
        _ => return None,
    };
    // SOF2, 6, 10 and 14 are the progressive ones.
    let kind = if marker & 3 == 2 { ImageKind::ProgressiveJpeg } else { ImageKind::Jpeg };
    let (width, height) = (u16::from_be_bytes([x1, x0]).into(), u16::from_be_bytes([y1, y0]).into());
    let bits_per_pixel = u32::from(precision) * u32::from(components);
    Some(ImageFacts { kind, width, height, colours, bits_per_pixel, palette_colours: 0 })
}
