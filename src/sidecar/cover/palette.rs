//! Colours: a few combinations that are calm, and legible by computed contrast; the title chooses one.
//!
//! The bounds are those of WCAG 2.1: 4.5 to 1 for text (1.4.3, AA), 3 to 1 for shapes that mean something
//! (1.4.11); `tests.rs` holds every palette to them. Must not know what is drawn.

use std::fmt;

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u32);

impl Rgb {
    /// This colour with `percent` of another, mixed as the eye sees the encoded values.
    pub(super) fn mixed(self, other: Self, percent: u32) -> Self {
        let channel = |shift: u32| {
            let (a, b) = (self.0 >> shift & 0xFF, other.0 >> shift & 0xFF);
            ((a * (100 - percent) + b * percent + 50) / 100) << shift
        };
        Self(channel(16) | channel(8) | channel(0))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

/// The colours of a cover, each by its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) sky: Rgb,
    /// The sky right around the sun.
    pub(super) glow: Rgb,
    /// The disc of the sun.
    pub(super) sun: Rgb,
    /// The title and the author.
    pub(super) ink: Rgb,
    /// Rays, beads and chapters.
    pub(super) light: Rgb,
    /// Text on the sun.
    pub(super) on_sun: Rgb,
    /// Under the horizon.
    pub(super) ground: Rgb,
}

/// In the order of the fields.
const fn palette([sky, glow, sun, ink, light, on_sun, ground]: [u32; 7]) -> Palette {
    Palette {
        sky: Rgb(sky),
        glow: Rgb(glow),
        sun: Rgb(sun),
        ink: Rgb(ink),
        light: Rgb(light),
        on_sun: Rgb(on_sun),
        ground: Rgb(ground),
    }
}

/// Hours of the day and things outdoors: dark skies first, then light ones.
pub(super) const PALETTES: [Palette; 12] = [
    // Before dawn, forest, dusk, lagoon, clay, night, slate, moss.
    palette([0x1F_2A44, 0x4A_3F63, 0xF2_A65A, 0xFB_F3E4, 0xF7_CE9B, 0x1F_2A44, 0x18_2136]),
    palette([0x1D_3B34, 0x2B_5246, 0xE9_C46A, 0xF6_F1E3, 0xF0_DAA0, 0x1B_362F, 0x16_2E29]),
    palette([0x3A_2440, 0x5C_3452, 0xEF_A48F, 0xFB_EFEA, 0xF6_C8B8, 0x3A_2440, 0x2D_1B32]),
    palette([0x0F_4350, 0x1C_5C68, 0xF4_D58D, 0xF3_F7F2, 0xF7_E3B4, 0x0E_3C48, 0x0B_343F]),
    palette([0x6F_3328, 0x87_4433, 0xF5_C98A, 0xFF_F3E4, 0xFA_DDB4, 0x62_2C22, 0x58_271E]),
    palette([0x15_1A24, 0x29_3040, 0xD8_DEE9, 0xF0_F3F8, 0xB9_C6DB, 0x15_1A24, 0x0E_121A]),
    palette([0x2B_4566, 0x42_5B7E, 0xF6_D3AE, 0xF6_F8FB, 0xF9_E2CA, 0x27_3F5D, 0x22_3852]),
    palette([0x3C_4327, 0x51_5936, 0xE8_D8A0, 0xF8_F5E6, 0xEF_E4BE, 0x35_3C22, 0x30_361F]),
    // Sand, sage, lavender, rose.
    palette([0xF5_ECDE, 0xF0_D8C2, 0xB4_4F37, 0x3B_2A22, 0xA0_452F, 0xFF_F8EE, 0xE3_D0B4]),
    palette([0xE8_EEE2, 0xD4_E2D1, 0x3F_6B55, 0x20_372C, 0x3A_634E, 0xF5_F9F1, 0xBF_D3BE]),
    palette([0xEC_E8F3, 0xD9_D0EA, 0x5D_4C88, 0x2B_2344, 0x59_4883, 0xF8_F5FC, 0xC6_BADF]),
    palette([0xF9_E8E3, 0xF3_D2CC, 0xA8_425A, 0x42_1F2A, 0xA0_3D54, 0xFF_F6F3, 0xE6_BDB7]),
];

impl Palette {
    /// The colours that belong to a title: the same for all editions of a session, and for ever.
    pub(super) fn of(title: &str) -> Self {
        // FNV-1a, 64 bit (Fowler, Noll, Vo), its upper half folded in, because the lower bits alone mix little.
        let hash = title.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let folded = hash ^ hash >> 32;
        PALETTES[(folded % PALETTES.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.1, "relative luminance" and "contrast ratio".
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let channel = |colour: Rgb, shift: u32| {
            let value = f64::from(colour.0 >> shift & 0xFF) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
        };
        let luminance = |c: Rgb| 0.2126 * channel(c, 16) + 0.7152 * channel(c, 8) + 0.0722 * channel(c, 0);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(Rgb(0), Rgb(0xFF_FFFF)) - 21.0).abs() < 1e-9);
        // The grey that is just too light on white in many a guide to WCAG.
        assert!((contrast(Rgb(0x77_7777), Rgb(0xFF_FFFF)) - 4.48).abs() < 0.005);
    }

    #[test]
    fn every_palette_can_be_read() {
        for (index, palette) in PALETTES.into_iter().enumerate() {
            let Palette { sky, glow, sun, ink, light, on_sun, ground } = palette;
            // Text: the title reaches into the glow. Shapes: marks lie in the glow, the sun too.
            for (name, a, b, least) in [
                ("title on the sky", ink, sky, 7.0),
                ("title on the glow", ink, glow, 4.5),
                ("subtitle on the sun", on_sun, sun, 4.5),
                ("author on the ground", ink, ground, 4.5),
                ("marks on the glow", light, glow, 3.0),
                ("sun on the glow", sun, glow, 3.0),
            ] {
                let ratio = contrast(a, b);
                assert!(ratio >= least, "palette {index}, {name}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn a_title_keeps_its_colours_and_titles_share_them_out() {
        assert_eq!(Palette::of("Rest"), Palette::of("Rest"));
        let mut counts = [0; PALETTES.len()];
        for n in 0..1200 {
            let palette = Palette::of(&format!("Session {n}"));
            counts[PALETTES.iter().position(|p| *p == palette).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (50..200).contains(count)), "{counts:?}");
    }
}
