//! Changes of the length of a session while it plays: asked for again, refused with what there is, taken back.

use nidra::playback::control::{Command, End, PlaybackEvent, WallTime};
use nidra::units::{Millis, SampleRate};

use super::world::{Happens, Played, RATE, asked, play, play_on};
use nidra::playback::{PlayRequest, Start};

fn end_at(ms: u64) -> Happens {
    asked(Command::EndAt(WallTime(Millis(ms))))
}

fn back() -> Happens {
    asked(Command::TakeBack)
}

/// When the last sound was heard. The session ends half a second after it; without a wish that is at 28940, and a little
/// later for the first frames to be ready.
fn last_sound(played: &Played) -> u64 {
    let last = played.heard.iter().rposition(|frame| *frame != nidra::audio::Frame::SILENCE).unwrap();
    last as u64 * 1000 / u64::from(RATE.hz())
}

#[track_caller]
fn check(plan: &[(u64, Happens)], ends: u64, told: impl Fn(&PlaybackEvent) -> bool) -> Played {
    let played = play(plan, |show| show);
    assert!(last_sound(&played).abs_diff(ends) <= 60, "{} {:?}", last_sound(&played), played.events);
    assert!(played.events.iter().any(told), "{:?}", played.events);
    played
}

#[test]
fn an_end_that_makes_it_more_than_twice_as_long_is_asked_for_again() {
    let longer = |event: &PlaybackEvent| {
        matches!(
            event,
            PlaybackEvent::MuchLonger { length: Millis(59_900..60_100), end: WallTime(Millis(60_000)) }
        )
    };
    // Once is not enough, nor another end, nor the same one after something else.
    let file = check(&[(2000, end_at(60_000))], 28_940, longer);
    file.expect_parts(&[(0, 28_940)]);
    check(&[(2000, end_at(60_000)), (4000, end_at(61_000))], 28_940, longer);
    check(&[(2000, end_at(60_000)), (4000, asked(Command::Where)), (5000, end_at(60_000))], 28_940, longer);
    check(&[(2000, end_at(60_000)), (4000, end_at(60_000))], 60_000, longer);
    // Twice as long is no slip.
    check(&[(2000, end_at(56_000))], 56_000, |event| matches!(event, PlaybackEvent::Ends(_)));
}

#[test]
fn an_end_that_was_asked_for_at_the_start_is_meant() {
    let goal = Some(WallTime(Millis(90_000)));
    let played = play(&[], |show| PlayRequest { goal, ..show });
    assert!(last_sound(&played).abs_diff(90_000) <= 60, "{:?}", played.events);
}

#[test]
fn an_end_out_of_reach_is_refused_with_the_reach_and_all_of_that_is_granted() {
    let played = check(&[(2000, end_at(3000))], 28_940, |event| {
        matches!(event, PlaybackEvent::OutOfReach { wanted: WallTime(Millis(3000)), .. })
    });
    let reach = played.events.iter().find_map(|event| match event {
        PlaybackEvent::OutOfReach { earliest: WallTime(earliest), latest: WallTime(latest), .. } => {
            Some((earliest.0, latest.0))
        }
        _ => None,
    });
    let (earliest, latest) = reach.unwrap();
    // The rest, 20 seconds with its words, can be nothing at all, or go on for a day.
    assert!(earliest.abs_diff(8940 + 180) < 60 && latest.abs_diff(24 * 3_600_000) < 3000, "{reach:?}");
    check(&[(2000, end_at(earliest + 20))], earliest + 20, |event| matches!(event, PlaybackEvent::Ends(_)));
    let out_of_reach = |event: &PlaybackEvent| matches!(event, PlaybackEvent::OutOfReach { .. });
    check(&[(2000, end_at(earliest - 20))], 28_940, out_of_reach);
    check(&[(2000, end_at(latest + 60_000))], 28_940, out_of_reach);
}

#[test]
fn the_end_on_the_clock_is_told_with_every_change() {
    let ends = |told: &End, at: u64, now: u64| {
        told.at.is_some_and(|WallTime(told)| told.0.abs_diff(at) < 60) && told.left.0.abs_diff(at - now) < 60
    };
    let longer =
        |event: &PlaybackEvent| matches!(event, PlaybackEvent::RestLonger(end) if ends(end, 88_940, 15_000));
    check(&[(15_000, asked(Command::MoreRest))], 88_940, longer);
    let on_time =
        |event: &PlaybackEvent| matches!(event, PlaybackEvent::Ends(end) if ends(end, 35_000, 2000));
    check(&[(2000, end_at(35_000))], 35_000, on_time);
    // What waits ends nobody knows when.
    let waits = |event: &PlaybackEvent| matches!(event, PlaybackEvent::RestLonger(End { at: None, .. }));
    let plan = [(15_000, asked(Command::Pause)), (15_500, asked(Command::MoreRest))];
    check(&[&plan[..], &[(16_000, asked(Command::Resume))]].concat(), 89_940, waits);
}

#[test]
fn changes_are_taken_back_one_after_another() {
    let taken_back = |event: &PlaybackEvent| matches!(event, PlaybackEvent::TakenBack(_));
    let (more, later) = (asked(Command::MoreRest), end_at(35_000));
    check(&[(15_000, more), (16_000, back())], 28_940, taken_back).expect_parts(&[(0, 28_940)]);
    check(&[(2000, later), (3000, back())], 28_940, taken_back).expect_parts(&[(0, 28_940)]);
    check(&[(2000, more), (2500, more), (3000, back())], 88_940, taken_back);
    // The end that was wished before holds again, also after a pause.
    let goal = [(2000, later), (3000, more), (3500, back())];
    check(&goal, 35_000, taken_back);
    let paused = [(4000, asked(Command::Pause)), (6000, asked(Command::Resume))];
    check(&[&goal[..], &paused].concat(), 35_000, taken_back);
    // A pause divides what is left again, which is no change of its own.
    let played = check(&[&[(2000, later)][..], &paused, &[(8000, back())]].concat(), 30_940, taken_back);
    assert_eq!(played.events.iter().filter(|event| matches!(event, PlaybackEvent::TakenBack(_))).count(), 1);
}

#[test]
fn what_was_heard_cannot_be_taken_back_and_that_is_said() {
    let refused = |part: &'static str| move |event: &PlaybackEvent| matches!(event, PlaybackEvent::Refused(why) if why.contains(part));
    check(&[(2000, back())], 28_940, refused("Nothing was changed"));
    let more = (2000, asked(Command::MoreRest));
    check(&[more, (75_000, back())], 88_940, refused("has been heard already"));
    // The change before it is to come, in part.
    let plan = [(1500, end_at(35_000)), (2500, asked(Command::MoreRest)), (75_000, back()), (76_000, back())];
    let played = check(&plan, 88_940, refused("has been heard already"));
    assert!(
        played.events.iter().any(|event| matches!(event, PlaybackEvent::TakenBack(_))),
        "{:?}",
        played.events
    );
    // Of a minute of which half has passed the other half is: the rest ends as soon as can be.
    check(&[more, (36_000, back())], 36_300 + 28_940 - 5080, |event| {
        matches!(event, PlaybackEvent::TakenBack(_))
    });
}

#[test]
fn a_listener_who_comes_back_to_what_waits_is_told() {
    let plan =
        [(3000, asked(Command::Pause)), (4000, asked(Command::Returned)), (5000, asked(Command::Resume))];
    let played = play(&plan, |show| show);
    let told = |event: &&PlaybackEvent| **event == PlaybackEvent::StillPaused;
    assert_eq!(played.events.iter().filter(told).count(), 1, "{:?}", played.events);
    let played = play(&[(3000, asked(Command::Returned))], |show| show);
    assert!(!played.events.contains(&PlaybackEvent::StillPaused), "{:?}", played.events);
}

#[test]
fn a_session_that_begins_with_a_section_names_that_one_at_any_rate() {
    for rate in [8000, 11_025, 11_033, 44_100] {
        let rate = SampleRate::new(rate).unwrap();
        for section in 0..3 {
            let played = play_on(rate, &[], |show| PlayRequest { from: Start::Section(section), ..show });
            let first = played.events.iter().find_map(|event| match event {
                PlaybackEvent::Chapter { number, .. } => Some(*number),
                _ => None,
            });
            assert_eq!(first, Some(section + 1), "{:?}", played.events);
        }
    }
}
