//! The timeline of a session whose listener asks for more rest, or for another end, while it plays.
//!
//! Beside `compile`, and made of the same parts: what has been heard is history and keeps its places, what is
//! left is solved again, and what the voice says of times is said again from the new places. A function of the
//! session and of all edits so far, so a player that comes back after a crash finds the same timeline. Must not
//! know a player, a clock or a device.
//!
//! Three rules decide what a request may change:
//!
//! - *More rest* changes one silence. All that follows comes later by exactly that, pinned cues too: `at = "50%"`
//!   keeps its distance from what is before it, `at = "-30s"` that from the end. Only where a number that is still
//!   to be said gets a longer or shorter clip do the elastic pauses to come give or take the difference.
//! - *Another end* changes elastic pauses only, and within their bounds; a pause that the author fixed is part of
//!   the teaching. What was asked for with *more rest* stays. `hold.rs` says what gives way to it, and in which order.
//! - *Taking back* the last change changes nothing that was heard; all that is left is as it was before that change.

mod agree;
mod announced_lengths;
mod back;
mod edit_state;
mod hold;
mod refusal;
mod rest;
mod shape;

use serde::{Deserialize, Serialize};

use super::model::Timeline;
use super::transform::{LevelCourse, apply_descent};
use crate::audio::Sounds;
use crate::script::Session;
use crate::units::{FramePos, Millis, SampleRate};

use edit_state::EditState;
pub use refusal::Refusal;

/// A change that a listener wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditRequest {
    /// The rest that is heard at that instant lasts so much longer; everything after it comes later.
    MoreRest(Millis),
    /// The track, with its last word, its last bell's tail and its lead-out, ends at this instant: the rests that
    /// are left are made shorter or longer.
    EndAt(FramePos),
    /// The same for an end that was asked for before and is another instant by now, after a pause or a move: no change of
    /// its own, but a part of the one before it.
    StillEndAt(FramePos),
    /// The last change is taken back that was not taken back yet.
    TakeBack,
}

/// An edit: a request, and the instant at which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEdit {
    /// The instant, in the timeline as all edits before this one have made it.
    pub now: FramePos,
    /// The request.
    pub wish: EditRequest,
}

/// The timeline of `session` after all `edits`, in their order; that of `compile` if there are none.
///
/// What began before the `now` of an edit is as it was before it: events, cues, starts of chapters and the
/// numbers of sounds. Only the rest that is heard, and its chapter, may have another length. Sounds that were used
/// before and are not any more stay in [`Timeline::sounds`], so that the numbers of the others do.
///
/// # Errors
/// The first request that cannot be granted, and why. No timeline ever says a number that is not true, and none
/// needs a line that has no clip.
pub fn amend(
    session: &Session,
    sounds: &dyn Sounds,
    rate: SampleRate,
    course: LevelCourse,
    edits: &[LiveEdit],
) -> Result<Timeline, Refusal> {
    let (mut input, mut state) = EditState::start(session, sounds, rate)?;
    // The states before each change that can be taken back.
    let mut earlier = Vec::new();
    for &LiveEdit { now, wish } in edits {
        let next = match wish {
            EditRequest::MoreRest(more) => rest::more_rest(&mut input, &state, now, more)?,
            EditRequest::EndAt(end) | EditRequest::StillEndAt(end) => {
                hold::end_at(&mut input, &state, now, end)?
            }
            EditRequest::TakeBack => {
                let earlier = earlier.pop().ok_or(Refusal::Unchanged)?;
                back::take_back(&mut input, &state, &earlier, now)?
            }
        };
        let before = std::mem::replace(&mut state, next);
        if matches!(wish, EditRequest::MoreRest(_) | EditRequest::EndAt(_)) {
            earlier.push(before);
        }
    }
    Ok(apply_descent(state.timeline, course))
}
