//! The cover as SVG: where everything stands, and in which colour.
//!
//! One coordinate is a thousandth of the side. All text is outlines, so that the picture is the same in every
//! viewer; the words are there for machines and screen readers as the SVG's title. Must not know pixels.

use std::fmt::Write as _;

use super::arc::Arc;
use super::dial::{Dial, Slot};
use super::lines::{LEADING, Lines, TextBox, fit};
use super::palette::{Palette, Rgb};
use super::typeface::{CAPITAL, Typeface, UNITS_AN_EM};
use crate::text::{escaped, one_line};
use crate::timeline::Timeline;
use crate::units::{Frames, SampleRate, div_nearest};

/// The side of the picture in its own units.
pub(super) const SIDE: f64 = 1000.0;

/// The words of a cover.
///
/// Letters that the embedded font lacks (it has Latin, Greek, Cyrillic and Vietnamese) are never drawn as boxes:
/// a text with one of them is left out whole, and the drawing stands alone. Signs that it lacks, such as emoji,
/// are left out by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverText<'a> {
    /// In large type on at most three lines. It also chooses the colours.
    pub title: &'a str,
    /// On the sun: a length such as `25 min`, or an edition; nothing if empty.
    pub subtitle: &'a str,
    /// Small, under the horizon.
    pub author: Option<&'a str>,
}

/// A length as covers say it: `45 s`, `25 min`, `1 h 30 min`; short enough to be read in most languages.
/// From a minute up it is rounded to the nearest minute.
pub(super) fn length_label(length: Frames, rate: SampleRate) -> String {
    let seconds = div_nearest(length.to_millis(rate).0, 1000);
    let minutes = div_nearest(seconds, 60);
    match (seconds, minutes / 60, minutes % 60) {
        (0..60, ..) => format!("{seconds} s"),
        (_, 0, minutes) => format!("{minutes} min"),
        (_, hours, 0) => format!("{hours} h"),
        (_, hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The cover as a self-contained SVG of 1000 by 1000 units, without fonts or links.
///
/// The arc is the whole track from left to right. Its band is the chapters, stronger where they count; rays are
/// words, longer the more is said; small points are other sound; beads are strikes of a bell; a veil is a bed;
/// and where there is nothing, there is silence.
pub(super) fn drawn_cover_svg(text: CoverText<'_>, timeline: &Timeline) -> String {
    let face = Typeface::new();
    let palette = Palette::of(text.title);
    let words = one_line(text.title);
    let title = fit(&words, TITLE, &face);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" role="img">"#
    );
    let _ = write!(svg, "<title>{}</title>", escaped(&words));
    let _ = write!(svg, r#"<rect width="{SIDE}" height="{SIDE}" fill="{}"/>"#, palette.sky);
    // Without a title the scene is larger and comes to the middle of the picture.
    let scene = if title.is_some() { "" } else { r#" transform="translate(-90 -398) scale(1.18)""# };
    let _ = write!(svg, "<g{scene}>");
    write_glow(&mut svg, palette);
    write_dial(&mut svg, &Dial::of(timeline), palette);
    let _ = write!(svg, r#"<rect y="{HORIZON}" width="{SIDE}" height="{SIDE}" fill="{}"/>"#, palette.ground);
    if let Some(subtitle) = fit(&one_line(text.subtitle), SUBTITLE, &face) {
        write_lines(&mut svg, &subtitle, SUBTITLE_MIDDLE, palette.on_sun);
    }
    if let Some(author) = text.author.and_then(|author| fit(&one_line(author), AUTHOR, &face)) {
        write_lines(&mut svg, &author, AUTHOR_MIDDLE, palette.ink);
    }
    svg.push_str("</g>");
    if let Some(title) = &title {
        write_lines(&mut svg, title, TITLE_MIDDLE, palette.ink);
    }
    svg.push_str("</svg>\n");
    svg
}

// Where things stand, found by eye on the six tracks of `scripts/` at 3000, 300 and 55 pixels.
const HORIZON: f64 = 905.0;
const ARC: Arc = Arc { x: SIDE / 2.0, y: HORIZON };
const SUN: f64 = 205.0;
const BAND: f64 = 238.0;
const RAYS: f64 = 264.0;
const MIN_RAY: f64 = 10.0;
const MAX_RAY: f64 = 92.0;
const BEADS: f64 = 386.0;
/// Each ring of the glow: its radius, and how much of the glow is in the sky there, in percent.
const GLOW: [(f64, u32); 3] = [(560.0, 33), (485.0, 66), (415.0, 100)];
/// The strings of a bed, as radii.
const STRINGS: [f64; 4] = [276.0, 302.0, 328.0, 354.0];
/// Share of the light in what should stay behind, in percent.
const FAINT: u32 = 45;
const TITLE_MIDDLE: f64 = 268.0;
pub(super) const TITLE: TextBox =
    TextBox { width: 850.0, height: 345.0, largest: 180.0, smallest: 38.0, max_lines: 3 };
const SUBTITLE_MIDDLE: f64 = HORIZON - 80.0;
pub(super) const SUBTITLE: TextBox =
    TextBox { width: 310.0, height: 60.0, largest: 66.0, smallest: 22.0, max_lines: 1 };
const AUTHOR_MIDDLE: f64 = (HORIZON + SIDE) / 2.0;
pub(super) const AUTHOR: TextBox =
    TextBox { width: 850.0, height: 40.0, largest: 36.0, smallest: 22.0, max_lines: 1 };

fn write_glow(svg: &mut String, palette: Palette) {
    let discs = GLOW.map(|(radius, percent)| (radius, palette.sky.mixed(palette.glow, percent)));
    for (radius, colour) in discs.into_iter().chain([(SUN, palette.sun)]) {
        let _ = write!(svg, r#"<circle cx="{}" cy="{}" r="{radius}" fill="{colour}"/>"#, ARC.x, ARC.y);
    }
}

fn write_dial(svg: &mut String, dial: &Dial, palette: Palette) {
    let light = palette.light;
    let faint = palette.glow.mixed(light, FAINT);
    let mut strings = String::new();
    for &(from, to) in &dial.beds {
        STRINGS.iter().for_each(|&radius| strings.push_str(&ARC.piece(from, to, radius)));
    }
    write_strokes(svg, "bed", &strings, faint, 1.3);
    let (mut counted, mut uncounted) = (String::new(), String::new());
    for piece in &dial.chapters {
        // Half of the gap between two chapters: never more than a sixth of the chapter itself.
        let gap = 0.0035_f64.min((piece.to - piece.from) / 6.0);
        let band = if piece.counted { &mut counted } else { &mut uncounted };
        band.push_str(&ARC.piece(piece.from + gap, piece.to - gap, BAND));
    }
    write_strokes(svg, "chapters counted", &counted, light, 13.0);
    write_strokes(svg, "chapters", &uncounted, faint, 6.0);
    let (mut rays, mut points) = (String::new(), String::new());
    for (index, slot) in dial.slots.iter().enumerate() {
        let at = (index as f64 + 0.5) / dial.slots.len() as f64;
        match *slot {
            Slot::Silence => {}
            Slot::Sound => points.push_str(&ARC.ray(at, RAYS, RAYS + 0.1)),
            // The square root, so that a single word in a long slot can still be seen.
            Slot::Voice(part) => {
                let length = MIN_RAY + (MAX_RAY - MIN_RAY) * libm::sqrt(part);
                rays.push_str(&ARC.ray(at, RAYS, RAYS + length));
            }
        }
    }
    write_strokes(svg, "voice", &rays, light, 3.4);
    write_strokes(svg, "sound", &points, light, 3.4);
    for &at in &dial.strikes {
        let (x, y) = ARC.point(at, BEADS);
        let _ = write!(svg, r#"<circle class="bell" cx="{x:.2}" cy="{y:.2}" r="7" fill="{light}"/>"#);
    }
}

/// Many strokes as one path, with round ends where they are fine; nothing if there are none.
fn write_strokes(svg: &mut String, class: &str, d: &str, colour: Rgb, width: f64) {
    let cap = if width < 5.0 { "round" } else { "butt" };
    if !d.is_empty() {
        let _ = write!(
            svg,
            r#"<path class="{class}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="{cap}" d="{d}"/>"#
        );
    }
}

/// Lines in the middle of the picture, their capitals and baselines balanced around `middle`.
fn write_lines(svg: &mut String, lines: &Lines, middle: f64, colour: Rgb) {
    let mut baseline = middle - lines.height() / 2.0 + lines.size * CAPITAL;
    let scale = lines.size / UNITS_AN_EM;
    for line in &lines.lines {
        let left = (SIDE - line.width * lines.size) / 2.0;
        let _ = write!(
            svg,
            r#"<path fill="{colour}" transform="translate({left:.2} {baseline:.2}) scale({scale:.5})" d="{}"/>"#,
            line.path
        );
        baseline += lines.size * LEADING;
    }
}
