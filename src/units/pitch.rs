//! Pitch, exact to a thousandth of a hertz.

/// A pitch in thousandths of a hertz, so that it can be compared and hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pitch {
    /// Thousandths of a hertz.
    pub millihertz: u32,
}

impl Pitch {
    /// In hertz.
    pub fn hz(self) -> f64 {
        f64::from(self.millihertz) / 1000.0
    }
}
