//! Files that lie beside a track, and are made from the same timeline as it: here its cover.
//!
//! Stands after `timeline`, beside `render`. Pure functions from values to bytes or text: must not know
//! files, folders, clips or samples.

mod cover;

pub use cover::{
    Colours, CoverFault, CoverImage, CoverSide, CoverText, ImageFacts, ImageKind, Scan, drawn_cover,
    drawn_cover_svg, inspect, length_label,
};
