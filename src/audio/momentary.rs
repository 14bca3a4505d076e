//! The loudness of a sound at every instant of itself: measured once, kept with it.

use crate::units::{Frames, Gain, SampleRate};

/// The momentary power of a sound: of each window of 400 ms that ends a whole number of 100 ms after its first
/// frame, until the sound has left the window (the gating blocks of ITU-R BS.1770-5, annex 1, before any gate).
///
/// The power is the weighted mean square of BS.1770 as a stereo programme: `-0.691 + 10 log10(power)` LUFS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MomentaryPower(pub Box<[f32]>);

impl MomentaryPower {
    /// Steps that one window covers.
    pub const WINDOW: usize = 4;

    /// Steps from one window to the next, a second.
    pub const A_SECOND: u32 = 10;

    /// Returns the number of windows of a sound of that length.
    pub fn windows(length: Frames, rate: SampleRate) -> usize {
        let steps = (length * u64::from(Self::A_SECOND)).0.div_ceil(u64::from(rate.hz()));
        if steps == 0 { 0 } else { steps as usize + Self::WINDOW - 1 }
    }

    /// The windows that lie wholly within the sound; of a sound shorter than one window, the one that holds
    /// all of it. Without them the fading in and out of the windows would count as soft sound.
    pub fn whole(&self) -> &[f32] {
        let Self(windows) = self;
        let partial = Self::WINDOW - 1;
        let end = windows.len().saturating_sub(partial).max(Self::WINDOW).min(windows.len());
        windows.get(partial..end).unwrap_or(&[])
    }

    /// The same for a sound that is louder or softer.
    pub fn scaled(self, gain: Gain) -> Self {
        Self(self.0.iter().map(|power| power * gain.0 * gain.0).collect())
    }
}
