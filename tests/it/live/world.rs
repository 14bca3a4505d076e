//! A world whose time goes by with the frames that a device takes, and sessions that are played in it.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::rc::Rc;

use nidra::audio::{Frame, Source as _};
use nidra::build::{Overrides, ScriptSource, Settings, Stores, Track, compile};
use nidra::device::{DeviceCallback, DeviceClock, DeviceError, OutputDevice, OutputQueue, OutputStream};
use nidra::encode::as_in_file;
use nidra::playback::control::{Command, Ending, PlaybackEvent, Update, Volume, WallTime};
use nidra::playback::{After, Opening, PlayError, PlayRequest, PlaybackHost, Start, run};
use nidra::units::{FramePos, Millis, SampleRate};

use crate::harness::Project;

/// A bed of noise under everything: no two instants of it are alike, so what is heard tells where it is.
pub(super) const SESSION: &str = r#"
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

pub(super) const LINES: [&str; 7] = [
    "Lie down and close your eyes.",
    "Breathe.",
    "Now rest.",
    "Come back.",
    "Less than a minute left.",
    "Thirty seconds left.",
    "One more minute.",
];

/// Where the session of a project is.
pub(super) const SCRIPT: &str = "scripts/rest.toml";

pub(super) const RATE: SampleRate = SampleRate::new(8000).unwrap();

/// What the far end of the queue has become.
#[derive(Default)]
pub(super) struct Far {
    pub(super) callback: Option<DeviceCallback>,
    /// There is no device.
    pub(super) absent: bool,
    pub(super) stuck: bool,
    /// One that may be lost.
    pub(super) file: Option<PathBuf>,
}

/// A world whose time goes by with the frames that a device takes.
pub(super) struct Fake {
    pub(super) far: Rc<RefCell<Far>>,
    pub(super) rate: SampleRate,
    pub(super) heard: Vec<Frame>,
    /// What happens when so many frames have been heard.
    pub(super) plan: VecDeque<(usize, Happens)>,
    pub(super) news: Vec<Update>,
    /// Time that went by while nothing was heard, and how much of it the machine slept.
    pub(super) unheard: Millis,
    pub(super) asleep: Millis,
    /// As much goes by while a session is prepared.
    pub(super) preparing: Millis,
    /// Time stands still when so many frames have been heard, until all recordings were listened to.
    pub(super) still: usize,
}

/// What comes before a session to which nobody has listened is over by then.
pub(super) const BEFORE_IT: u64 = 10;

#[derive(Clone, Copy, Debug)]
pub(super) enum Happens {
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

impl PlaybackHost for Fake {
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
                        let callback = far.callback.as_mut().unwrap();
                        for _ in 0..5 * self.rate.hz() {
                            callback.next_frame();
                        }
                    }
                    Happens::Stuck => self.far.borrow_mut().stuck = true,
                }
            }
            let mut far = self.far.borrow_mut();
            let is_stuck = far.stuck;
            let callback = far.callback.as_mut().filter(|_| !is_stuck);
            self.heard.push(callback.map_or(Frame::SILENCE, DeviceCallback::next_frame));
            left -= 1;
        }
        assert!(self.heard.len() < 8000 * 600, "it does not end");
        None
    }

    fn moment(&self) -> WallTime {
        WallTime(self.uptime())
    }

    fn uptime(&self) -> Millis {
        Millis(self.heard.len() as u64 * 1000 / u64::from(self.rate.hz())) + self.unheard
    }

    fn asleep(&self) -> Millis {
        self.asleep
    }

    fn tell(&mut self, news: Update) {
        match news {
            Update::Event(PlaybackEvent::Opened { .. }) => self.unheard = self.unheard + self.preparing,
            Update::Event(PlaybackEvent::Listening(_)) => {
                self.still = self.heard.len() + Millis::from_secs(BEFORE_IT).to_frames(self.rate).as_usize();
            }
            Update::Event(PlaybackEvent::Listened) => self.still = usize::MAX,
            _ => {}
        }
        self.news.push(news);
    }

    fn open(&mut self, _wanted: SampleRate) -> Result<OutputDevice, DeviceError> {
        let mut far = self.far.borrow_mut();
        if far.absent {
            return Err(DeviceError::NoDevice);
        }
        let (queue, callback) = OutputQueue::new(self.rate, DeviceClock::Realtime);
        (far.callback, far.stuck) = (Some(callback), false);
        let stream = Some(OutputStream::default());
        Ok(OutputDevice { name: "a device of the test".to_owned(), rate: self.rate, queue, stream })
    }
}

/// A session, and what of it was heard.
pub(super) struct Played {
    pub(super) file: Vec<Frame>,
    pub(super) heard: Vec<Frame>,
    pub(super) events: Vec<PlaybackEvent>,
    pub(super) ending: Result<Ending, PlayError>,
}

pub(super) fn track(project: &Project, rate: SampleRate, shelves: &Stores) -> Track {
    let settings = Settings { rate: Some(rate), ..Settings::default() };
    let overrides = Overrides { settings, ..Overrides::default() };
    compile(&ScriptSource::File(project.path(SCRIPT)), &overrides, shelves).unwrap().tracks.pop().unwrap()
}

pub(super) fn file(track: &Track) -> Vec<Frame> {
    let mut frames = vec![Frame::SILENCE; track.timeline.length.as_usize()];
    track.master().unwrap().read(FramePos::START, &mut frames);
    as_in_file(track.coding, FramePos::START, &mut frames);
    frames
}

pub(super) fn show(track: Track) -> PlayRequest {
    PlayRequest {
        track,
        from: Start::At(Millis::ZERO),
        edits: Vec::new(),
        opening: Opening::None,
        after: After::Nothing,
        volume: Volume::FULL,
        goal: None,
        keys: Vec::new(),
    }
}

pub(super) fn fake(rate: SampleRate, plan: &[(u64, Happens)]) -> Fake {
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
pub(super) fn play(plan: &[(u64, Happens)], with: impl FnOnce(PlayRequest) -> PlayRequest) -> Played {
    play_on(RATE, plan, with)
}

pub(super) fn play_on(
    rate: SampleRate,
    plan: &[(u64, Happens)],
    with: impl FnOnce(PlayRequest) -> PlayRequest,
) -> Played {
    play_session(SESSION, rate, plan, with)
}

pub(super) fn play_session(
    session: &str,
    rate: SampleRate,
    plan: &[(u64, Happens)],
    with: impl FnOnce(PlayRequest) -> PlayRequest,
) -> Played {
    let project = Project::with_lines(&LINES).file(SCRIPT, session);
    play_in(&project, rate, plan, with)
}

/// Plays the session of a project, and notes what is learnt of its sounds, while that happens.
pub(super) fn play_in(
    project: &Project,
    rate: SampleRate,
    plan: &[(u64, Happens)],
    with: impl FnOnce(PlayRequest) -> PlayRequest,
) -> Played {
    let shelves = Stores::for_playing();
    let mut world = fake(rate, plan);
    let again = |rate| Some(track(project, rate, &shelves));
    let ending = run(with(show(track(project, RATE, &shelves))), &again, &mut world);
    shelves.keep();
    let events = world.news.into_iter().filter_map(|news| match news {
        Update::Event(event) => Some(event),
        Update::Status(_) | Update::ResumePoint(_) => None,
    });
    let file = file(&track(project, rate, &Stores::default()));
    Played { file, heard: world.heard, events: events.collect(), ending }
}

/// So many frames in a row tell where they are.
pub(super) const ENOUGH: usize = 12;

pub(super) fn key(frames: &[Frame]) -> Option<Vec<u32>> {
    let silent = frames.contains(&Frame::SILENCE);
    (!silent).then(|| frames.iter().map(|frame| frame.left.to_bits()).collect())
}

impl Played {
    /// The stretches of the file that were heard, unfaded: where each begins in what was heard, where in the file,
    /// and how long it is.
    pub(super) fn stretches(&self) -> Vec<(usize, usize, usize)> {
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
    pub(super) fn parts(&self) -> Vec<(usize, usize)> {
        self.stretches().into_iter().map(|(_, from, length)| (from / 8, (from + length) / 8)).collect()
    }

    /// Give or take what it took until the first frame was heard, and a turn.
    #[track_caller]
    pub(super) fn expect_parts(&self, parts: &[(usize, usize)]) {
        let heard = self.parts();
        let near =
            |(a, b): (&(usize, usize), &(usize, usize))| a.0.abs_diff(b.0) <= 10 && a.1.abs_diff(b.1) <= 10;
        assert!(
            heard.len() == parts.len() && heard.iter().zip(parts).all(near),
            "{heard:?} {:?}",
            self.events
        );
        assert!(
            !self.events.iter().any(|event| matches!(event, PlaybackEvent::Underruns(_))),
            "{:?}",
            self.events
        );
    }
}

pub(super) fn asked(command: Command) -> Happens {
    Happens::Asked(command)
}
