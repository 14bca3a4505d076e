//! Cover art: a drawn cover for every track, and a look at the cover that a user brings.
//!
//! The drawn cover is the track's own timeline as a sunrise: from the left horizon to the right one runs the
//! whole track, rays are words, beads are strikes of a bell, and silence is open sky. It is made in three
//! steps: [`drawing`] writes an SVG with all text as outlines, [`picture`] makes pixels and a JPEG of it.
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

pub use drawing::{CoverText, drawn_cover_svg, length_label};
pub use inspect::{Colours, CoverFault, ImageFacts, ImageKind, inspect};
pub use picture::{CoverImage, CoverSide, drawn_cover};
pub use podcast::drawn_podcast_cover;
