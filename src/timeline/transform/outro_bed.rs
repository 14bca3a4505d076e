//! The outro bed: the last bed of a session, which goes on after its end if its listener wants that.

use crate::timeline::model::{BedSpan, Envelope, Fades, Timeline};
use crate::units::{FramePos, Millis};

/// The time for which the bed goes on: until any listener has slept enough.
const OUTRO: Millis = Millis::from_secs(24 * 3600);

/// A bed that had ended comes back in this time, so softly that no listener is startled.
const OUTRO_FADE_IN: Millis = Millis::from_secs(8);

/// The same timeline, longer by its last bed. One that lasts to the end goes on as if there were none; one that ended
/// before comes back. Without a bed it is the same timeline.
pub fn add_outro_bed(timeline: &Timeline) -> Timeline {
    let mut longer = timeline.clone();
    let end = FramePos::START + timeline.length;
    let outro = OUTRO.to_frames(timeline.rate);
    let Some(last) = longer.beds.last_mut() else { return longer };
    if last.end() == end {
        last.length += outro;
    } else {
        let fade_in = OUTRO_FADE_IN.to_frames(timeline.rate);
        let fades = Fades { fade_in, fade_out: last.fades.fade_out };
        let again =
            BedSpan { start: end, length: outro, ducking: Envelope::default(), fades, ..last.clone() };
        longer.beds.push(again);
    }
    longer.length += outro;
    longer
}
