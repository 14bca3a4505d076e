//! Playing, on a clock that is the frames a device has taken: every frame that is heard is known.
#![cfg(feature = "play")]

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use nidra::audio::{Frame, Source as _};
use nidra::pipeline::{
    After, Compiled, Device, Opening, Overrides, PlayError, Settings, Shelves, Show, Source, Track, World,
    compile, perform,
};
use nidra::player::{Command, Direction, Ending, Event, Moment, News, Unit, Volume, VolumeChange};
use nidra::sink::{DeviceError, Line, Tap, as_in_file};
use nidra::units::{Decibels, FramePos, Gain, Millis, SampleRate};

use crate::harness::Project;

/// A bed of noise under everything: no two instants of it are alike, so what is heard tells where it is.
const SESSION: &str = r#"
title = "A rest"
lead_in = "500ms"
lead_out = "500ms"

[bed]
sound = "brown-noise"
level = "-12dB"
fade_in = "100ms"
fade_out = "100ms"

[[section]]
title = "Arrive"
cues = [ { say = "Lie down and close your eyes." }, { pause = "4s" }, { say = "Breathe." }, { pause = "2s" } ]

[[section]]
title = "Rest"
length = "20s"
cues = [ { say = "Now rest." }, { pause = "flex" } ]

[[section]]
title = "Return"
cues = [ { say = "Come back." }, { pause = "1s" } ]
"#;

const LINES: [&str; 7] = [
    "Lie down and close your eyes.",
    "Breathe.",
    "Now rest.",
    "Come back.",
    "Less than a minute left.",
    "Thirty seconds left.",
    "One more minute.",
];

const RATE: SampleRate = SampleRate::new(8000).unwrap();

/// What the far end of the line has become.
#[derive(Default)]
struct Far {
    tap: Option<Tap>,
    /// There is no device.
    absent: bool,
    stuck: bool,
    /// One that may be lost.
    file: Option<PathBuf>,
}

/// A world whose time goes by with the frames that a device takes.
struct Fake {
    far: Rc<RefCell<Far>>,
    rate: SampleRate,
    heard: Vec<Frame>,
    /// What happens when so many frames have been heard.
    plan: VecDeque<(usize, Happens)>,
    news: Vec<News>,
    /// Time that went by while nothing was heard, and how much of it the machine slept.
    unheard: Millis,
    asleep: Millis,
    /// As much goes by while a session is prepared.
    preparing: Millis,
    /// Time stands still when so many frames have been heard, until all recordings were listened to.
    still: usize,
}

/// What comes before a session to which nobody has listened is over by then.
const BEFORE_IT: u64 = 10;

#[derive(Clone, Copy, Debug)]
enum Happens {
    Asked(Command),
    Unplugged,
    Plugged,
    /// A file is deleted.
    Lost,
    /// A file becomes longer by a byte.
    WrittenTo,
    /// The device takes nothing, and does not say why.
    Stuck,
    Slept(Millis),
    /// Only the program slept.
    Stopped(Millis),
    /// The device was not served for a moment, which it says.
    Missed,
}

struct FakeDevice {
    line: Line,
    rate: SampleRate,
}

impl Device for FakeDevice {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn name(&self) -> &str {
        "a device of the test"
    }

    fn line(&mut self) -> &mut Line {
        &mut self.line
    }
}

impl World for Fake {
    fn next(&mut self, patience: Millis) -> Option<Command> {
        if self.heard.len() >= self.still {
            std::thread::yield_now();
            return None;
        }
        let mut left = patience.to_frames(self.rate).as_usize().max(8);
        while left > 0 {
            if self.plan.front().is_some_and(|(at, _)| *at <= self.heard.len()) {
                match self.plan.pop_front().unwrap().1 {
                    Happens::Asked(command) => return Some(command),
                    Happens::Slept(time) => {
                        self.unheard = self.unheard + time;
                        self.asleep = self.asleep + time;
                    }
                    Happens::Stopped(time) => self.unheard = self.unheard + time,
                    Happens::Unplugged => *self.far.borrow_mut() = Far { absent: true, ..Far::default() },
                    Happens::Plugged => self.far.borrow_mut().absent = false,
                    Happens::Lost => {
                        let file = self.far.borrow_mut().file.take();
                        std::fs::remove_file(file.unwrap()).unwrap();
                    }
                    Happens::WrittenTo => {
                        let file = self.far.borrow_mut().file.take();
                        let mut file = OpenOptions::new().append(true).open(file.unwrap()).unwrap();
                        file.write_all(b"x").unwrap();
                    }
                    Happens::Missed => {
                        let mut far = self.far.borrow_mut();
                        let tap = far.tap.as_mut().unwrap();
                        for _ in 0..5 * self.rate.hz() {
                            tap.next_frame();
                        }
                    }
                    Happens::Stuck => self.far.borrow_mut().stuck = true,
                }
            }
            let mut far = self.far.borrow_mut();
            let is_stuck = far.stuck;
            let tap = far.tap.as_mut().filter(|_| !is_stuck);
            self.heard.push(tap.map_or(Frame::SILENCE, Tap::next_frame));
            left -= 1;
        }
        assert!(self.heard.len() < 8000 * 600, "it does not end");
        None
    }

    fn moment(&self) -> Moment {
        Moment(self.uptime())
    }

    fn uptime(&self) -> Millis {
        Millis(self.heard.len() as u64 * 1000 / u64::from(self.rate.hz())) + self.unheard
    }

    fn asleep(&self) -> Millis {
        self.asleep
    }

    fn tell(&mut self, news: News) {
        match news {
            News::Event(Event::Opened { .. }) => self.unheard = self.unheard + self.preparing,
            News::Event(Event::Listening(_)) => {
                self.still = self.heard.len() + Millis::from_secs(BEFORE_IT).to_frames(self.rate).as_usize();
            }
            News::Event(Event::Listened) => self.still = usize::MAX,
            _ => {}
        }
        self.news.push(news);
    }

    fn open(&mut self, _wanted: SampleRate) -> Result<Box<dyn Device>, DeviceError> {
        let mut far = self.far.borrow_mut();
        if far.absent {
            return Err(DeviceError::NoDevice);
        }
        let (line, tap) = Line::new(self.rate);
        (far.tap, far.stuck) = (Some(tap), false);
        Ok(Box::new(FakeDevice { line, rate: self.rate }))
    }
}

/// A session, and what of it was heard.
struct Played {
    file: Vec<Frame>,
    heard: Vec<Frame>,
    events: Vec<Event>,
    ending: Result<Ending, PlayError>,
}

fn compiled(project: &Project, rate: SampleRate) -> Compiled {
    let settings = Settings { rate: Some(rate), ..Settings::default() };
    let overrides = Overrides { settings, ..Overrides::default() };
    let source = Source::File(project.path("scripts/rest.toml"));
    compile(&source, &overrides, &Shelves::default()).unwrap()
}

fn file(track: &Track) -> Vec<Frame> {
    let mut frames = vec![Frame::SILENCE; track.timeline.length.as_usize()];
    track.master().unwrap().read(FramePos::START, &mut frames);
    as_in_file(track.coding, FramePos::START, &mut frames);
    frames
}

fn show(track: Track) -> Show {
    Show {
        track,
        from: Millis::ZERO,
        amendments: Vec::new(),
        opening: Opening::None,
        after: After::Nothing,
        volume: Volume::FULL,
        goal: None,
        keys: Vec::new(),
    }
}

fn fake(rate: SampleRate, plan: &[(u64, Happens)]) -> Fake {
    let plan = plan.iter().map(|&(ms, what)| (Millis(ms).to_frames(rate).as_usize(), what)).collect();
    Fake {
        far: Rc::default(),
        rate,
        heard: Vec::new(),
        plan,
        news: Vec::new(),
        unheard: Millis::ZERO,
        asleep: Millis::ZERO,
        preparing: Millis::ZERO,
        still: usize::MAX,
    }
}

/// Plays the session while that happens.
fn play(plan: &[(u64, Happens)], with: impl FnOnce(Show) -> Show) -> Played {
    play_on(RATE, plan, with)
}

fn play_on(rate: SampleRate, plan: &[(u64, Happens)], with: impl FnOnce(Show) -> Show) -> Played {
    play_session(SESSION, rate, plan, with)
}

fn play_session(
    session: &str,
    rate: SampleRate,
    plan: &[(u64, Happens)],
    with: impl FnOnce(Show) -> Show,
) -> Played {
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", session);
    let track = |rate| compiled(&project, rate).tracks.into_iter().next();
    let mut world = fake(rate, plan);
    let file = file(&track(rate).unwrap());
    let ending = perform(with(show(track(RATE).unwrap())), &track, &mut world);
    let events = world.news.into_iter().filter_map(|news| match news {
        News::Event(event) => Some(event),
        News::Status(_) | News::Place(_) => None,
    });
    Played { file, heard: world.heard, events: events.collect(), ending }
}

/// So many frames in a row tell where they are.
const ENOUGH: usize = 12;

fn key(frames: &[Frame]) -> Option<Vec<u32>> {
    let silent = frames.contains(&Frame::SILENCE);
    (!silent).then(|| frames.iter().map(|frame| frame.left.to_bits()).collect())
}

impl Played {
    /// The stretches of the file that were heard, unfaded: where each begins in what was heard, where in the file,
    /// and how long it is.
    fn stretches(&self) -> Vec<(usize, usize, usize)> {
        let places: BTreeMap<Vec<u32>, usize> =
            self.file.windows(ENOUGH).enumerate().filter_map(|(at, w)| Some((key(w)?, at))).collect();
        let mut stretches: Vec<(usize, usize, usize)> = Vec::new();
        for (at, window) in self.heard.windows(ENOUGH).enumerate() {
            let Some(&place) = key(window).and_then(|key| places.get(&key)) else { continue };
            match stretches.last_mut() {
                Some((start, from, length)) if place.checked_sub(*from) == Some(at - *start) => {
                    *length = at - *start + ENOUGH;
                }
                _ => stretches.push((at, place, ENOUGH)),
            }
        }
        stretches
    }

    /// The same in whole milliseconds of the file: from where to where.
    fn parts(&self) -> Vec<(usize, usize)> {
        self.stretches().into_iter().map(|(_, from, length)| (from / 8, (from + length) / 8)).collect()
    }

    /// Give or take what it took until the first frame was heard, and a turn.
    #[track_caller]
    fn expect_parts(&self, parts: &[(usize, usize)]) {
        let heard = self.parts();
        let near =
            |(a, b): (&(usize, usize), &(usize, usize))| a.0.abs_diff(b.0) <= 10 && a.1.abs_diff(b.1) <= 10;
        assert!(
            heard.len() == parts.len() && heard.iter().zip(parts).all(near),
            "{heard:?} {:?}",
            self.events
        );
        assert!(!self.events.iter().any(|event| matches!(event, Event::Underruns(_))), "{:?}", self.events);
    }
}

fn asked(command: Command) -> Happens {
    Happens::Asked(command)
}

#[test]
fn what_is_heard_is_the_file_to_the_last_bit() {
    let played = play(&[], |show| show);
    assert_eq!(played.ending.unwrap(), Ending::Played);
    let start = played.heard.windows(played.file.len()).position(|heard| heard == played.file);
    assert!(start.is_some_and(|start| start < 2000), "it began after {start:?} frames");
    assert!(!played.events.iter().any(|event| matches!(event, Event::Underruns(_))));
}

#[test]
fn a_pause_stops_at_once_and_goes_on_at_the_start_of_the_line() {
    // The first line is said from 500 to 1080; what is unfaded begins 20 ms after it.
    let plan = [(1000, asked(Command::PauseOrResume)), (2000, asked(Command::PauseOrResume))];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 999), (519, 28_940)]);
    assert!(played.events.contains(&Event::Resumed(Millis(500))));
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
        Event::Moved(to) => Some(to.0),
        _ => None,
    });
    assert_eq!(starts[1], at(moved.unwrap() as usize), "{:?}", played.events);
}

#[test]
fn a_device_that_goes_away_is_waited_for_and_the_line_is_said_again() {
    let plan = [(1000, Happens::Unplugged), (5000, Happens::Plugged)];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 999), (519, 28_940)]);
    assert!(played.events.contains(&Event::DeviceGone));
    assert_eq!(played.events.iter().filter(|event| matches!(event, Event::Opened { .. })).count(), 2);
}

#[test]
fn a_device_that_hangs_is_left_for_another() {
    let played = play(&[(3000, Happens::Stuck)], |show| show);
    played.expect_parts(&[(0, 2999), (3019, 28_940)]);
    assert!(played.events.contains(&Event::DeviceGone));
}

#[track_caller]
fn check_sleep(sleep: Happens, long: Millis) {
    let played = play(&[(3000, sleep), (6000, asked(Command::Resume))], |show| show);
    let slept =
        |event: &Event| matches!(event, Event::Slept(told) if (long.0..long.0 + 100).contains(&told.0));
    assert!(played.events.iter().any(slept), "{:?}", played.events);
    assert!(!played.events.contains(&Event::DeviceGone), "{:?}", played.events);
    assert_eq!(played.events.iter().filter(|event| matches!(event, Event::Opened { .. })).count(), 1);
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
    assert!(!played.events.iter().any(|event| matches!(event, Event::Slept(_))), "{:?}", played.events);
    let parts = played.parts();
    assert_eq!((parts.len(), parts[0].0, parts[1].1), (2, 0, 28_940), "{parts:?}");
    assert!(parts[1].0 - parts[0].1 <= 40, "{parts:?}");
}

#[test]
fn a_busy_machine_did_not_sleep() {
    let played = play(&[(3000, Happens::Stopped(Millis(2000)))], |show| show);
    assert!(!played.events.iter().any(|event| matches!(event, Event::Slept(_))), "{:?}", played.events);
}

#[test]
fn a_device_that_comes_back_with_a_machine_that_slept_waits() {
    let plan = [(1000, Happens::Unplugged), (3000, Happens::Slept(Millis(60_000))), (5000, Happens::Plugged)];
    let played = play(&[&plan[..], &[(9000, asked(Command::Resume))]].concat(), |show| show);
    let parts = played.parts();
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert!(played.events.iter().any(|event| matches!(event, Event::Resumed(_))), "{:?}", played.events);
}

#[test]
fn a_gap_is_told_unless_the_machine_slept() {
    let is_told = |plan: &[(u64, Happens)]| {
        let played = play(plan, |show| show);
        played.events.iter().any(|event| matches!(event, Event::Underruns(1)))
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
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", SESSION);
    let track = |rate| compiled(&project, rate).tracks.into_iter().next();
    let mut world = fake(RATE, &[]);
    world.preparing = Millis(7000);
    assert_eq!(perform(show(track(RATE).unwrap()), &track, &mut world).unwrap(), Ending::Played);
    let slept = |news: &News| matches!(news, News::Event(Event::Slept(_)));
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
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", SESSION);
    let track = |rate| compiled(&project, rate).tracks.into_iter().next();
    let mut world = fake(RATE, &[]);
    world.far.borrow_mut().absent = true;
    let ending = perform(show(track(RATE).unwrap()), &track, &mut world);
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
    assert!(played.events.contains(&Event::Where("Thirty seconds left.".to_owned())), "{:?}", played.events);
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
    let plan = [(2000, asked(Command::EndAt(Moment(Millis(3000)))))];
    let played = play(&plan, |show| show);
    played.expect_parts(&[(0, 28_940)]);
    let refused = played.events.iter().any(|event| matches!(event, Event::Refused(_)));
    let lacking = Event::NotRecorded("I cannot end that early.".to_owned());
    assert!(refused && played.events.contains(&lacking), "{:?}", played.events);
}

#[test]
fn a_minute_more_of_rest_is_a_minute_to_the_frame() {
    let played = play(&[(15_000, asked(Command::MoreRest))], |show| show);
    assert!(played.events.iter().any(|event| matches!(event, Event::RestLonger { .. })));
    // The bed has no seam; the answer is heard over it.
    assert!(!played.events.iter().any(|event| matches!(event, Event::Underruns(_))), "{:?}", played.events);
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
        let mut plan = vec![(2000, asked(Command::EndAt(Moment(Millis(end)))))];
        if let Some((from, to)) = pause {
            plan.extend([(from, asked(Command::Pause)), (to, asked(Command::Resume))]);
        }
        let played = play(&plan, |show| show);
        assert!(played.events.iter().any(|event| matches!(event, Event::EndsIn(_))), "{:?}", played.events);
        // It ends with silence of its own, half a second, and then waits for the device.
        let last = played.heard.iter().rposition(|frame| *frame != Frame::SILENCE).unwrap();
        let ended = Millis(last as u64 / 8);
        assert!(ended.0.abs_diff(end) <= 60, "{ended} is not {end} {:?}", played.events);
    }
}

#[test]
fn a_session_that_is_to_end_at_a_moment_does_after_a_bell_too() {
    let goal = Some(Moment(Millis(40_000)));
    let played = play(&[], |show| Show { opening: Opening::SoftBell, goal, ..show });
    let last = played.heard.iter().rposition(|frame| *frame != Frame::SILENCE).unwrap();
    let ended = Millis(last as u64 / 8);
    assert!(ended.0.abs_diff(40_000) <= 60, "{ended} {:?}", played.events);
}

#[test]
fn the_bed_goes_on_after_the_end_and_a_bell_can_come_before_the_start() {
    let whole = |show| Show { after: After::Bed, opening: Opening::SoftBell, ..show };
    let played = play(&[(60_000, asked(Command::Quit))], whole);
    assert!(played.events.contains(&Event::BedGoesOn), "{:?}", played.events);
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
    let played = play(&[], |show| Show { volume: softer, ..show });
    let start = played.heard.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
    let begins = played.file.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
    for (heard, file) in played.heard[start..].iter().zip(&played.file[begins..]) {
        assert_eq!(*heard, *file * softer.gain());
    }
    let quiet =
        play(&[(1, asked(Command::Volume(VolumeChange::To(Volume::new(Decibels(-90.0))))))], |show| show);
    assert!(quiet.heard[4000..].iter().all(|frame| *frame == Frame::SILENCE));
}

/// Frames from the first to the last that sounds.
fn sounding(heard: &[Frame]) -> usize {
    let sounds = |frame: &Frame| *frame != Frame::SILENCE;
    heard.iter().rposition(sounds).unwrap() - heard.iter().position(sounds).unwrap()
}

fn track(script: &Path, shelves: &Shelves) -> Track {
    track_at(RATE, script, shelves)
}

fn track_at(rate: SampleRate, script: &Path, shelves: &Shelves) -> Track {
    let settings = Settings { rate: Some(rate), ..Settings::default() };
    let overrides = Overrides { settings, ..Overrides::default() };
    compile(&Source::File(script.to_owned()), &overrides, shelves).unwrap().tracks.pop().unwrap()
}

fn write_wav(path: &Path, frames: u32, sample: impl Fn(u32) -> i16) {
    let (bits_per_sample, sample_format) = (16, hound::SampleFormat::Int);
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE.hz(), bits_per_sample, sample_format };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    (0..frames).for_each(|n| wav.write_sample(sample(n)).unwrap());
    wav.finalize().unwrap();
}

/// A session over a bed of a file that lasts so many seconds, and where that file is.
fn over_a_file(seconds: u32) -> (Project, Track, PathBuf) {
    let session = SESSION.replace("brown-noise", "sounds/bed.wav");
    let project = Project::with_lines(&LINES).file("scripts/rest.toml", &session);
    let bed = project.path("sounds/bed.wav");
    write_wav(&bed, seconds * RATE.hz(), |n| (n.wrapping_mul(7919) % 8000) as i16);
    let track = track(&project.path("scripts/rest.toml"), &Shelves::for_playing());
    (project, track, bed)
}

#[test]
fn what_sounds_is_not_loaded_again_when_the_rest_is_made_longer() {
    // The longer one is read while it is heard.
    for seconds in [10, 70] {
        let (_project, track, bed) = over_a_file(seconds);
        let mut world = fake(RATE, &[(14_000, Happens::Lost), (15_000, asked(Command::MoreRest))]);
        world.far.borrow_mut().file = Some(bed);
        let ending = perform(show(track), &|_| None, &mut world);
        assert_eq!(ending.unwrap(), Ending::Played);
    }
}

/// A talk that lasts so many seconds, in one recording.
fn talk(seconds: u32) -> Project {
    let session = "title = \"Talk\"\n[[section]]\ntitle = \"Talk\"\n\
        cues = [ { clip = \"sounds/talk.wav\", text = \"A talk.\" }, { pause = \"1s\" } ]\n";
    let project = Project::with_lines(&[]).file("scripts/rest.toml", session);
    // Words and pauses, by turns: no part of it tells exactly how loud all of it is.
    let sound = |n: u32| if (n / 5000).is_multiple_of(3) { 40 } else { (n.wrapping_mul(7919) % 8000) as i16 };
    write_wav(&project.path("sounds/talk.wav"), seconds * RATE.hz(), sound);
    project
}

/// Plays the talk, and notes what is learnt of it, while that happens.
fn play_talk(project: &Project, rate: SampleRate, plan: &[(u64, Happens)]) -> Played {
    play_with(project, rate, plan, |show| show)
}

fn play_with(
    project: &Project,
    rate: SampleRate,
    plan: &[(u64, Happens)],
    with: impl FnOnce(Show) -> Show,
) -> Played {
    let shelves = Shelves::for_playing();
    let script = project.path("scripts/rest.toml");
    let mut world = fake(rate, plan);
    let again = |rate| Some(track_at(rate, &script, &shelves));
    let ending = perform(with(show(track(&script, &shelves))), &again, &mut world);
    shelves.keep();
    let events = world.news.into_iter().filter_map(|news| match news {
        News::Event(event) => Some(event),
        News::Status(_) | News::Place(_) => None,
    });
    let file = file(&track_at(rate, &script, &Shelves::default()));
    Played { file, heard: world.heard, events: events.collect(), ending }
}

impl Played {
    /// Where the file is heard, from a frame of it to its end.
    fn file_from(&self, from: usize) -> Option<usize> {
        let file = &self.file[from..];
        self.heard.windows(file.len()).position(|heard| heard == file)
    }

    fn listened(&self) -> bool {
        self.events.contains(&Event::Listening(Millis::from_secs(130)))
    }
}

#[test]
fn a_talk_that_nobody_has_heard_is_its_file_after_a_soft_bell() {
    for rate in [RATE, SampleRate::new(11_025).unwrap()] {
        let project = talk(130);
        let bell = 8 * rate.hz() as usize;
        let first = play_talk(&project, rate, &[]);
        assert_eq!(first.ending.as_ref().unwrap(), &Ending::Played);
        assert!(first.listened(), "{:?}", first.events);
        let begins = first.file_from(0).expect("it is the file");
        // Nobody waits for the bell, and it is over when the session begins.
        let sounds = first.heard.iter().position(|frame| *frame != Frame::SILENCE).unwrap();
        assert!(sounds < bell / 80, "after {sounds} frames");
        assert!(begins >= bell, "after {begins} frames");
        let second = play_talk(&project, rate, &[]);
        assert!(!second.listened());
        assert!(second.file_from(0).is_some_and(|begins| begins < bell / 10));
    }
}

#[test]
fn a_session_that_begins_with_a_recording_that_does_not_tell_its_gain_waits_for_it() {
    // Of these lines the first and the third tell the gain.
    let lines: Vec<String> = (0..4).map(|line| format!("Line {line}.")).collect();
    let says: String = lines.iter().map(|line| format!("{{ say = \"{line}\" }}, ")).collect();
    let script = format!("title = \"Talk\"\n[[section]]\ntitle = \"Talk\"\ncues = [ {says} ]\n");
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let project = Project::with_lines(&lines).file("scripts/rest.toml", &script);
    for (line, seconds) in [30, 130, 30, 30].into_iter().enumerate() {
        let sound = |n: u32| (n.wrapping_mul(7919) % 8000) as i16;
        write_wav(&project.path(&format!("sounds/voices/me/{line}.wav")), seconds * RATE.hz(), sound);
    }
    let from = |from| play_with(&project, RATE, &[], |show| Show { from, ..show });
    assert!(from(Millis(60_000)).listened());
    std::fs::remove_dir_all(project.path(".nidra")).unwrap();
    let whole = from(Millis::ZERO);
    assert!(!whole.listened() && whole.file_from(0).is_some());
}

#[test]
fn a_recording_of_two_minutes_is_listened_to_at_once() {
    let project = talk(120);
    let played = play_talk(&project, RATE, &[]);
    assert!(!played.events.iter().any(|event| matches!(event, Event::Listening(_))));
    assert!(played.file_from(0).is_some_and(|begins| begins < 800));
}

#[test]
fn a_listener_who_waits_for_a_session_can_do_what_others_can() {
    let project = talk(130);
    let fresh = |plan: &[(u64, Happens)]| {
        std::fs::remove_dir_all(project.path(".nidra")).ok();
        play_talk(&project, RATE, plan)
    };
    let quit = fresh(&[(1000, asked(Command::Quit))]);
    assert_eq!(quit.ending.as_ref().unwrap(), &Ending::Quit { at: Millis::ZERO });
    assert!(quit.listened() && quit.heard.len() < 5 * 8000, "{} frames", quit.heard.len());
    let paused = fresh(&[(1000, asked(Command::Pause)), (20_000, asked(Command::Resume))]);
    assert!(paused.file_from(0).is_some_and(|begins| begins >= 20_000 * 8), "{:?}", paused.events);
    let moved = fresh(&[(1000, asked(Command::SeekTo(Millis(60_000))))]);
    assert!(moved.file_from(0).is_none() && moved.file_from(60_100 * 8).is_some());
    let other = fresh(&[(1000, Happens::Unplugged), (3000, Happens::Plugged)]);
    assert!(other.events.contains(&Event::DeviceGone) && other.file_from(0).is_some());
}

#[test]
fn a_talk_that_is_written_to_before_it_is_known_does_not_begin() {
    let project = talk(130);
    let track = track(&project.path("scripts/rest.toml"), &Shelves::for_playing());
    let mut talk = OpenOptions::new().append(true).open(project.path("sounds/talk.wav")).unwrap();
    talk.write_all(b"x").unwrap();
    let ending = perform(show(track), &|_| None, &mut fake(RATE, &[]));
    let Err(PlayError::Sound(error)) = ending else { panic!("{ending:?}") };
    assert_eq!(error.to_string(), "`sounds/talk.wav` was changed while it was used; run this again");
}

/// Why sounds were left out.
fn left_out(world: Fake) -> Vec<String> {
    let why = |news| match news {
        News::Event(Event::LeftOut(why)) => Some(why),
        _ => None,
    };
    world.news.into_iter().filter_map(why).collect()
}

#[test]
fn a_long_bed_that_is_written_to_while_it_is_heard_is_left_out() {
    let (_project, track, bed) = over_a_file(70);
    let mut world = fake(RATE, &[(14_000, Happens::WrittenTo)]);
    world.far.borrow_mut().file = Some(bed);
    assert_eq!(perform(show(track), &|_| None, &mut world).unwrap(), Ending::Played);
    assert_eq!(left_out(world), ["`sounds/bed.wav` was changed while it was used; run this again"]);
}

#[test]
fn a_sound_that_breaks_while_it_plays_is_left_out() {
    let session = SESSION.replace("{ say = \"Breathe.\" }", "{ clip = \"sounds/gong.wav\" }");
    let played = |happens: fn(&Path)| {
        let project = Project::with_lines(&LINES).file("scripts/rest.toml", &session);
        let gong = project.path("sounds/gong.wav");
        write_wav(&gong, 4000, |n| (n.wrapping_mul(7919) % 8000) as i16);
        let track = track(&project.path("scripts/rest.toml"), &Shelves::for_playing());
        happens(&gong);
        let mut world = fake(RATE, &[]);
        assert_eq!(perform(show(track), &|_| None, &mut world).unwrap(), Ending::Played);
        left_out(world)
    };
    assert_eq!(played(|_| ()), [""; 0]);
    let gone = "there is no file `sounds/gong.wav`";
    assert_eq!(played(|gong| std::fs::remove_file(gong).unwrap()), [gone]);
    let changed = "`sounds/gong.wav` was changed while it was used; run this again";
    assert_eq!(played(|gong| write_wav(gong, 5000, |_| 100)), [changed]);
}

/// The gain of a session of lines of a minute each, which speak for so long of every second: as it is played, and as it is
/// rendered.
fn gains(syllables: &[u32]) -> [Gain; 2] {
    let lines: Vec<String> = (0..syllables.len()).map(|line| format!("Line {line}.")).collect();
    let says: String = lines.iter().map(|line| format!("{{ say = \"{line}\" }}, ")).collect();
    let script = format!("title = \"Talk\"\n[[section]]\ntitle = \"Talk\"\ncues = [ {says} ]\n");
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let project = Project::with_lines(&lines).file("scripts/talk.toml", &script);
    for (line, syllable) in syllables.iter().enumerate() {
        let sound = |n: u32| if n % 8000 < *syllable { (n.wrapping_mul(7919) % 8000) as i16 } else { 40 };
        write_wav(&project.path(&format!("sounds/voices/me/{line}.wav")), 60 * RATE.hz(), sound);
    }
    let track = |shelves: Shelves| track(&project.path("scripts/talk.toml"), &shelves);
    [
        track(Shelves::for_playing()).unloaded_master().unwrap().gain(),
        track(Shelves::default()).master().unwrap().gain(),
    ]
}

#[test]
fn three_minutes_of_the_voice_say_how_loud_all_of_it_is() {
    let [played, rendered] = gains(&[5000, 800]);
    assert_eq!(played, rendered);
    assert_ne!(rendered, gains(&[5000, 3000])[1], "two minutes are measured whole");
    let [played, rendered] = gains(&[5000, 800, 5000, 800]);
    assert_eq!(played, rendered);
    assert_eq!([played; 2], gains(&[5000, 3000, 5000, 3000]), "of four, every second line is");
}
