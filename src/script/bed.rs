//! Beds as a script means them: which, how loud, and where each changes.

use crate::audio::SoundRef;
use crate::diag::Spanned;
use crate::units::{Decibels, Millis};

/// Continuous sound under everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Bed {
    /// A built-in bed or a path.
    pub sound: Spanned<SoundRef>,
    /// Level against the voice.
    pub level: Decibels,
    /// Length of its fade in.
    pub fade_in: Millis,
    /// Length of its fade out.
    pub fade_out: Millis,
    /// Ducking: the gain that lowers it during speech.
    pub duck: Decibels,
}

/// The change that a section makes to the bed.
#[derive(Clone, Debug, PartialEq)]
pub enum BedChange {
    /// The session's bed goes on.
    Keep,
    /// No bed in this section.
    Stop,
    /// Another bed in this section.
    Set(Bed),
}
