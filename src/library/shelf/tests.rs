//! What holds for what a shelf notes: it is looked at once, and as closely as somebody asked.

#![allow(clippy::disallowed_methods, reason = "sounds are in files")]

use super::*;
use crate::audio::ChannelLayout;
use crate::library::level::Heard;
use crate::library::testing::sound_file;
use crate::sink::Format;

const RATE: SampleRate = SampleRate::HZ_48000;

fn speech() -> Origin {
    Origin::File("line".to_owned(), Treatment::Speech)
}

/// A project with one line of so many frames.
fn project(frames: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sound = sound_file(Format::Wav, ChannelLayout::Mono, RATE.hz(), frames);
    std::fs::write(folder.path().join("line"), sound).unwrap();
    folder
}

fn written_long_ago(project: &tempfile::TempDir) {
    let file = std::fs::File::options().write(true).open(project.path().join("line")).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
}

fn glance(project: &tempfile::TempDir, measures: Vec<u8>) -> Shelf {
    Shelf::new(project.path().to_owned(), measures, Budget::Spare, Look::Glance)
}

#[test]
fn what_was_noted_at_a_glance_holds_until_the_file_is_written() {
    let project = project(5000);
    let shelf = glance(&project, Vec::new());
    assert_eq!(shelf.length(&speech(), RATE), Ok(Frames(5000)));
    let gain = shelf.measure(&speech(), RATE).unwrap().1.gain;
    let noted = shelf.measures().unwrap();
    let again = glance(&project, noted.clone());
    assert_eq!(again.length(&speech(), RATE), Ok(Frames(5000)));
    assert_eq!(again.measure(&speech(), RATE).unwrap().1.gain, gain);
    assert_eq!(again.measures(), None, "nothing was measured again");
    let sound = sound_file(Format::Wav, ChannelLayout::Mono, RATE.hz(), 6000);
    std::fs::write(project.path().join("line"), sound).unwrap();
    assert_eq!(glance(&project, noted).length(&speech(), RATE), Ok(Frames(6000)));
}

#[test]
fn what_was_checked_is_not_measured_again_when_it_is_played() {
    let project = project(5000);
    let level = |shelf: &Shelf| shelf.measure(&speech(), RATE).unwrap();
    let check = |noted| {
        let shelf = Shelf::new(project.path().to_owned(), noted, Budget::Shared, Look::Thorough);
        (level(&shelf), shelf.measures().unwrap())
    };
    let play = |noted: &[u8]| {
        let shelf = glance(&project, noted.to_vec());
        (level(&shelf), shelf.measures())
    };
    let (level, noted) = check(Vec::new());
    assert_eq!(play(&noted), (level.clone(), None));
    // The same sound, of another time.
    written_long_ago(&project);
    assert_eq!(play(&check(noted).1), (level, None));
}

#[test]
fn what_stretches_told_is_heard_when_it_is_checked() {
    let project = project(61 * u64::from(RATE.hz()));
    let look = |noted, look| {
        let shelf = Shelf::new(project.path().to_owned(), noted, Budget::Spare, look);
        (shelf.measure(&speech(), RATE).unwrap().1.heard, shelf.measures().unwrap_or_default())
    };
    let (heard, noted) = look(Vec::new(), Look::Glance);
    assert_eq!(heard, Heard::Stretches);
    assert_eq!(look(noted.clone(), Look::Glance), (Heard::Stretches, Vec::new()), "it was noted");
    let (heard, noted) = look(noted, Look::Thorough);
    assert_eq!(heard, Heard::All);
    assert_eq!(look(noted.clone(), Look::Glance), (Heard::All, Vec::new()));
    // The same sound, of another time, played before it is checked again.
    written_long_ago(&project);
    let (heard, noted) = look(noted, Look::Glance);
    assert_eq!(heard, Heard::Stretches);
    assert_eq!(look(look(noted, Look::Thorough).1, Look::Glance), (Heard::All, Vec::new()));
}

#[test]
fn what_is_heard_out_while_it_plays_is_known_the_next_time() {
    let project = project(61 * u64::from(RATE.hz()));
    let shelf = glance(&project, Vec::new());
    let level = |shelf: &Shelf| shelf.measure(&speech(), RATE).unwrap().1;
    let told = level(&shelf);
    shelf.hear_out(&speech(), RATE).unwrap();
    assert_eq!((level(&shelf), told.heard), (told, Heard::Stretches), "nothing gets louder while it plays");
    let noted = shelf.measures().unwrap();
    let thorough = Shelf::new(project.path().to_owned(), Vec::new(), Budget::Spare, Look::Thorough);
    assert_eq!(level(&glance(&project, noted.clone())), level(&thorough));
    // There is no more to be heard of it.
    let again = glance(&project, noted);
    again.hear_out(&speech(), RATE).unwrap();
    assert_eq!(again.measures(), None);
}

#[test]
fn what_is_not_as_long_as_was_told_is_refused_when_it_is_to_be_heard() {
    let project = project(5000);
    let shelf = glance(&project, Vec::new());
    let known = shelf.known(&speech(), RATE).unwrap();
    // As a header would have told it that lies.
    shelf.note(&known, &Measure { length: Frames(4000), level: None });
    assert_eq!(shelf.measure(&speech(), RATE).unwrap().0, Frames(4000));
    let reason = "it is 5000 frames long, not 4000 as it says";
    assert_eq!(shelf.clip(&speech(), RATE), Err(SoundError::unreadable("line", reason)));
}
