//! A look at the header of a JPEG or PNG: what the picture is, and what players and hosts will not like about it.
//!
//! Reads a few numbers and decodes nothing, so it is quick and cannot be hurt by what it reads. Must not know
//! where the bytes come from.

use std::fmt;

use crate::diag::Severity;

#[cfg(test)]
mod tests;

/// Apple Podcasts' bounds for artwork, in pixels a side ("Artwork requirements"); Spotify's are within them.
const LEAST: u32 = 1400;
const MOST: u32 = 3000;

/// The kind of a picture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// JPEG (ISO/IEC 10918-1), and whether it is progressive.
    Jpeg(Scan),
    /// PNG (ISO/IEC 15948).
    Png,
}

/// The order in which a JPEG is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// From top to bottom, as every device can read it.
    Sequential,
    /// Coarse first, then finer.
    Progressive,
}

impl ImageKind {
    /// The media type (RFC 2046), as tags and feeds want it.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg(_) => "image/jpeg",
            Self::Png => "image/png",
        }
    }
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
}

impl ImageFacts {
    /// The media type.
    pub const fn mime(&self) -> &'static str {
        self.kind.mime()
    }

    /// Returns the faults of this picture as a cover, the worst first.
    pub fn faults(&self) -> Vec<CoverFault> {
        let &Self { kind, width, height, colours } = self;
        let faults = [
            (colours == Colours::Cmyk, CoverFault::Cmyk),
            (width != height, CoverFault::NotSquare { width, height }),
            (width.min(height) < LEAST, CoverFault::TooSmall { width, height }),
            (width.max(height) > MOST, CoverFault::TooLarge { width, height }),
            (kind == ImageKind::Jpeg(Scan::Progressive), CoverFault::Progressive),
            (colours == Colours::Transparent, CoverFault::Transparent),
            (colours == Colours::Grey, CoverFault::Grey),
        ];
        faults.into_iter().filter_map(|(holds, fault)| holds.then_some(fault)).collect()
    }
}

/// A fault of a cover, as a sentence for people by `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoverFault {
    /// Neither a JPEG nor a PNG.
    NotAnImage,
    /// Begins as one, but the header ends early or contradicts itself.
    Broken {
        /// The media type that it begins as.
        mime: &'static str,
    },
    /// Colours for print: most players show them wrong or not at all.
    Cmyk,
    /// Podcast hosts refuse it, players cut it or put bars beside it.
    NotSquare {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Under 1400 pixels a side.
    TooSmall {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Over 3000 pixels a side.
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Some cars and older players show nothing.
    Progressive,
    /// Players put any colour behind it.
    Transparent,
    /// Hosts ask for RGB, though most take it.
    Grey,
}

impl CoverFault {
    /// Returns the severity, for a track with this cover: an error is a file that cannot be shown, a warning one that
    /// will be shown, but not by everyone or not as it was meant.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NotAnImage | Self::Broken { .. } | Self::Cmyk => Severity::Error,
            Self::NotSquare { .. }
            | Self::TooSmall { .. }
            | Self::TooLarge { .. }
            | Self::Progressive
            | Self::Transparent
            | Self::Grey => Severity::Warning,
        }
    }
}

impl fmt::Display for CoverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage => write!(f, "the cover is neither a JPEG nor a PNG"),
            Self::Broken { mime } => write!(f, "the cover begins as {mime}, but its header is broken"),
            Self::Cmyk => write!(f, "the cover has CMYK colours, for print; players need RGB"),
            Self::NotSquare { width, height } => {
                write!(f, "the cover is {width} by {height} pixels; podcast apps want a square")
            }
            Self::TooSmall { width, height } => {
                write!(
                    f,
                    "the cover is {width} by {height} pixels; podcast apps want at least {LEAST} a side"
                )
            }
            Self::TooLarge { width, height } => {
                write!(f, "the cover is {width} by {height} pixels; podcast apps take at most {MOST} a side")
            }
            Self::Progressive => {
                write!(
                    f,
                    "the cover is a progressive JPEG, which some players cannot show; save it as baseline"
                )
            }
            Self::Transparent => write!(f, "the cover is transparent; players put any colour behind it"),
            Self::Grey => write!(f, "the cover is greyscale; podcast apps ask for RGB"),
        }
    }
}

impl std::error::Error for CoverFault {}

/// Reads the facts in the header of a picture.
///
/// # Errors
/// [`CoverFault::NotAnImage`] or [`CoverFault::Broken`], if it cannot be read as a picture. The faults of
/// one that can are [`ImageFacts::faults`].
pub fn inspect(bytes: &[u8]) -> Result<ImageFacts, CoverFault> {
    if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        png(rest).ok_or(CoverFault::Broken { mime: "image/png" })
    } else if bytes.starts_with(&[0xFF, SOI, 0xFF]) {
        jpeg(&bytes[2..]).ok_or(CoverFault::Broken { mime: "image/jpeg" })
    } else {
        Err(CoverFault::NotAnImage)
    }
}

/// The first chunk of a PNG must be IHDR, 13 bytes long (ISO/IEC 15948, 11.2.2).
fn png(bytes: &[u8]) -> Option<ImageFacts> {
    let header = bytes.strip_prefix(b"\0\0\0\x0DIHDR")?;
    let (width, rest) = header.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let [_depth, colour_type, ..] = *rest else { return None };
    let colours = match colour_type {
        0 => Colours::Grey,
        2 | 3 => Colours::Rgb,
        4 | 6 => Colours::Transparent,
        _ => return None,
    };
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    (width > 0 && height > 0).then_some(ImageFacts { kind: ImageKind::Png, width, height, colours })
}

// Markers of ISO/IEC 10918-1, table B.1.
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// Goes from segment to segment to the frame header (ISO/IEC 10918-1, B.2.2).
fn jpeg(mut bytes: &[u8]) -> Option<ImageFacts> {
    loop {
        let (&prefix, rest) = bytes.split_first()?;
        if prefix != 0xFF {
            return None;
        }
        // Any number of fill bytes may stand before a marker (B.1.1.2).
        let fill = rest.iter().take_while(|byte| **byte == 0xFF).count();
        let (&marker, rest) = rest[fill..].split_first()?;
        match marker {
            // TEM and RST have no length.
            0x01 | 0xD0..=0xD7 => {
                bytes = rest;
                continue;
            }
            // No frame header came before the picture itself.
            0x00 | SOI | EOI | SOS => return None,
            _ => {}
        }
        let (length, _) = rest.split_first_chunk()?;
        let segment = rest.get(2..usize::from(u16::from_be_bytes(*length)))?;
        bytes = &rest[segment.len() + 2..];
        // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return frame(marker, segment);
        }
    }
}

fn frame(marker: u8, segment: &[u8]) -> Option<ImageFacts> {
    let [_precision, y1, y0, x1, x0, components, ..] = *segment else { return None };
    let colours = match components {
        1 => Colours::Grey,
        3 => Colours::Rgb,
        4 => Colours::Cmyk,
        _ => return None,
    };
    // SOF2, 6, 10 and 14 are the progressive ones.
    let scan = if marker & 3 == 2 { Scan::Progressive } else { Scan::Sequential };
    let (width, height) = (u16::from_be_bytes([x1, x0]).into(), u16::from_be_bytes([y1, y0]).into());
    // A height of 0 comes later, in a DNL segment: allowed, and read by no player.
    (width > 0 && height > 0).then_some(ImageFacts { kind: ImageKind::Jpeg(scan), width, height, colours })
}
