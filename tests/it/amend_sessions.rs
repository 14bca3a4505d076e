//! The three real sessions, with more rest and with another end.

use std::path::Path;
use std::sync::Arc;

use nidra::build::{Overrides, ScriptSource, Settings, Stores, Track, compile};
use nidra::diag::{Diagnostics, SourceMap};
use nidra::library::{FsLibrary, NotedDigests, SoundStore, SoundUse};
use nidra::timeline::{CueKind, Refusal, Timeline, amend};
use nidra::units::{Frames, SampleRate};

use crate::amend::{end, more};

fn track(name: &str) -> (Track, FsLibrary) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (script, edition) = name.split_once(' ').unwrap_or((name, ""));
    let settings = Settings { rate: SampleRate::new(48_000), ..Settings::default() };
    let editions = Vec::from_iter((!edition.is_empty()).then(|| edition.to_owned()));
    let overrides = Overrides { settings, editions, ..Overrides::default() };
    let path = root.join("scripts").join(format!("{script}.toml"));
    let compiled = compile(&ScriptSource::File(path), &overrides, &Stores::default()).unwrap();
    let [track] = compiled.tracks.try_into().ok().unwrap();
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let shelf =
        Arc::new(SoundStore::new(root.to_owned(), Vec::new(), SoundUse::Rendering, NotedDigests::Trusted));
    let voices = &track.session.voices;
    let library = FsLibrary::open(shelf, voices, track.timeline.rate, &mut sources, &mut found);
    (track, library)
}

/// Frames at 48 kHz.
fn at(minutes: u64, seconds: u64) -> u64 {
    (minutes * 60 + seconds) * 48_000
}

#[test]
fn a_minute_more_of_the_long_rest_moves_all_that_follows_by_a_minute() {
    let (track, library) = track("legs-up-the-wall 10m");
    let before = &track.timeline;
    let rest = before.cues.iter().find(|cue| cue.slot > Frames(at(5, 0))).unwrap();
    let now = rest.at.0 + at(5, 0);
    let after =
        amend(&track.session, &library, before.rate, track.mastering.course, &[more(now, 60_000)]).unwrap();
    assert_eq!(after.length.0, before.length.0 + at(1, 0));
    assert_eq!(after.counted.0, before.counted.0 + at(1, 0));
    for (before, after) in before.cues.iter().zip(&after.cues) {
        let later = if before.at.0 > now { at(1, 0) } else { 0 };
        assert_eq!((after.at.0, &after.text), (before.at.0 + later, &before.text));
    }
    let sooner = before.length.0 - at(1, 30);
    let after =
        amend(&track.session, &library, before.rate, track.mastering.course, &[end(now, sooner)]).unwrap();
    assert_eq!(after.length.0, sooner);
    let bell =
        |timeline: &Timeline| timeline.cues.iter().rfind(|cue| cue.kind == CueKind::Bell).unwrap().at.0;
    assert_eq!(bell(&after), bell(before) - at(1, 30));
}

#[test]
fn a_class_that_must_end_sooner_keeps_its_holds() {
    let (track, library) = track("upper-back-25");
    let before = &track.timeline;
    let now = at(10, 0);
    let end_at =
        |instant| amend(&track.session, &library, before.rate, track.mastering.course, &[end(now, instant)]);
    // All rests that are left cannot give two minutes, and the instant that is offered instead is kept.
    let Err(Refusal::TooEarly { earliest }) = end_at(before.length.0 - at(2, 0)) else {
        panic!("its holds are exact, and its changes of props take what they take")
    };
    assert_eq!(end_at(earliest.0).unwrap().length.0, earliest.0);
    assert_eq!(end_at(earliest.0 - 1), Err(Refusal::TooEarly { earliest }));
    let sooner = before.length.0 - at(0, 30);
    let after = end_at(sooner).unwrap();
    assert_eq!(after.length.0, sooner);
    let slots = |timeline: &Timeline, kind| -> Vec<u64> {
        timeline.cues.iter().filter(|cue| cue.kind == kind).map(|cue| cue.slot.0).collect()
    };
    assert_eq!(slots(&after, CueKind::Pause), slots(before, CueKind::Pause));
    assert_ne!(slots(&after, CueKind::Elastic), slots(before, CueKind::Elastic));
    // No change of props takes less than its 25 seconds, and no final rest less than its two and a half minutes.
    assert!(slots(&after, CueKind::Elastic).into_iter().max().unwrap() >= at(2, 30));
    let texts = |timeline: &Timeline| timeline.cues.iter().map(|cue| cue.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&after), texts(before));
}

#[test]
fn the_rolling_minute_stays_a_minute() {
    let (track, library) = track("roller-3 3m");
    let before = &track.timeline;
    let step = |timeline: &Timeline| timeline.chapters[1].length.0;
    // In the set-up: every later pause is longer by then, but for the step that takes exactly a minute.
    let later = before.length.0 + at(1, 0);
    let after =
        amend(&track.session, &library, before.rate, track.mastering.course, &[end(at(0, 30), later)])
            .unwrap();
    assert_eq!((after.length.0, step(&after)), (later, at(1, 0)));
}
