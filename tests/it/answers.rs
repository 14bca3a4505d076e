//! What the voice of the project answers: every line that playing may want to say is recorded.

use std::collections::BTreeSet;

use nidra::audio::{SoundRef, Sounds as _};
use nidra::diag::{Diagnostics, SourceMap, Span, Spanned};
use nidra::library::{FsLibrary, NotedDigests, SoundStore, SoundUse};
use nidra::playback::control::{Command, Effect, Playhead, Transport, Volume, WallTime};
use nidra::timeline::{LiveEdit, Refusal, Timeline};
use nidra::units::{FramePos, Frames, Millis, SampleRate};

/// What the project has in its voice.
fn library() -> FsLibrary {
    let shelf = SoundStore::new(
        env!("CARGO_MANIFEST_DIR").into(),
        Vec::new(),
        SoundUse::Checking,
        NotedDigests::Trusted,
    );
    let voices = [Spanned::new("heart".to_owned(), Span::default())];
    let mut found = Diagnostics::default();
    let rate = SampleRate::HZ_48000;
    let library = FsLibrary::open(shelf.into(), &voices, rate, &mut SourceMap::default(), &mut found);
    assert!(found.is_empty());
    library
}

/// What the solver answers: the timeline that there was, one of another length, or why not.
#[derive(Clone)]
enum Solved {
    Same,
    TimesAsLong(u64),
    Refused(Refusal),
}

/// What is said to a command, so long before the end, if the solver answers that.
fn said(command: Command, left: Millis, solved: &Solved) -> Vec<String> {
    let rate = SampleRate::new(1000).unwrap();
    let timeline = Timeline {
        rate,
        length: left.to_frames(rate),
        counted: Frames::ZERO,
        sounds: Vec::new(),
        events: Vec::new(),
        beds: Vec::new(),
        chapters: Vec::new(),
        cues: Vec::new(),
    };
    let here = Playhead {
        timeline: &timeline,
        heard: FramePos::START,
        horizon: FramePos::START,
        moment: WallTime(Millis::ZERO),
    };
    let solve = |_: &[LiveEdit]| match solved {
        Solved::Same => Ok(timeline.clone()),
        Solved::TimesAsLong(times) => Ok(Timeline { length: timeline.length * *times, ..timeline.clone() }),
        Solved::Refused(refusal) => Err(refusal.clone()),
    };
    let mut transport = Transport::new(Volume::FULL, Vec::new(), Vec::new());
    let lines = transport.handle(command, &here, &solve).into_iter().filter_map(|act| match act {
        Effect::Speak(lines) => Some(lines),
        _ => None,
    });
    lines.flatten().collect()
}

#[track_caller]
fn check(answers: &BTreeSet<String>) {
    let library = library();
    for text in answers {
        let line = library.length(&SoundRef::line(text.clone()));
        assert!(line.is_ok(), "{text}");
    }
}

#[test]
fn the_voice_can_say_how_much_time_is_left_whatever_it_is() {
    let lengths = (0..30 * 360).map(|tens| Millis::from_secs(tens * 10));
    let answers: BTreeSet<String> =
        lengths.flat_map(|left| said(Command::Where, left, &Solved::Same)).collect();
    assert!(answers.len() > 90, "{answers:?}");
    check(&answers);
}

#[test]
fn the_voice_can_say_whether_a_wish_is_granted() {
    let refusals = [
        Refusal::NoRest,
        Refusal::TooEarly { earliest: FramePos::START },
        Refusal::TooLate { latest: FramePos::START },
        Refusal::NoRoom,
        Refusal::Unchanged,
    ];
    let granted = [Solved::Same, Solved::TimesAsLong(2), Solved::TimesAsLong(3)];
    let wishes = [Command::MoreRest, Command::EndAt(WallTime(Millis(1))), Command::TakeBack];
    let said = |solved: Solved| wishes.map(|wish| said(wish, Millis(1), &solved));
    let answers = refusals.map(Solved::Refused).into_iter().chain(granted);
    let answers: BTreeSet<String> = answers.flat_map(said).flatten().collect();
    assert_eq!(answers.len(), 10, "{answers:?}");
    check(&answers);
}
