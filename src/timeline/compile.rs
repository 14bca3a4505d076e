//! The session and the lengths of its clips to a timeline.

use super::model::Timeline;
use crate::diag::Diagnostics;
use crate::library::Sounds;
use crate::script::Session;
use crate::units::SampleRate;

/// Places every sound of `session` at its exact frame.
///
/// Never fails: mistakes are added to `diagnostics`; `None` if they leave nothing that could be a timeline.
pub fn compile(
    _session: &Session,
    _sounds: &dyn Sounds,
    _rate: SampleRate,
    _diagnostics: &mut Diagnostics,
) -> Option<Timeline> {
    None
}
