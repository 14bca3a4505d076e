//! Sessions with recordings that are read while they are heard, or listened to before that.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use nidra::audio::Frame;
use nidra::build::{Stores, Track};
use nidra::playback::control::{Command, Ending, PlaybackEvent, Update};
use nidra::playback::{PlayError, run};
use nidra::units::{Millis, SampleRate};

use super::world::{Fake, Happens, LINES, Played, RATE, SCRIPT, SESSION, asked, fake, play_in, show, track};
use crate::harness::Project;

fn write_wav(path: &Path, frames: u32, sample: impl Fn(u32) -> i16) {
    let (bits_per_sample, sample_format) = (16, hound::SampleFormat::Int);
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE.hz(), bits_per_sample, sample_format };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    (0..frames).for_each(|n| wav.write_sample(sample(n)).unwrap());
    wav.finalize().unwrap();
    // As if it were not of today: a file that was saved just now is read by every run.
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
}

/// A session over a bed of a file that lasts so many seconds, and where that file is.
fn over_a_file(seconds: u32) -> (Project, Track, PathBuf) {
    let session = SESSION.replace("brown-noise", "sounds/bed.wav");
    let project = Project::with_lines(&LINES).file(SCRIPT, &session);
    let bed = project.path("sounds/bed.wav");
    write_wav(&bed, seconds * RATE.hz(), |n| (n.wrapping_mul(7919) % 8000) as i16);
    let track = track(&project, RATE, &Stores::for_playing());
    (project, track, bed)
}

#[test]
fn what_sounds_is_not_loaded_again_when_the_rest_is_made_longer() {
    // The longer one is read while it is heard.
    for seconds in [10, 70] {
        let (_project, track, bed) = over_a_file(seconds);
        let mut world = fake(RATE, &[(14_000, Happens::Lost), (15_000, asked(Command::MoreRest))]);
        world.far.borrow_mut().file = Some(bed);
        let ending = run(show(track), &|_| None, &mut world);
        assert_eq!(ending.unwrap(), Ending::Played);
    }
}

/// A talk that lasts so many seconds, in one recording.
fn talk(seconds: u32) -> Project {
    let session = "title = \"Talk\"\n[[section]]\ntitle = \"Talk\"\n\
        cues = [ { clip = \"sounds/talk.wav\", text = \"A talk.\" }, { pause = \"1s\" } ]\n";
    let project = Project::with_lines(&[]).file(SCRIPT, session);
    // Words and pauses, by turns: no part of it tells exactly how loud all of it is.
    let sound = |n: u32| if (n / 5000).is_multiple_of(3) { 40 } else { (n.wrapping_mul(7919) % 8000) as i16 };
    write_wav(&project.path("sounds/talk.wav"), seconds * RATE.hz(), sound);
    project
}

/// Plays the talk while that happens.
fn play_talk(project: &Project, rate: SampleRate, plan: &[(u64, Happens)]) -> Played {
    play_in(project, rate, plan, |show| show)
}

impl Played {
    /// Where the file is heard, from a frame of it to its end.
    fn file_from(&self, from: usize) -> Option<usize> {
        let file = &self.file[from..];
        self.heard.windows(file.len()).position(|heard| heard == file)
    }

    fn listened(&self) -> bool {
        self.events.contains(&PlaybackEvent::Listening(Millis::from_secs(130)))
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
fn clips_of_a_voice_are_measured_behind_the_bell_too() {
    let project = spoken(&[(50, 8000), (40, 3000), (40, 800)]);
    let play = || play_in(&project, RATE, &[], |show| show);
    let first = play();
    assert!(
        first.listened() && first.file_from(0).is_some_and(|begins| begins >= 8 * 8000),
        "{:?}",
        first.events
    );
    let second = play();
    assert!(!second.listened() && second.file_from(0).is_some_and(|begins| begins < 800));
}

#[test]
fn a_recording_of_two_minutes_is_listened_to_at_once() {
    let project = talk(120);
    let played = play_talk(&project, RATE, &[]);
    assert!(!played.events.iter().any(|event| matches!(event, PlaybackEvent::Listening(_))));
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
    assert!(other.events.contains(&PlaybackEvent::DeviceGone) && other.file_from(0).is_some());
}

#[test]
fn a_talk_that_is_written_to_before_it_is_known_does_not_begin() {
    let project = talk(130);
    let track = track(&project, RATE, &Stores::for_playing());
    let mut talk = OpenOptions::new().append(true).open(project.path("sounds/talk.wav")).unwrap();
    talk.write_all(b"x").unwrap();
    let ending = run(show(track), &|_| None, &mut fake(RATE, &[]));
    let Err(PlayError::Sound(error)) = ending else { panic!("{ending:?}") };
    assert_eq!(error.to_string(), "`sounds/talk.wav` was changed while it was used; run this again");
}

/// Why sounds were left out.
fn left_out(world: Fake) -> Vec<String> {
    let why = |news| match news {
        Update::Event(PlaybackEvent::LeftOut(why)) => Some(why),
        _ => None,
    };
    world.news.into_iter().filter_map(why).collect()
}

#[test]
fn a_long_bed_that_is_written_to_while_it_is_heard_is_left_out() {
    let (_project, track, bed) = over_a_file(70);
    let mut world = fake(RATE, &[(14_000, Happens::WrittenTo)]);
    world.far.borrow_mut().file = Some(bed);
    assert_eq!(run(show(track), &|_| None, &mut world).unwrap(), Ending::Played);
    assert_eq!(left_out(world), ["`sounds/bed.wav` was changed while it was used; run this again"]);
}

#[test]
fn a_sound_that_breaks_while_it_plays_is_left_out() {
    let session = SESSION.replace("{ say = \"Breathe.\" }", "{ clip = \"sounds/gong.wav\" }");
    let played = |happens: fn(&Path)| {
        let project = Project::with_lines(&LINES).file(SCRIPT, &session);
        let gong = project.path("sounds/gong.wav");
        write_wav(&gong, 4000, |n| (n.wrapping_mul(7919) % 8000) as i16);
        let track = track(&project, RATE, &Stores::for_playing());
        happens(&gong);
        let mut world = fake(RATE, &[]);
        assert_eq!(run(show(track), &|_| None, &mut world).unwrap(), Ending::Played);
        left_out(world)
    };
    assert_eq!(played(|_| ()), [""; 0]);
    let gone = "there is no file `sounds/gong.wav`";
    assert_eq!(played(|gong| std::fs::remove_file(gong).unwrap()), [gone]);
    let changed = "`sounds/gong.wav` was changed while it was used; run this again";
    assert_eq!(played(|gong| write_wav(gong, 5000, |_| 100)), [changed]);
}

/// A session of lines and nothing else, which last so many seconds each and speak for so many frames of every second.
fn spoken(lines: &[(u32, u32)]) -> Project {
    let texts: Vec<String> = (0..lines.len()).map(|line| format!("Line {line}.")).collect();
    let says: String = texts.iter().map(|line| format!("{{ say = \"{line}\" }}, ")).collect();
    let script = format!("title = \"Talk\"\n[[section]]\ntitle = \"Talk\"\ncues = [ {says} ]\n");
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let project = Project::with_lines(&texts).file(SCRIPT, &script);
    for (line, (seconds, syllable)) in lines.iter().enumerate() {
        let sound = |n: u32| if n % 8000 < *syllable { (n.wrapping_mul(7919) % 8000) as i16 } else { 40 };
        write_wav(&project.path(&format!("sounds/voices/me/{line}.wav")), seconds * RATE.hz(), sound);
    }
    project
}

#[test]
fn all_of_the_voice_says_how_loud_it_is() {
    let gains = |syllables: [u32; 4]| {
        let project = spoken(&syllables.map(|syllable| (60, syllable)));
        let track = |shelves: Stores| track(&project, RATE, &shelves);
        let played = track(Stores::for_playing()).unloaded_master().unwrap().gain();
        assert_eq!(played, track(Stores::default()).master().unwrap().gain());
        played
    };
    let even = gains([5000; 4]);
    for line in 0..4 {
        let mut syllables = [5000; 4];
        syllables[line] = 800;
        assert_ne!(gains(syllables), even, "line {line}");
    }
}
