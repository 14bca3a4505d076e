//! Points on the arc from the left horizon over the top to the right one.
//!
//! Must not know what lies on it.

use core::f64::consts::PI;

/// Distance of the arc's ends above the horizon, as a share of half a circle: a mark at either end is whole.
const INSET: f64 = 0.012;

/// The middle of the arc, on the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arc {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Arc {
    /// The point at a share of the way, 0 to 1, and a distance from the middle.
    pub(super) fn point(self, share: f64, radius: f64) -> (f64, f64) {
        let angle = PI * (INSET + (1.0 - 2.0 * INSET) * share);
        (self.x - radius * libm::cos(angle), self.y - radius * libm::sin(angle))
    }

    /// The `d` of a piece of the arc.
    pub(super) fn piece(self, from: f64, to: f64, radius: f64) -> String {
        let ((x0, y0), (x1, y1)) = (self.point(from, radius), self.point(to, radius));
        // Never more than half a circle, so the large-arc flag is always 0; clockwise, so sweep is 1.
        format!("M{x0:.2} {y0:.2}A{radius} {radius} 0 0 1 {x1:.2} {y1:.2}")
    }

    /// The `d` of a radial line.
    pub(super) fn ray(self, share: f64, from: f64, to: f64) -> String {
        let ((x0, y0), (x1, y1)) = (self.point(share, from), self.point(share, to));
        format!("M{x0:.2} {y0:.2}L{x1:.2} {y1:.2}")
    }
}
