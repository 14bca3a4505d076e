//! What holds for what a store notes: it is looked at once, and as closely as somebody asked.

#![allow(clippy::disallowed_methods, reason = "sounds are in files")]

use super::*;
use crate::audio::ChannelLayout;
use crate::encode::Format;
use crate::library::testing::sound_file;

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

fn glance(project: &tempfile::TempDir, measures: Vec<u8>) -> SoundStore {
    SoundStore::new(project.path().to_owned(), measures, Budget::Spare, Look::Glance)
}

#[test]
fn what_was_noted_at_a_glance_holds_until_the_file_is_written() {
    let project = project(5000);
    let shelf = glance(&project, Vec::new());
    assert_eq!(shelf.length(&speech(), RATE), Ok(Frames(5000)));
    let gain = shelf.measure(&speech(), RATE, Ask::Loudness).unwrap().1.gain;
    let noted = shelf.measures().unwrap();
    let again = glance(&project, noted.clone());
    assert_eq!(again.length(&speech(), RATE), Ok(Frames(5000)));
    assert_eq!(again.measure(&speech(), RATE, Ask::Loudness).unwrap().1.gain, gain);
    assert_eq!(again.measures(), None, "nothing was measured again");
    let sound = sound_file(Format::Wav, ChannelLayout::Mono, RATE.hz(), 6000);
    std::fs::write(project.path().join("line"), sound).unwrap();
    assert_eq!(glance(&project, noted).length(&speech(), RATE), Ok(Frames(6000)));
}

#[test]
fn what_was_checked_is_not_measured_again_when_it_is_played() {
    let project = project(5000);
    let level = |shelf: &SoundStore| shelf.measure(&speech(), RATE, Ask::Loudness).unwrap();
    let check = |noted| {
        let shelf = SoundStore::new(project.path().to_owned(), noted, Budget::Shared, Look::Thorough);
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
fn of_a_bed_that_was_heard_in_part_all_is_known_when_somebody_asks() {
    let project = project(61 * u64::from(RATE.hz()));
    let bed = Origin::File("line".to_owned(), Treatment::Bed);
    let shelf = glance(&project, Vec::new());
    drop(shelf.clip(&bed, RATE).unwrap());
    let told = |shelf: &SoundStore, ask| shelf.told(&shelf.known(&bed, RATE).unwrap(), ask);
    assert_eq!(told(&shelf, Ask::Loudness), None);
    let gain = told(&shelf, Ask::Gain).unwrap().1.gain;
    let again = glance(&project, shelf.measures().unwrap());
    assert_eq!(again.measure(&bed, RATE, Ask::Gain).unwrap().1.gain, gain);
    assert_eq!(again.measures(), None, "it was noted");
    assert!(!again.momentary(&bed, RATE).unwrap().0.is_empty());
    let noted = again.measures().unwrap();
    let last = glance(&project, noted);
    drop((last.clip(&bed, RATE).unwrap(), last.momentary(&bed, RATE).unwrap()));
    assert_eq!(last.measures(), None, "it was noted, too");
}

#[test]
fn what_nobody_has_heard_is_told_until_somebody_has() {
    let minute = 60 * u64::from(RATE.hz());
    for (frames, unheard) in [(5000, Millis::ZERO), (minute, Millis::ZERO), (minute + 48, Millis(60_001))] {
        let project = project(frames);
        let shelf = glance(&project, Vec::new());
        shelf.length(&speech(), RATE).unwrap();
        assert_eq!(shelf.unheard(&speech(), RATE), Ok(unheard));
        shelf.momentary(&speech(), RATE).unwrap();
        assert_eq!(shelf.unheard(&speech(), RATE), Ok(Millis::ZERO));
        let noted = shelf.measures().unwrap();
        assert_eq!(glance(&project, noted.clone()).unheard(&speech(), RATE), Ok(Millis::ZERO));
        written_long_ago(&project);
        assert_eq!(glance(&project, noted).unheard(&speech(), RATE), Ok(unheard));
    }
}

#[test]
fn what_is_not_as_long_as_was_told_is_refused_when_it_is_to_be_heard() {
    let project = project(5000);
    let shelf = glance(&project, Vec::new());
    let known = shelf.known(&speech(), RATE).unwrap();
    // As a header would have told it that lies.
    shelf.note(&known, &Measure { length: Frames(4000), level: None });
    assert_eq!(shelf.measure(&speech(), RATE, Ask::Loudness).unwrap().0, Frames(4000));
    let reason = "it is 5000 frames long, not 4000 as it says";
    assert_eq!(shelf.clip(&speech(), RATE), Err(SoundError::unreadable("line", reason)));
}
