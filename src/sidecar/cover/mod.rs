//! Cover art: a drawn cover for every track, and a look at the cover that a user brings.
//!
//! The drawn cover is the track's own timeline as a sunrise: from the left horizon to the right one runs the
//! whole track, rays are words, beads are strikes of a bell, and silence is open sky. It is made in three
//! steps: [`mod@drawing`] writes an SVG with all text as outlines, [`picture`] makes pixels and a JPEG of it.
//! The same text and timeline give the same bytes on every machine: the letters come from a font in this
//! folder, never from the system, and the colours from the title. Must not know files or tags.

mod arc;
mod dial;
mod drawing;
mod inspect;
mod lines;
mod palette;
mod picture;
mod podcast;
mod typeface;

#[cfg(test)]
mod tests;

use super::Subject;
use crate::timeline::Timeline;
use crate::units::Frames;

pub use drawing::CoverText;
pub use inspect::{Colours, CoverFault, ImageFacts, ImageKind, inspect};
pub use picture::{CoverImage, CoverSide};
pub use podcast::drawn_podcast_cover;

/// The drawn cover of a track as a square JPEG, under 512 kB.
pub fn drawn_cover(track: &Subject<'_>, side: CoverSide) -> CoverImage {
    picture::drawn_cover(cover_text(track, &length(track)), track.timeline, side)
}

/// The drawn cover of a track as SVG.
pub(super) fn drawing(track: &Subject<'_>) -> String {
    drawing::drawn_cover_svg(cover_text(track, &length(track)), track.timeline)
}

fn cover_text<'t>(track: &Subject<'t>, length: &'t str) -> CoverText<'t> {
    let meta = &track.session.meta;
    CoverText { title: &meta.title, subtitle: length, author: meta.author.as_deref() }
}

/// The length that listeners are promised: the counted minutes.
fn length(track: &Subject<'_>) -> String {
    let Timeline { counted, length, rate, .. } = *track.timeline;
    drawing::length_label(if counted == Frames::ZERO { length } else { counted }, rate)
}
