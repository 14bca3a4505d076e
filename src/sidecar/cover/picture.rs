//! The cover as pixels and as a JPEG.
//!
//! Must not know timelines; it is given an SVG.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::drawing::{CoverText, SIDE, drawn_cover_svg};
use crate::timeline::Timeline;

/// The size of a cover, and its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverSide {
    /// 3000 pixels a side, what Apple Podcasts prefers ("Artwork requirements"): for a feed and for upload.
    Feed,
    /// 1400 pixels a side, the least that is asked for, at a quarter of the bytes: inside a track.
    Embedded,
}

impl CoverSide {
    /// Pixels a side.
    pub const fn pixels(self) -> u16 {
        match self {
            Self::Feed => 3000,
            Self::Embedded => 1400,
        }
    }
}

/// Bytes that no cover exceeds: 512 kB, the tightest bound among podcast hosts.
pub(super) const MAX_COVER_BYTES: usize = 512_000;

/// Of 100, in the order they are tried. At 90 nothing of the lossy coding is seen around letters even in full
/// size; the others are for the rare title that is all small letters, and the last has been small enough for
/// everything that was tried.
const QUALITIES: [u8; 4] = [90, 80, 65, 40];

/// A cover as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverImage {
    /// Pixels a side.
    pub side: u32,
    /// A baseline JPEG in colour (JFIF 1.02, 72 dots an inch).
    pub bytes: Vec<u8>,
}

/// The cover of [`drawn_cover_svg`] as a square JPEG, under 512 kB.
pub(super) fn drawn_cover(text: CoverText<'_>, timeline: &Timeline, side: CoverSide) -> CoverImage {
    let side = side.pixels();
    let bytes = small_jpeg(&pixels(&drawn_cover_svg(text, timeline), side), MAX_COVER_BYTES);
    CoverImage { side: side.into(), bytes }
}

/// The best JPEG that has at most so many bytes, or the smallest there is.
pub(super) fn small_jpeg(pixels: &Pixmap, max_bytes: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes = jpeg(pixels, quality);
        if bytes.len() <= max_bytes {
            break;
        }
    }
    bytes
}

/// The picture at a number of pixels a side.
pub(super) fn pixels(svg: &str, side: u16) -> Pixmap {
    // The SVG has no text left, so no font is needed, and none is looked for.
    let tree = Tree::from_str(svg, &Options::default()).expect("the drawing is valid SVG");
    let mut pixels = Pixmap::new(side.into(), side.into()).expect("a cover has pixels");
    let scale = (f64::from(side) / SIDE) as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels
}

fn jpeg(pixels: &Pixmap, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_density(PixelDensity { density: (72, 72), unit: PixelDensityUnit::Inches });
    // Colour at half the resolution: letters of one colour on another keep their edges by lightness.
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    // The background is opaque, so the fourth number of each pixel says nothing, and the encoder passes over it.
    let side = u16::try_from(pixels.width()).expect("covers have at most 3000 pixels a side");
    encoder.encode(pixels.data(), side, side, ColorType::Rgba).expect("a square of pixels goes into memory");
    bytes
}
