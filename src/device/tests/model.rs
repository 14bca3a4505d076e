//! Both ends of the queue against a device said plainly: every frame is heard at its own place.

use proptest::prelude::*;

use super::{frames, late, marked, push, queue};
use crate::audio::Frame;
use crate::units::Frames;

#[derive(Clone, Debug)]
enum Act {
    Push(u64),
    Pull(usize),
    /// Fades out over that length; what is pushed next is of that position.
    Seek {
        over: u64,
        to: u64,
    },
    Splice {
        from: u64,
        ahead: u64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (1_u64..150).prop_map(Act::Push),
        (1_usize..150).prop_map(Act::Pull),
        (0_u64..20, 0_u64..1000).prop_map(|(over, to)| Act::Seek { over, to }),
        (0_u64..300, 0_u64..30).prop_map(|(from, ahead)| Act::Splice { from, ahead }),
    ]
}

/// What was pushed since a seek: for each position from the first on, how many changes came before its frame.
#[derive(Default)]
struct Pushed {
    first: u64,
    changes: Vec<u32>,
}

/// What a device should do, said plainly.
#[derive(Default)]
struct Model {
    pushed: Pushed,
    /// Number of frames of that which were played.
    played: usize,
    /// What was pushed before the last seek, of which so much is still faded; nothing once that is silent.
    fading: Option<(Pushed, usize, Option<u64>)>,
    /// Frames until the device has followed a splice.
    pending: usize,
    /// The device has followed the last seek.
    is_followed: bool,
}

impl Model {
    fn end(&self) -> u64 {
        self.pushed.first + self.pushed.changes.len() as u64
    }

    /// What the next frame is, and whether it is heard as it was pushed.
    fn next(&mut self) -> Option<(Frame, bool)> {
        self.is_followed = true;
        if let Some((pushed, played, left)) = &mut self.fading {
            let frame =
                pushed.changes.get(*played).map(|&changes| marked(pushed.first + *played as u64, changes));
            let is_begun = *played > 0;
            if let (Some(faded @ 1..), true, Some(frame)) = (*left, is_begun, frame) {
                (*played, *left) = (*played + 1, faded.checked_sub(1).filter(|left| *left > 0));
                return Some((frame, false));
            }
            self.fading = None;
        }
        self.pending = self.pending.saturating_sub(1);
        let changes = *self.pushed.changes.get(self.played)?;
        let frame = marked(self.pushed.first + self.played as u64, changes);
        self.played += 1;
        Some((frame, true))
    }
}

proptest! {
    #[test]
    fn every_frame_is_heard_at_its_own_place(acts in prop::collection::vec(act(), 1..60)) {
        let (mut queue, mut callback) = queue();
        let mut model = Model::default();
        let mut changes = 0;
        for act in acts {
            match act {
                Act::Push(count) => {
                    push(&mut queue, model.end(), &frames(model.end(), count, changes));
                    model.pushed.changes.extend(std::iter::repeat_n(changes, count as usize));
                }
                // A fade that begins before a splice is due is of the old frames.
                Act::Seek { .. } if model.pending > 0 => {}
                Act::Seek { over, to } => {
                    changes += 1;
                    queue.stop(Frames(over));
                    let old = std::mem::replace(&mut model.pushed, Pushed { first: to, changes: Vec::new() });
                    if !old.changes.is_empty() {
                        // What was pushed while others fade is never heard.
                        let (fading, played, left) = model.fading.take().unwrap_or((old, model.played, Some(over)));
                        model.fading = Some((fading, played, left.and(Some(over))));
                    }
                    (model.played, model.is_followed) = (0, false);
                }
                // The engine waits for the end of a fade first.
                Act::Splice { .. } if !model.is_followed || model.fading.is_some() || model.pushed.changes.is_empty() => {}
                Act::Splice { from, ahead } => {
                    changes += 1;
                    let ahead = ahead.min(model.played as u64);
                    let at = late(&mut queue, &callback, ahead, model.pushed.first + from);
                    let kept = (at - model.pushed.first) as usize;
                    model.pushed.changes.truncate(kept);
                    model.pending = kept.saturating_sub(model.played) + 1;
                }
                Act::Pull(count) => for _ in 0..count {
                    let heard = callback.next_frame();
                    match model.next() {
                        None => prop_assert_eq!(heard, Frame::SILENCE),
                        Some((frame, true)) => prop_assert_eq!(heard, frame),
                        // In a fade the two channels still tell which frame it is.
                        Some((frame, false)) => {
                            let same = (heard.left * frame.right - heard.right * frame.left).abs();
                            prop_assert!(same <= frame.left * frame.right * 1e-5, "{heard:?} for {frame:?}");
                        }
                    }
                    if model.fading.is_none() && model.played > 0 {
                        prop_assert_eq!(queue.position().0, model.pushed.first + model.played as u64);
                    }
                },
            }
        }
    }
}
