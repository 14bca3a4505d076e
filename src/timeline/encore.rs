//! The sound after a session, if its listener wants it: its last bed, which goes on.

use super::model::{BedSpan, Envelope, Fades, Timeline};
use crate::units::{FramePos, Frames, Millis};

/// The time for which a bed goes on: until any listener has slept enough.
const ENCORE: Millis = Millis::from_secs(24 * 3600);

/// A bed that had ended comes back in this time, so softly that no listener is startled.
const COMES_BACK: Millis = Millis::from_secs(8);

/// The same timeline, longer by its last bed. One that lasts to the end goes on as if there were none; one that ended
/// before comes back. Without a bed it is the same timeline.
pub fn bed_goes_on(timeline: &Timeline) -> Timeline {
    let mut longer = timeline.clone();
    let end = FramePos::START + timeline.length;
    let encore = ENCORE.to_frames(timeline.rate);
    let Some(last) = longer.beds.last_mut() else { return longer };
    if last.end() == end {
        last.length += encore;
    } else {
        let fade_in = COMES_BACK.to_frames(timeline.rate);
        let fades = Fades { fade_in, fade_out: last.fades.fade_out };
        let again =
            BedSpan { start: end, length: encore, ducking: Envelope::default(), fades, ..last.clone() };
        longer.beds.push(again);
    }
    longer.length += encore;
    longer
}

impl Timeline {
    /// True if a bed sounds anywhere.
    pub fn has_bed(&self) -> bool {
        self.beds.iter().any(|bed| bed.length > Frames::ZERO)
    }
}
