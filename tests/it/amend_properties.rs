//! What holds after any wishes: the past is the past, the new end is exact, what is offered is granted.

use nidra::audio::{SoundRef, SoundSource};
use nidra::script::Session;
use nidra::timeline::{
    Bus, CueKind, EditRequest, Event, LevelCourse, LiveEdit, PlacedCue, Refusal, Timeline, amend,
};
use nidra::units::{FramePos, Frames, Millis};
use proptest::prelude::*;

use crate::amend::session;
use crate::fake::{FakeSounds, RATE};
use crate::properties::{Section, script, section};

/// Where in the track, in thousandths, and what is wished: so much more, or an end at so many of its thousandths.
#[derive(Clone, Copy, Debug)]
enum Wished {
    More(u64, u64),
    End(u64, u64),
}

fn wished() -> impl Strategy<Value = Wished> {
    prop_oneof![
        (0u64..1000, 0u64..90_000).prop_map(|(now, more)| Wished::More(now, more)),
        (0u64..1000, 300u64..1600).prop_map(|(now, end)| Wished::End(now, end)),
    ]
}

impl Wished {
    fn of(self, timeline: &Timeline) -> LiveEdit {
        let at = |permille| FramePos(timeline.length.0 * permille / 1000);
        match self {
            Self::More(now, more) => LiveEdit { now: at(now), wish: EditRequest::MoreRest(Millis(more)) },
            Self::End(now, end) => LiveEdit { now: at(now), wish: EditRequest::EndAt(at(end)) },
        }
    }
}

/// A script of which some lines say what is left, and some sections have a cue pinned from their end.
fn written(sections: &[Section], says_left: bool, length: Option<u64>) -> String {
    let text = script(sections);
    let (head, rest) = text.split_once("[[section]]").unwrap();
    let mut text = head.to_owned();
    if let Some(length) = length {
        text.push_str(&format!("length = \"{length}ms\"\n"));
    }
    for (section, written) in sections.iter().zip(rest.split("[[section]]")) {
        let pinned = section.slack.filter(|slack| *slack >= 4000).map(|slack| {
            let pin =
                format!("{{ pause = \"flex\" }}, {{ say = \"pin\", at = \"-{}ms\" }}, {{ pause", slack / 2);
            let (before, after) = written.rsplit_once("{ pause").unwrap();
            format!("{before}{pin}{after}")
        });
        text.push_str(&format!("[[section]]{}", pinned.as_deref().unwrap_or(written)));
    }
    if says_left { text.replace("word word word", "word {left} left") } else { text }
}

/// What no wish may change: as it was before `now`, but for the length of a rest that is heard then.
fn past(timeline: &Timeline, now: FramePos) -> (Vec<Event>, Vec<PlacedCue>, Vec<FramePos>) {
    let events = timeline.events.iter().filter(|event| event.start < now).cloned();
    let cues = timeline.cues.iter().filter(|cue| cue.at < now).map(|cue| {
        let heard = matches!(cue.kind, CueKind::Pause | CueKind::Elastic) && cue.at + cue.slot >= now;
        PlacedCue { slot: if heard { Frames::ZERO } else { cue.slot }, ..cue.clone() }
    });
    let chapters = timeline.chapters.iter().map(|chapter| chapter.at).filter(|at| *at < now);
    (events.collect(), cues.collect(), chapters.collect())
}

fn is_check(sound: &SoundRef) -> bool {
    matches!(&sound.source, SoundSource::Line(text) if text.ends_with('.'))
}

/// The starts of what does not depend on where it is: all but checks.
fn starts(timeline: &Timeline) -> Vec<u64> {
    let placed = timeline.events.iter().filter(|event| !is_check(&timeline.sounds[event.clip.index()]));
    placed.map(|event| event.start.0).collect()
}

fn holds(before: &Timeline, after: &Timeline, wish: LiveEdit, says_left: bool) {
    let end = FramePos::START + after.length;
    assert!(after.events.is_sorted_by_key(|event| event.start));
    assert!(after.cues.is_sorted_by_key(|cue| cue.at));
    assert!(after.events.iter().all(|event| event.end() <= end && event.clip.index() < after.sounds.len()));
    let voice: Vec<&Event> = after.events.iter().filter(|event| event.bus == Bus::Voice).collect();
    assert!(voice.windows(2).all(|pair| pair[0].end() <= pair[1].start));
    assert!(after.chapters.windows(2).all(|pair| pair[0].at + pair[0].length <= pair[1].at));
    assert_eq!(past(after, wish.now), past(before, wish.now));
    match wish.wish {
        EditRequest::EndAt(wanted) | EditRequest::StillEndAt(wanted) => assert_eq!(end, wanted),
        EditRequest::MoreRest(more) if !says_left => {
            // What is before the rest stays, what is after it comes exactly that much later.
            let (before, after) = (starts(before), starts(after));
            let later: Vec<u64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
            assert_eq!(before.len(), after.len());
            assert!(later.is_sorted() && later.iter().all(|by| [0, more.0].contains(by)), "{later:?}");
        }
        EditRequest::MoreRest(_) | EditRequest::TakeBack => {}
    }
}

/// The bound that is offered can be had, and nothing beyond it.
fn offered(session: &Session, wishes: &[LiveEdit], bound: FramePos, beyond: FramePos, says_left: bool) {
    let (last, before) = wishes.split_last().unwrap();
    let ends = |end| {
        amend(
            session,
            &FakeSounds,
            RATE,
            LevelCourse::Level,
            &[before, &[LiveEdit { wish: EditRequest::EndAt(end), ..*last }]].concat(),
        )
    };
    assert_eq!(FramePos::START + ends(bound).unwrap().length, bound);
    if !says_left {
        assert!(ends(beyond).is_err());
    }
}

/// The cues that are no checks: where each is, and how long its slot is.
fn cues(timeline: &Timeline) -> Vec<(u64, u64)> {
    let cues = timeline.cues.iter().filter(|cue| !cue.text.ends_with('.'));
    cues.map(|cue| (cue.at.0, cue.slot.0)).collect()
}

/// What is left of `changed` at `now` is as it was `before`, to the frame.
fn taken_back(before: &Timeline, changed: &Timeline, back: &Timeline, now: FramePos) {
    assert_eq!(past(back, now), past(changed, now));
    let [cues_before, cues_changed, cues_back] = [before, changed, back].map(cues);
    let first = cues_changed.iter().position(|(at, _)| *at >= now.0).unwrap_or(cues_changed.len());
    let left = |cues: &[(u64, u64)]| -> Vec<(u64, u64)> {
        let start = cues.get(first).map_or(0, |(at, _)| *at);
        cues[first..].iter().map(|(at, slot)| (at - start, *slot)).collect()
    };
    assert_eq!(left(&cues_back), left(&cues_before));
    assert!(cues_back.get(first).is_none_or(|(at, _)| *at >= now.0));
    // Nothing of the change was heard: all is as it was.
    let is_to_come = cues_before.get(first).map_or(before.length.0, |(at, _)| *at) >= now.0
        && cues_changed.iter().all(|(at, slot)| at + slot != now.0)
        && cues_before[..first]
            .iter()
            .zip(&cues_changed)
            .all(|((_, before), (at, slot))| *before >= (*slot).min(now.0 - at));
    if past(before, now) == past(changed, now) && is_to_come {
        assert_eq!(cues_back, cues_before);
        assert_eq!(past(back, now), past(before, now));
        assert_eq!(
            (back.length, back.counted, &back.chapters),
            (before.length, before.counted, &before.chapters)
        );
        assert_eq!(back.beds, before.beds);
        assert_eq!(starts(back), starts(before));
    }
}

proptest! {
    #[test]
    fn what_is_taken_back_is_as_it_was_before_but_for_what_was_heard(
        sections in prop::collection::vec(section(), 1..4),
        length in prop::option::of(2_000_000u64..3_000_000),
        says_left: bool,
        wished in prop::collection::vec(wished(), 1..4),
        since in prop_oneof![Just(0u64), 0u64..300, 0u64..1000],
    ) {
        let session = session(&written(&sections, says_left, length));
        let Ok(written) = amend(&session, &FakeSounds, RATE, LevelCourse::Level, &[]) else {
            return Err(TestCaseError::reject("a script with mistakes"));
        };
        let (mut wishes, mut timelines) = (Vec::new(), vec![written]);
        for wished in wished {
            let wish = wished.of(timelines.last().unwrap());
            // Who goes back hears other numbers where the length was changed since.
            if says_left && wishes.last().is_some_and(|last: &LiveEdit| wish.now < last.now) {
                continue;
            }
            wishes.push(wish);
            match amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes) {
                Ok(after) => timelines.push(after),
                Err(_) => drop(wishes.pop()),
            }
        }
        // Each of them, one after another, a while later each time.
        let mut now = wishes.last().map_or(FramePos::START, |wish| wish.now);
        let mut changed = timelines.pop().unwrap();
        while let Some(before) = timelines.pop() {
            now = FramePos((now.0 + changed.length.0 * since / 1000).min(changed.length.0));
            wishes.push(LiveEdit { now, wish: EditRequest::TakeBack });
            match amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes) {
                Ok(back) => {
                    taken_back(&before, &changed, &back, now);
                    changed = back;
                }
                Err(refusal) => {
                    prop_assert!(says_left, "{:?}", refusal);
                    break;
                }
            }
        }
        wishes.push(LiveEdit { now, wish: EditRequest::TakeBack });
        prop_assert!(amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes).is_err());
    }

    #[test]
    fn any_wishes_leave_the_past_alone_and_are_exact(
        sections in prop::collection::vec(section(), 1..4),
        length in prop::option::of(2_000_000u64..3_000_000),
        says_left: bool,
        wished in prop::collection::vec(wished(), 1..6),
    ) {
        let session = session(&written(&sections, says_left, length));
        let mut wishes = Vec::new();
        let Ok(mut timeline) = amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes) else {
            return Err(TestCaseError::reject("a script with mistakes"));
        };
        for wished in wished {
            let wish = wished.of(&timeline);
            wishes.push(wish);
            match amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes) {
                Ok(after) => {
                    holds(&timeline, &after, wish, says_left);
                    prop_assert_eq!(&amend(&session, &FakeSounds, RATE, LevelCourse::Level, &wishes).unwrap(), &after);
                    timeline = after;
                    continue;
                }
                Err(Refusal::TooEarly { earliest }) => {
                    offered(&session, &wishes, earliest, FramePos(earliest.0 - 1), says_left);
                }
                Err(Refusal::TooLate { latest }) => {
                    offered(&session, &wishes, latest, FramePos(latest.0 + 1), says_left);
                }
                Err(Refusal::NoRest) => {}
                Err(refusal) => prop_assert!(says_left, "{:?}", refusal),
            }
            wishes.pop();
        }
    }
}
