//! What the voice of the project answers: every line that playing may want to say is recorded.

use std::collections::BTreeSet;

use nidra::diag::{Diagnostics, SourceMap, Span, Spanned};
use nidra::library::{Budget, FsLibrary, Look, Shelf, Sound, Sounds as _};
use nidra::player::{Act, Command, Here, Moment, Transport, Volume};
use nidra::timeline::{Amendment, Refusal, Timeline};
use nidra::units::{FramePos, Frames, Millis, SampleRate};

/// What the project has in its voice.
fn library() -> FsLibrary {
    let shelf = Shelf::new(env!("CARGO_MANIFEST_DIR").into(), Vec::new(), Budget::Spare, Look::Thorough);
    let voices = [Spanned::new("heart".to_owned(), Span::default())];
    let mut found = Diagnostics::default();
    let rate = SampleRate::HZ_48000;
    let library = FsLibrary::open(shelf.into(), &voices, rate, &mut SourceMap::default(), &mut found);
    assert!(found.is_empty());
    library
}

/// What is said to a command, so long before the end, if the solver answers that.
fn said(command: Command, left: Millis, refusal: Option<Refusal>) -> Vec<String> {
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
    let here = Here {
        timeline: &timeline,
        heard: FramePos::START,
        horizon: FramePos::START,
        moment: Moment(Millis::ZERO),
    };
    let solve = |_: &[Amendment]| refusal.clone().map_or_else(|| Ok(timeline.clone()), Err);
    let mut transport = Transport::new(Volume::FULL, Vec::new(), Vec::new());
    let lines = transport.obey(command, &here, &solve).into_iter().filter_map(|act| match act {
        Act::Say(lines) => Some(lines),
        _ => None,
    });
    lines.flatten().collect()
}

#[track_caller]
fn check(answers: &BTreeSet<String>) {
    let library = library();
    for text in answers {
        let line = library.length(&Sound::Speech { text: text.clone() });
        assert!(line.is_ok(), "{text}");
    }
}

#[test]
fn the_voice_can_say_how_much_time_is_left_whatever_it_is() {
    let lengths = (0..30 * 360).map(|tens| Millis::from_secs(tens * 10));
    let answers: BTreeSet<String> = lengths.flat_map(|left| said(Command::Where, left, None)).collect();
    assert!(answers.len() > 90, "{answers:?}");
    check(&answers);
}

#[test]
fn the_voice_can_say_whether_a_wish_is_granted() {
    let answers = [
        None,
        Some(Refusal::NoRest),
        Some(Refusal::TooEarly { earliest: FramePos::START }),
        Some(Refusal::TooLate { latest: FramePos::START }),
        Some(Refusal::NoRoom),
    ];
    let wishes = [Command::MoreRest, Command::EndAt(Moment(Millis(1)))];
    let said = |refusal: Option<Refusal>| wishes.map(|wish| said(wish, Millis(1), refusal.clone()));
    let answers: BTreeSet<String> = answers.into_iter().flat_map(said).flatten().collect();
    assert_eq!(answers.len(), 6, "{answers:?}");
    check(&answers);
}
