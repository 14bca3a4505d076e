//! Time: authored milliseconds, frames, instants and the sample rate that joins them.
//!
//! Must not know floats: positions and lengths are integers, rounded once, to nearest.

use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign, Mul};

use serde::{Deserialize, Serialize};

/// Frames a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(NonZeroU32);

impl SampleRate {
    /// 48 kHz, the default: one millisecond is then exactly 48 frames, so authored time never rounds.
    pub const HZ_48000: Self = Self(NonZeroU32::new(48_000).expect("48000 is not zero"));

    /// A rate of `hz` frames a second, unless it is zero.
    pub const fn new(hz: u32) -> Option<Self> {
        match NonZeroU32::new(hz) {
            Some(hz) => Some(Self(hz)),
            None => None,
        }
    }

    /// Frames a second.
    pub const fn hz(self) -> u32 {
        self.0.get()
    }
}

/// A length of time as people write it and read it, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Millis(pub u64);

impl Millis {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `seconds` whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1000)
    }

    /// The conversion from authored time to frames, the only one: nearest frame, halves up.
    pub const fn to_frames(self, rate: SampleRate) -> Frames {
        Frames(div_nearest(self.0 * rate.hz() as u64, 1000))
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Mul<u64> for Millis {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * times)
    }
}

impl Millis {
    /// This time as a player's clock shows it, rounded down to seconds: `2:16`, or `1:02:03` from an hour up.
    pub fn clock(self) -> String {
        match self.0 / 1000 {
            seconds @ 0..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
            seconds => format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
        }
    }

    /// This time with hours however short it is, rounded down to seconds: `01:02:03`.
    pub fn long_clock(self) -> String {
        let seconds = self.0 / 1000;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl fmt::Display for Millis {
    /// `12:30.500`, or `1:02:03.000` from an hour up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.clock(), self.0 % 1000);
        f.pad(&text)
    }
}

/// A length in frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Frames(pub u64);

impl Frames {
    /// No length.
    pub const ZERO: Self = Self(0);

    /// This length as shown to people: nearest millisecond, halves up.
    pub const fn to_millis(self, rate: SampleRate) -> Millis {
        Millis(div_nearest(self.0 * 1000, rate.hz() as u64))
    }

    /// This length less `other`, or `None` if `other` is longer.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// This length less `other`, or nothing if `other` is longer.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// As the length of a slice.
    ///
    /// # Panics
    /// On a machine whose memory could not hold that many frames anyway.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).expect("a slice in memory is no longer than usize")
    }
}

impl Add for Frames {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Frames {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Mul<u64> for Frames {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Frames {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// An instant, in frames from the start of the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FramePos(pub u64);

impl FramePos {
    /// The first frame.
    pub const START: Self = Self(0);

    /// Returns the length from `earlier` to this, or `None` if this is before it.
    pub fn since(self, earlier: Self) -> Option<Frames> {
        self.0.checked_sub(earlier.0).map(Frames)
    }

    /// Returns the length from `earlier` to this, or zero if this is before it.
    pub fn saturating_since(self, earlier: Self) -> Frames {
        Frames(self.0.saturating_sub(earlier.0))
    }

    /// `length` before this, but not before the start.
    pub fn saturating_sub(self, length: Frames) -> Self {
        Self(self.0.saturating_sub(length.0))
    }

    /// This instant as shown to people.
    pub const fn to_millis(self, rate: SampleRate) -> Millis {
        Frames(self.0).to_millis(rate)
    }
}

impl Add<Frames> for FramePos {
    type Output = Self;
    fn add(self, length: Frames) -> Self {
        Self(self.0 + length.0)
    }
}

impl AddAssign<Frames> for FramePos {
    fn add_assign(&mut self, length: Frames) {
        self.0 += length.0;
    }
}

/// `number / by`, rounded to nearest, halves up.
pub const fn div_nearest(number: u64, by: u64) -> u64 {
    (number + by / 2) / by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ms: u64, hz: u32, frames: u64) {
        let rate = SampleRate::new(hz).unwrap();
        assert_eq!(Millis(ms).to_frames(rate), Frames(frames));
    }

    #[test]
    fn authored_time_becomes_the_nearest_frame() {
        check(1, 48_000, 48);
        check(1, 44_100, 44);
        check(5, 44_100, 221); // 220.5: halves up
        check(1, 1000, 1);
        check(25 * 60_000, 44_100, 66_150_000);
    }

    #[test]
    fn milliseconds_survive_the_way_to_frames_and_back() {
        for hz in [8000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for ms in (0..100_000).step_by(7) {
                assert_eq!(Millis(ms).to_frames(rate).to_millis(rate), Millis(ms), "{hz} Hz");
            }
        }
    }

    #[test]
    fn time_is_shown_as_on_a_clock() {
        assert_eq!(Millis(750_500).to_string(), "12:30.500");
        assert_eq!(Millis(3_723_000).to_string(), "1:02:03.000");
        assert_eq!(Millis(7).to_string(), "0:00.007");
        assert_eq!(Millis(136_999).clock(), "2:16");
        assert_eq!(Millis(3_723_456).clock(), "1:02:03");
        assert_eq!(Millis(136_999).long_clock(), "00:02:16");
        assert_eq!(Millis(360_000_000).long_clock(), "100:00:00");
    }
}
