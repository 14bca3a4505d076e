//! The three real sessions: exact, silent where they say so, every word at its frame.

use std::path::Path;

use nidra::audio::{ClipFrames, ClipSound, Frame, Source as _};
use nidra::build::{Overrides, ScriptSource, Settings, Stores, Track, compile};
use nidra::playback::Supply;
use nidra::timeline::{Bus, CueKind, fit};
use nidra::units::{FramePos, Frames, Millis, SampleRate};

const RATES: [u32; 2] = [44_100, 48_000];

/// The tracks of a session at a rate. None of the sessions has a diagnostic, not even a warning.
fn tracks(script: &str, hz: u32) -> Vec<Track> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(script);
    let settings = Settings { rate: SampleRate::new(hz), ..Settings::default() };
    let overrides = Overrides { settings, ..Overrides::default() };
    let compiled = compile(&ScriptSource::File(path), &overrides, &Stores::default()).unwrap();
    assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
    compiled.tracks
}

fn chapter(track: &Track, title: &str) -> (FramePos, Frames) {
    let chapter = track.timeline.chapters.iter().find(|chapter| chapter.title.contains(title)).unwrap();
    (chapter.at, chapter.length)
}

fn minutes(minutes: u64, hz: u32) -> Frames {
    Frames(minutes * 60 * u64::from(hz))
}

#[test]
fn the_upper_back_class_counts_exactly_25_minutes() {
    for hz in RATES {
        let [track] = tracks("upper-back-25.toml", hz).try_into().ok().unwrap();
        assert_eq!(track.timeline.counted, minutes(25, hz));
        let (_, right) = chapter(&track, "Turning, on the chair, right");
        let (_, left) = chapter(&track, "Turning, on the chair, left");
        assert_eq!(right, left);
    }
}

#[test]
fn legs_up_the_wall_rests_as_long_as_it_says() {
    for hz in RATES {
        let tracks = tracks("legs-up-the-wall.toml", hz);
        let names: Vec<&str> = tracks.iter().map(|track| track.name.as_str()).collect();
        assert_eq!(names, ["legs-up-the-wall-5m", "legs-up-the-wall-10m", "legs-up-the-wall-15m"]);
        for (track, (hold, words)) in tracks.iter().zip([(5, "five"), (10, "ten"), (15, "fifteen")]) {
            assert_eq!(chapter(track, "Rest").1, minutes(hold, hz));
            let said = format!("I will be quiet now for {words} minutes. A soft bell will call you.");
            assert!(track.timeline.cues.iter().any(|cue| cue.text == said), "{said}");
        }
    }
}

#[test]
fn a_hold_outside_five_to_fifteen_minutes_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/legs-up-the-wall.toml");
    for (hold, refused) in [("4m59s", true), ("7m", false), ("15m1s", true)] {
        let set = vec![("hold".to_owned(), hold.to_owned())];
        let compiled = compile(
            &ScriptSource::File(path.clone()),
            &Overrides { set, ..Overrides::default() },
            &Stores::default(),
        )
        .unwrap();
        assert_eq!(compiled.diagnostics.has_errors(), refused, "{hold}");
    }
}

#[test]
fn the_roller_rolls_exactly_three_minutes() {
    for hz in RATES {
        let tracks = tracks("roller-3.toml", hz);
        for (track, length) in tracks.iter().zip([3, 6]) {
            assert_eq!(track.timeline.counted, minutes(length, hz));
            assert_eq!(chapter(track, "Step 1").1, minutes(1, hz));
            let (left, right) =
                (chapter(track, "Step 4: side of the chest, left"), chapter(track, "chest, right"));
            assert_eq!(left.1, right.1);
            assert!(chapter(track, "Close").1 >= Millis(15_000).to_frames(SampleRate::new(hz).unwrap()));
        }
    }
}

#[test]
fn the_rest_is_digital_silence_after_its_announcement() {
    let rate = 48_000;
    for track in tracks("legs-up-the-wall.toml", rate) {
        let (start, length) = chapter(&track, "Rest");
        let words =
            track.timeline.cues.iter().find(|cue| cue.at == start && cue.kind == CueKind::Say).unwrap();
        let master = track.master().unwrap();
        let mut frames = vec![Frame::SILENCE; (length.0 - words.slot.0) as usize];
        master.read(start + words.slot, &mut frames);
        assert!(frames.iter().all(|frame| *frame == Frame::SILENCE));
    }
}

#[test]
fn every_word_sounds_at_exactly_its_frame() {
    for hz in RATES {
        for track in tracks("roller-3.toml", hz) {
            let renderer = track.renderer().unwrap();
            for event in track.timeline.events.iter().filter(|event| event.bus == Bus::Voice) {
                let mut heard = vec![Frame::SILENCE; event.length.as_usize()];
                renderer.stem(Bus::Voice, event.start, &mut heard);
                let ClipSound::Held(ClipFrames::Mono(samples)) = &renderer.clip(event.clip).sound else {
                    panic!("the voice is mono")
                };
                let same = heard
                    .iter()
                    .zip(samples)
                    .all(|(frame, sample)| *frame == Frame::mono(*sample) * event.gain);
                assert!(same, "{hz} Hz, frame {}", event.start.0);
            }
        }
    }
}

#[test]
fn a_session_whose_clips_come_while_it_plays_is_the_same_to_the_last_bit() {
    let [_, track] = tracks("roller-3.toml", 48_000).try_into().ok().unwrap();
    let (whole, mut master) = (track.master().unwrap(), track.unloaded_master().unwrap());
    assert_eq!(master.gain(), whole.gain());
    let mut loader = nidra::playback::Loader::of(&track).unwrap();
    let end = FramePos::START + whole.length();
    // From the middle, back to the start, and through to the end.
    let middle = FramePos(end.0 / 2);
    let starts = (middle.0..middle.0 + 96_000).step_by(8192).chain((0..end.0).step_by(8192));
    let mut most = 0;
    for from in starts.map(FramePos) {
        let to = (from + Frames(8192)).min(end);
        while loader.supply(&mut master, from, to).unwrap() == Supply::Late {}
        let length = to.saturating_since(from).as_usize();
        let [mut expected, mut heard] = [Frame::SILENCE, Frame::mono(1.0)].map(|frame| vec![frame; length]);
        whole.read(from, &mut expected);
        master.read(from, &mut heard);
        assert!(heard == expected, "from frame {}", from.0);
        most = most.max(master.bytes());
    }
    let all: usize = track.timeline.sounds.len();
    assert!(most < 32 << 20, "{most} bytes for {all} sounds");
}

#[test]
fn the_voice_is_calm() {
    for script in ["upper-back-25.toml", "legs-up-the-wall.toml", "roller-3.toml"] {
        for track in tracks(script, 48_000) {
            let report = fit(&track.timeline);
            let pace = report.words_a_minute.unwrap();
            assert!((95..=130).contains(&pace), "{}: {pace} words a minute", track.name);
            for cue in report.cues.iter().filter(|cue| cue.text.split_whitespace().count() > 3) {
                let pace = cue.words_a_minute.unwrap_or(0);
                assert!(pace <= 145, "\"{}\": {pace} words a minute", cue.text);
            }
        }
    }
}
