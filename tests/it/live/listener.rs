//! What a listener asks for, and what befalls a session while it plays.

use nidra::audio::Frame;
use nidra::build::Stores;
use nidra::device::DeviceError;
use nidra::playback::control::{
    Command, Direction, Ending, PlaybackEvent, Unit, Update, Volume, VolumeChange, WallTime,
};
use nidra::playback::{After, Opening, PlayError, PlayRequest, run};
use nidra::units::{Decibels, Millis, SampleRate};

use super::world::{
    Happens, LINES, Played, RATE, SCRIPT, SESSION, asked, fake, play, play_on, play_session, show, track,
};
use crate::harness::Project;

/// Frames from the first to the last that sounds.
fn sounding(heard: &[Frame]) -> usize {
    let sounds = |frame: &Frame| *frame != Frame::SILENCE;
    heard.iter().rposition(sounds).unwrap() - heard.iter().position(sounds).unwrap()
}

#[test]
fn what_is_heard_is_the_file_to_the_last_bit() {
    let played = play(&[], |show| show);
    assert_eq!(played.ending.unwrap(), Ending::Played);
    let start = played.heard.windows(played.file.len()).position(|heard| heard == played.file);
    assert!(start.is_some_and(|start| start < 2000), "it began after {start:?} frames");
    assert!(!played.events.iter().any(|event| matches!(event, PlaybackEvent::Underruns(_))));
}

#[test]
fn a_pause_stops_at_once_and_goes_on_at_the_start_of_the_line() {
    // The first line is said from 500 to 1080; what is unfaded begins 20 ms after it.
    let plan = [(1000, asked(Command::PauseOrResume)), (2000, asked(Command::PauseOrResume))];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 999), (519, 28_940)]);
    assert!(played.events.contains(&PlaybackEvent::Resumed(Millis(500))));
    // To the frame, and the fade is as long as it should be.
    assert_eq!(played.stretches()[1].1, 500 * 8 + 159);
}

#[test]
fn a_pause_between_lines_goes_on_where_it_was() {
    let plan = [(3000, asked(Command::Pause)), (3500, asked(Command::Pause)), (4000, asked(Command::Resume))];
    play(&plan, |show| show).expect_parts(&[(0, 2999), (3038, 28_940)]);
}

#[test]
fn every_move_lands_on_its_frame() {
    let forward = |unit| asked(Command::Step(Direction::Forward, unit));
    let back = |unit| asked(Command::Step(Direction::Back, unit));
    let plan = [
        (1000, asked(Command::Seek(Direction::Forward, Millis(10_000)))),
        (3000, back(Unit::Section)),
        (4000, back(Unit::Cue)),
        (5000, forward(Unit::Cue)),
        (6000, forward(Unit::Section)),
        (7000, asked(Command::SeekTo(Millis(20_000)))),
        (8000, asked(Command::Quit)),
    ];
    let played = play(&plan, |show| show);
    let starts: Vec<usize> = played.stretches().iter().map(|(_, from, _)| *from).collect();
    // The line of the second section is at 7240, the one before it at 5080. A move fades in over 160 frames.
    let at = |ms: usize| ms * 8 + 159;
    assert_eq!(starts[2..], [at(7240), at(5080), at(7240), at(27_240), at(20_000)], "{:?}", played.events);
    let moved = played.events.iter().find_map(|event| match event {
        PlaybackEvent::Moved(to) => Some(to.0),
        _ => None,
    });
    assert_eq!(starts[1], at(moved.unwrap() as usize), "{:?}", played.events);
}

#[test]
fn a_device_that_goes_away_is_waited_for_and_the_line_is_said_again() {
    let plan = [(1000, Happens::Unplugged), (5000, Happens::Plugged)];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 999), (519, 28_940)]);
    assert!(played.events.contains(&PlaybackEvent::DeviceGone));
    assert_eq!(played.events.iter().filter(|event| matches!(event, PlaybackEvent::Opened { .. })).count(), 2);
}

#[test]
fn a_device_that_hangs_is_left_for_another() {
    let played = play(&[(3000, Happens::Stuck)], |show| show);
    played.expect_parts(&[(0, 2999), (3019, 28_940)]);
    assert!(played.events.contains(&PlaybackEvent::DeviceGone));
}

#[track_caller]
fn check_sleep(sleep: Happens, long: Millis) {
    let played = play(&[(3000, sleep), (6000, asked(Command::Resume))], |show| show);
    let told = played.events.iter().find_map(|event| match (event, sleep) {
        (PlaybackEvent::Slept(told), Happens::Slept(_))
        | (PlaybackEvent::Stopped(told), Happens::Stopped(_)) => Some(told.0),
        _ => None,
    });
    assert!(told.is_some_and(|told| (long.0..long.0 + 100).contains(&told)), "{:?}", played.events);
    assert!(!played.events.contains(&PlaybackEvent::DeviceGone), "{:?}", played.events);
    assert_eq!(played.events.iter().filter(|event| matches!(event, PlaybackEvent::Opened { .. })).count(), 1);
    let parts = played.parts();
    // What was heard until it was noticed, which takes a turn, and then from there on.
    assert_eq!((parts.len(), parts[0].0), (2, 0), "{parts:?}");
    assert!((3000..3100).contains(&parts[0].1) && parts[1].0 - parts[0].1 <= 40, "{parts:?}");
}

#[test]
fn a_machine_that_slept_wakes_paused() {
    check_sleep(Happens::Slept(Millis(60_000)), Millis(60_000));
    check_sleep(Happens::Slept(Millis(2000)), Millis(2000));
    check_sleep(Happens::Stopped(Millis(6000)), Millis(6000));
}

#[test]
fn a_session_that_was_paused_before_a_sleep_is_paused_after_it() {
    let slept = Happens::Slept(Millis(60_000));
    let plan = [(3000, asked(Command::Pause)), (4000, slept), (7000, asked(Command::Resume))];
    let played = play(&plan, |show| show);
    assert!(
        !played.events.iter().any(|event| matches!(event, PlaybackEvent::Slept(_))),
        "{:?}",
        played.events
    );
    let parts = played.parts();
    assert_eq!((parts.len(), parts[0].0, parts[1].1), (2, 0, 28_940), "{parts:?}");
    assert!(parts[1].0 - parts[0].1 <= 40, "{parts:?}");
}

#[test]
fn a_busy_machine_did_not_sleep() {
    let played = play(&[(3000, Happens::Stopped(Millis(2000)))], |show| show);
    let slept = |event: &PlaybackEvent| matches!(event, PlaybackEvent::Slept(_) | PlaybackEvent::Stopped(_));
    assert!(!played.events.iter().any(slept), "{:?}", played.events);
}

#[test]
fn a_device_that_comes_back_with_a_machine_that_slept_waits() {
    let plan = [(1000, Happens::Unplugged), (3000, Happens::Slept(Millis(60_000))), (5000, Happens::Plugged)];
    let played = play(&[&plan[..], &[(9000, asked(Command::Resume))]].concat(), |show| show);
    let parts = played.parts();
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert!(
        played.events.iter().any(|event| matches!(event, PlaybackEvent::Resumed(_))),
        "{:?}",
        played.events
    );
}

#[test]
fn a_gap_is_told_unless_the_machine_slept() {
    let is_told = |plan: &[(u64, Happens)]| {
        let played = play(plan, |show| show);
        played.events.iter().any(|event| matches!(event, PlaybackEvent::Underruns(1)))
    };
    assert!(is_told(&[(3000, Happens::Missed)]));
    // Also if it was about to be told when the machine fell asleep.
    let asked = asked(Command::Volume(VolumeChange::Softer));
    let slept = Happens::Slept(Millis(60_000));
    assert!(!is_told(&[
        (3000, Happens::Missed),
        (3000, asked),
        (3000, slept),
        (6000, Happens::Asked(Command::Resume))
    ]));
}

#[test]
fn a_session_that_is_measured_for_long_begins_after_that() {
    let project = Project::with_lines(&LINES).file(SCRIPT, SESSION);
    let track = |rate| Some(track(&project, rate, &Stores::for_playing()));
    let mut world = fake(RATE, &[]);
    world.preparing = Millis(7000);
    assert_eq!(run(show(track(RATE).unwrap()), &track, &mut world).unwrap(), Ending::Played);
    let slept = |news: &Update| matches!(news, Update::Event(PlaybackEvent::Slept(_)));
    assert!(!world.news.iter().any(slept), "{:?}", world.news);
}

#[test]
fn a_device_of_another_rate_gets_the_track_made_for_it() {
    let rate = SampleRate::new(11_025).unwrap();
    let played = play_on(rate, &[], |show| show);
    assert_eq!(played.ending.unwrap(), Ending::Played);
    assert!(played.heard.windows(played.file.len()).any(|heard| heard == played.file));
}

#[test]
fn no_device_is_an_error_before_anything_is_heard() {
    let project = Project::with_lines(&LINES).file(SCRIPT, SESSION);
    let track = |rate| Some(track(&project, rate, &Stores::for_playing()));
    let mut world = fake(RATE, &[]);
    world.far.borrow_mut().absent = true;
    let ending = run(show(track(RATE).unwrap()), &track, &mut world);
    assert!(matches!(ending, Err(PlayError::Device(DeviceError::NoDevice))), "{ending:?}");
}

#[test]
fn who_ends_it_hears_it_fade() {
    let played = play(&[(3000, asked(Command::Quit))], |show| show);
    assert!(
        matches!(played.ending, Ok(Ending::Quit { at }) if (4400..4700).contains(&at.0)),
        "{:?}",
        played.ending
    );
    let loudest = |frames: &[Frame]| frames.iter().map(|frame| frame.peak()).fold(0.0, f32::max);
    let at = |ms: usize| &played.heard[ms * 8..ms * 8 + 400];
    let (before, middle, end) = (loudest(at(2900)), loudest(at(3750)), loudest(at(4440)));
    assert!(before * 0.7 > middle && middle > end * 2.0 && end > 0.0, "{before} {middle} {end}");
    // The device is not closed before it has played the end of the fade, which it holds for a third of a second.
    let after = &played.heard[4520 * 8..];
    assert!(after.len() >= 450 * 8 && loudest(after) == 0.0, "{} frames", after.len());
}

#[test]
fn an_answer_in_a_rest_is_said_over_it_and_one_in_words_instead_of_them() {
    // The first line is said from 500 to 1080.
    let played = play(&[(700, asked(Command::Where))], |show| show);
    played.expect_parts(&[(0, 699), (519, 28_940)]);
    assert!(
        played.events.contains(&PlaybackEvent::Where("Thirty seconds left.".to_owned())),
        "{:?}",
        played.events
    );
    let played = play(&[(2000, asked(Command::Where))], |show| show);
    // The answer is 400 ms long, and what is under it goes on.
    played.expect_parts(&[(0, 28_940)]);
    let start = played.stretches()[0].0 as isize - played.stretches()[0].1 as isize;
    let over =
        (0..played.file.len()).filter(|at| played.heard[at.wrapping_add_signed(start)] != played.file[*at]);
    let over: Vec<usize> = over.collect();
    assert!((3100..=3200).contains(&over.len()), "{}", over.len());
}

#[test]
fn a_line_that_the_voice_lacks_is_told_and_not_waited_for() {
    let plan = [(2000, asked(Command::EndAt(WallTime(Millis(3000)))))];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 28_940)]);
    let refused = played.events.iter().any(|event| matches!(event, PlaybackEvent::OutOfReach { .. }));
    let lacking = PlaybackEvent::NotRecorded("I cannot end that early.".to_owned());
    assert!(refused && played.events.contains(&lacking), "{:?}", played.events);
}

#[test]
fn a_minute_more_of_rest_is_a_minute_to_the_frame() {
    let played = play(&[(15_000, asked(Command::MoreRest))], |show| show);
    assert!(played.events.iter().any(|event| matches!(event, PlaybackEvent::RestLonger(_))));
    // The bed has no seam; the answer is heard over it.
    assert!(
        !played.events.iter().any(|event| matches!(event, PlaybackEvent::Underruns(_))),
        "{:?}",
        played.events
    );
    let total = sounding(&played.heard);
    assert_eq!(total, sounding(&play(&[], |show| show).heard) + 60 * 8000);
}

#[test]
fn a_bed_that_is_about_to_end_comes_back_without_a_step_when_the_rest_is_longer() {
    let session = SESSION.replace("fade_out = \"100ms\"", "fade_out = \"8s\"").replace(
        "{ say = \"Come back.\" }, { pause = \"1s\" }",
        "{ say = \"Come back.\" }, { pause = \"7s\" }",
    );
    let as_long = session.replace("pause = \"7s\"", "pause = \"67s\"");
    // It would end at 35440; the bed fades from 27440 on.
    let asked_at = 32_000;
    let played = play_session(&session, RATE, &[(asked_at, asked(Command::MoreRest))], |show| show);
    let long = play_session(&as_long, RATE, &[], |show| show);
    // The same bed at the same places: how loud it was is the one against the other, 20 ms at a time.
    let start = |played: &Played| played.heard.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
    let (heard, whole) = (&played.heard[start(&played)..], &long.heard[start(&long)..]);
    let power = |frames: &[Frame]| frames.iter().map(|frame| frame.left * frame.left).sum::<f32>();
    let levels: Vec<f32> =
        heard.chunks(160).zip(whole.chunks(160)).map(|(a, b)| (power(a) / power(b)).sqrt()).collect();
    // After the answer, which is 400 ms long.
    let at = |ms: usize| ms / 20;
    let (before, after) = (levels[at(31_900)], &levels[at(32_500)..at(40_000)]);
    assert!((0.5..0.7).contains(&before), "{before}");
    assert!(after.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.02), "{after:?}");
    assert!(after[0] < 0.8 && after[at(1600)..].iter().all(|level| *level == 1.0), "{after:?}");
}

#[test]
fn a_session_that_is_to_end_at_a_moment_does_and_after_a_pause_too() {
    // Without a wish it ends at 28940, and a little later for the first frames to be ready.
    for (end, pause) in [(25_000, None), (35_000, None), (25_000, Some((3000, 6000)))] {
        let mut plan = vec![(2000, asked(Command::EndAt(WallTime(Millis(end)))))];
        if let Some((from, to)) = pause {
            plan.extend([(from, asked(Command::Pause)), (to, asked(Command::Resume))]);
        }
        let played = play(&plan, |show| show);
        assert!(
            played.events.iter().any(|event| matches!(event, PlaybackEvent::Ends(_))),
            "{:?}",
            played.events
        );
        // It ends with silence of its own, half a second, and then waits for the device.
        let last = played.heard.iter().rposition(|frame| *frame != Frame::SILENCE).unwrap();
        let ended = Millis(last as u64 / 8);
        assert!(ended.0.abs_diff(end) <= 60, "{ended} is not {end} {:?}", played.events);
    }
}

#[test]
fn a_session_that_is_to_end_at_a_moment_does_after_a_bell_too() {
    let goal = Some(WallTime(Millis(40_000)));
    let played = play(&[], |show| PlayRequest { opening: Opening::SoftBell, goal, ..show });
    let last = played.heard.iter().rposition(|frame| *frame != Frame::SILENCE).unwrap();
    let ended = Millis(last as u64 / 8);
    assert!(ended.0.abs_diff(40_000) <= 60, "{ended} {:?}", played.events);
}

#[test]
fn the_bed_goes_on_after_the_end_and_a_bell_can_come_before_the_start() {
    let whole = |show| PlayRequest { after: After::Bed, opening: Opening::SoftBell, ..show };
    let played = play(&[(60_000, asked(Command::Quit))], whole);
    assert!(played.events.contains(&PlaybackEvent::BedGoesOn), "{:?}", played.events);
    // The bell rings alone, for eight seconds.
    assert!(played.heard[..8 * 8000].iter().any(|frame| *frame != Frame::SILENCE));
    let begins = played.stretches()[0];
    assert!((8 * 8000..8 * 8000 + 800).contains(&begins.0) && begins.1 < 10, "{begins:?}");
    let silent =
        played.heard[8 * 8000..60 * 8000].windows(800).any(|part| part.iter().all(|f| *f == Frame::SILENCE));
    assert!(!silent, "the bed has a gap");
}

#[test]
fn a_softer_volume_is_the_same_sound_softer() {
    let softer = Volume::new(Decibels(-6.0));
    let played = play(&[], |show| PlayRequest { volume: softer, ..show });
    let start = played.heard.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
    let begins = played.file.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
    for (heard, file) in played.heard[start..].iter().zip(&played.file[begins..]) {
        assert_eq!(*heard, *file * softer.gain());
    }
    let quiet =
        play(&[(1, asked(Command::Volume(VolumeChange::To(Volume::new(Decibels(-90.0))))))], |show| show);
    assert!(quiet.heard[4000..].iter().all(|frame| *frame == Frame::SILENCE));
}
