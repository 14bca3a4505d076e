//! A bed of minutes that is read while it is heard: the same track from everybody, and none that is half right.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::atomic::AtomicBool;

use nidra::audio::{ClipSound, Frame, SoundError, Source as _};
use nidra::build::{Overrides, RenderError, ScriptSource, Sidecars, Stores, Target, Track, compile, render};
use nidra::encode::Format;
use nidra::output::Overwrite;
use nidra::playback::Supply;
use nidra::units::{FramePos, Frames};

use crate::harness::Project;

const REST: &str = r#"
title = "A rest"

[bed]
sound = "sounds/rain.wav"
level = "-12dB"

[[section]]
title = "Rest"
length = "150s"
cues = [ { say = "Rest." }, { pause = "flex" } ]
"#;

const BED: &str = "sounds/rain.wav";

/// A session over 70 seconds of noise at another rate, which it hears more than twice.
fn project() -> Project {
    let project = Project::with_lines(&["Rest."]).file("scripts/rest.toml", REST);
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 11_025,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(project.path(BED), spec).unwrap();
    (0..70 * 11_025 * 2i32).for_each(|n| wav.write_sample((n.wrapping_mul(7919) % 8000) as i16).unwrap());
    wav.finalize().unwrap();
    // As if it were not of today: a file that was saved just now is read by every run.
    let bed = OpenOptions::new().write(true).open(project.path(BED)).unwrap();
    bed.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    project
}

fn track(project: &Project, shelves: Stores) -> Track {
    let source = ScriptSource::File(project.path("scripts/rest.toml"));
    compile(&source, &Overrides::default(), &shelves).unwrap().tracks.pop().unwrap()
}

#[test]
fn a_track_is_the_same_with_any_threads_and_while_it_plays() {
    let project = project();
    let render = |jobs: &str, format: &str| {
        project.run(&["render", "--jobs", jobs, "--force", "--format", format]).expect(0, &[]);
        fs::read(project.path(&format!("out/rest.{format}"))).unwrap()
    };
    for format in ["wav", "flac"] {
        assert!(render("1", format) == render("2", format), "{format}");
    }
    let track = track(&project, Stores::sparing());
    let whole = track.master().unwrap();
    let beds = track.renderer().unwrap();
    let bed = beds.clip(track.timeline.beds[0].clip);
    assert!(matches!(bed.sound, ClipSound::Paged(_)));
    // From the middle, back to the start, and through to the end, in blocks of a player.
    let (mut master, mut loader) =
        (track.unloaded_master().unwrap(), nidra::playback::Loader::of(&track).unwrap());
    let end = whole.length().0;
    for from in (end / 2..end / 2 + 90_000).step_by(8192).chain((0..end).step_by(8192)).map(FramePos) {
        let to = (from + Frames(8192)).min(FramePos(end));
        while loader.supply(&mut master, from, to).unwrap() == Supply::Late {}
        let length = to.saturating_since(from).as_usize();
        let [mut expected, mut heard] = [Frame::SILENCE, Frame::mono(1.0)].map(|frame| vec![frame; length]);
        whole.read(from, &mut expected);
        master.read(from, &mut heard);
        assert!(heard == expected && heard != vec![Frame::SILENCE; length], "from frame {}", from.0);
    }
    assert_eq!((whole.fault(), master.fault()), (None, None));
}

#[test]
fn what_is_noted_of_it_is_true() {
    let project = project();
    let show = || project.run(&["show", "scripts/rest.toml"]).expect(0, &[]).stdout;
    let (first, second) = (show(), show());
    assert!(first == second);
    let noted = fs::read(project.path(".nidra/measures")).unwrap();
    project.run(&["render", "--format", "wav"]).expect(0, &[]);
    let with_notes = fs::read(project.path("out/rest.wav")).unwrap();
    fs::remove_file(project.path(".nidra/measures")).unwrap();
    project.run(&["render", "--format", "wav", "--force"]).expect(0, &[]);
    assert!(fs::read(project.path("out/rest.wav")).unwrap() == with_notes);
    assert!(fs::read(project.path(".nidra/measures")).unwrap() == noted);
}

#[test]
fn whoever_plays_it_first_plays_it_at_its_gain() {
    let bed =
        "[bed]\nsound = \"sounds/rain.wav\"\n[[section]]\ntitle = \"Rest\"\ncues = [ { pause = \"200s\" } ]";
    let talk = "[[section]]\ntitle = \"Talk\"\ncues = [ { clip = \"sounds/rain.wav\", text = \"A talk.\" } ]";
    for script in [bed, talk] {
        let project = project().file("scripts/rest.toml", &format!("title = \"A rest\"\n{script}\n"));
        let gain = |shelves| track(&project, shelves).unloaded_master().unwrap().gain();
        let rendered = track(&project, Stores::default()).master().unwrap().gain();
        assert_eq!([gain(Stores::for_playing()), gain(Stores::sparing())], [rendered; 2], "{script}");
        project.run(&["check"]).expect(0, &[]);
        assert_eq!(gain(Stores::for_playing()), rendered, "{script}");
    }
}

#[test]
fn a_bed_that_changes_while_a_track_is_made_leaves_no_track() {
    let project = project();
    let track = track(&project, Stores::sparing());
    let written = project.path("out/rest.wav");
    let changed = SoundError::Changed { path: BED.to_owned() };
    let mut pipe = Vec::new();
    let sidecars = Sidecars::make(&track, &written, Overwrite::Ours, &[]).unwrap();
    for target in [Target::File(&written, Overwrite::Ours, &sidecars), Target::Stream(&mut pipe)] {
        let mut progress = |_| {
            let mut bed = OpenOptions::new().append(true).open(project.path(BED)).unwrap();
            bed.write_all(b"x").unwrap();
        };
        let made = render(&track, Format::Wav, target, &AtomicBool::new(false), &mut progress);
        let Err(RenderError::Sound(error)) = made else { panic!("{made:?}") };
        assert_eq!(error, changed);
    }
    assert!(!written.exists());
}
