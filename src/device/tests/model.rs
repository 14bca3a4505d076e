//! Both ends of the line against a device said plainly: every frame is heard at its own place.

use proptest::prelude::*;

use super::{frames, late, line, marked};
use crate::audio::Frame;
use crate::units::Frames;

#[derive(Clone, Debug)]
enum Act {
    Push(u64),
    Pull(usize),
    Hold(u64),
    Go(u64),
    Cut { from: u64, ahead: u64 },
    Finish,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (1_u64..60).prop_map(Act::Push),
        (1_usize..60).prop_map(Act::Pull),
        prop_oneof![Just(0), 1_u64..20].prop_map(Act::Hold),
        prop_oneof![Just(0), 1_u64..20].prop_map(Act::Go),
        (0_u64..200, 0_u64..30).prop_map(|(from, ahead)| Act::Cut { from, ahead }),
        Just(Act::Finish),
    ]
}

/// What a device should do, said plainly.
struct Model {
    /// For each position that is pushed: how many cuts came before its frame.
    pushed: Vec<u32>,
    played: u64,
    flow: Flow,
    /// Frames until the level is one again.
    rising: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Going,
    Ending(u64),
    Held,
}

impl Model {
    /// What the next frame is, and whether it is heard as it was pushed.
    fn next(&mut self) -> Option<(Frame, bool)> {
        if self.flow == Flow::Ending(0) {
            self.flow = Flow::Held;
        }
        if self.flow == Flow::Held {
            return None;
        }
        let Some(&cuts) = self.pushed.get(usize::try_from(self.played).unwrap()) else {
            if let Flow::Ending(_) = self.flow {
                self.flow = Flow::Held;
            }
            return None;
        };
        let frame = marked(self.played, cuts);
        self.played += 1;
        if let Flow::Ending(left) = &mut self.flow {
            *left -= 1;
            return Some((frame, false));
        }
        self.rising = self.rising.saturating_sub(1);
        Some((frame, self.rising == 0))
    }
}

proptest! {
    #[test]
    fn every_frame_is_heard_at_its_own_place(acts in prop::collection::vec(act(), 1..60)) {
        let (mut line, mut tap) = line();
        let mut model = Model { pushed: Vec::new(), played: 0, flow: Flow::Held, rising: 0 };
        let mut cuts = 0;
        for act in acts {
            match act {
                Act::Push(count) => {
                    let new = frames(line.pushed(), count, cuts);
                    let taken = line.push(&new);
                    model.pushed.extend(std::iter::repeat_n(cuts, taken));
                }
                Act::Hold(over) => {
                    line.hold(Frames(over));
                    if model.flow != Flow::Held {
                        model.flow = Flow::Ending(over);
                    }
                }
                Act::Go(over) => {
                    line.go(Frames(over));
                    (model.flow, model.rising) = (Flow::Going, over);
                }
                Act::Cut { from, ahead } => {
                    cuts += 1;
                    let at = late(&mut line, &mut tap, ahead, from);
                    prop_assert_eq!(at, line.pushed());
                    model.pushed.truncate(usize::try_from(at).unwrap());
                }
                Act::Finish => line.finish(),
                Act::Pull(count) => for _ in 0..count {
                    let heard = tap.next_frame();
                    match model.next() {
                        None => prop_assert_eq!(heard, Frame::SILENCE),
                        Some((frame, true)) => prop_assert_eq!(heard, frame),
                        // In a fade the two channels still tell which frame it is.
                        Some((frame, false)) => {
                            let same = (heard.left * frame.right - heard.right * frame.left).abs();
                            prop_assert!(same <= frame.left * frame.right * 1e-5, "{heard:?} for {frame:?}");
                        }
                    }
                    prop_assert_eq!(line.played(), model.played);
                },
            }
        }
    }
}
