//! The speaker without a device: what goes in comes out, at its place.

mod device;
mod line;

use super::line::Line;
use super::tap::Tap;
use crate::units::SampleRate;

fn line() -> (Line, Tap) {
    Line::new(SampleRate::new(8000).unwrap())
}
