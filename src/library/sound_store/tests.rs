//! What holds for what a store knows of sounds: each is measured once and whole, whatever it is used for, and a file is read
//! again only if it may have changed.

#![allow(clippy::disallowed_methods, reason = "sounds are in files")]

use std::fs;
use std::time::SystemTime;

use super::*;
use crate::audio::ChannelLayout;
use crate::audio::SoundKind;
use crate::encode::Format;
use crate::library::testing::sound_file;

const RATE: SampleRate = SampleRate::HZ_48000;

fn speech() -> Origin {
    Origin::File("line".to_owned(), SoundKind::Speech)
}

/// A project with one line of so many frames, saved in 1970.
fn project(frames: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, frames);
    save_in_1970(&folder);
    folder
}

fn write(project: &tempfile::TempDir, frames: u64) {
    let sound = sound_file(Format::Wav, ChannelLayout::Mono, RATE.hz(), frames);
    fs::write(project.path().join("line"), sound).unwrap();
}

fn save_in_1970(project: &tempfile::TempDir) {
    let file = fs::File::options().write(true).open(project.path().join("line")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
}

fn store(project: &tempfile::TempDir, sound_use: SoundUse, measures: &[u8]) -> SoundStore {
    SoundStore::new(project.path().to_owned(), measures.to_vec(), sound_use, NotedDigests::Trusted)
}

/// What a run that measures the line leaves for the next.
fn noted(project: &tempfile::TempDir) -> Vec<u8> {
    let checking = store(project, SoundUse::Checking, &[]);
    checking.momentary(&speech(), RATE).unwrap();
    checking.measures().unwrap()
}

#[test]
fn what_was_checked_is_known_to_whoever_renders_or_plays_it() {
    let project = project(5000);
    let noted = noted(&project);
    let length = Frames(5000);
    for sound_use in [SoundUse::Checking, SoundUse::Rendering, SoundUse::Playing] {
        let store = store(&project, sound_use, &noted);
        assert_eq!(store.unmeasured(&speech(), RATE), None);
        assert_eq!(store.length(&speech(), RATE), Ok(length));
        assert!(!store.momentary(&speech(), RATE).unwrap().0.is_empty());
        // At any rate.
        assert_eq!(store.length(&speech(), SampleRate::new(24_000).unwrap()), Ok(Frames(2500)));
        assert_eq!(store.measures(), None, "nothing was measured again");
    }
}

#[test]
fn what_is_played_before_it_was_measured_is_as_long_as_it_says() {
    let project = project(4800);
    let playing = store(&project, SoundUse::Playing, &[]);
    assert_eq!(playing.length(&speech(), RATE), Ok(Frames(4800)));
    assert_eq!(playing.unmeasured(&speech(), RATE), Some(Millis(100)));
    assert_eq!(playing.measures(), None, "nothing was read yet");
    playing.momentary(&speech(), RATE).unwrap();
    assert_eq!(playing.unmeasured(&speech(), RATE), None);
    assert_eq!(playing.measures().unwrap(), noted(&project));
}

#[test]
fn a_file_that_was_saved_is_read_again() {
    let project = project(5000);
    let noted = noted(&project);
    let length = |noted: &[u8]| store(&project, SoundUse::Playing, noted).length(&speech(), RATE).unwrap();
    write(&project, 6000);
    assert_eq!(length(&noted), Frames(6000));
    // The same sound, of another time: only its digest is new.
    write(&project, 5000);
    let again = store(&project, SoundUse::Checking, &noted);
    assert_eq!(again.length(&speech(), RATE), Ok(Frames(5000)));
    assert_eq!(again.measures(), None, "it was saved just now, and may be saved again within the same tick");
    save_in_1970(&project);
    let last = store(&project, SoundUse::Checking, &noted);
    assert_eq!(last.length(&speech(), RATE), Ok(Frames(5000)));
    assert_eq!(last.measures().is_some(), cfg!(unix), "its status has changed");
}

#[cfg(unix)]
#[test]
fn a_file_that_was_saved_and_looks_as_old_and_as_long_is_read_again() {
    let project = project(5000);
    let noted = noted(&project);
    let digest = |noted: &[u8]| store(&project, SoundUse::Rendering, noted).digest("line").unwrap();
    let before = digest(&noted);
    let mut bytes = fs::read(project.path().join("line")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(project.path().join("line"), bytes).unwrap();
    save_in_1970(&project);
    assert_ne!(digest(&noted), before);
}

#[test]
fn a_noted_digest_counts_for_nothing_where_all_is_read() {
    let project = project(5000);
    let stamp = store(&project, SoundUse::Checking, &[]).files.stamp("line").unwrap();
    let forged = AnalysisCache::read(Vec::new());
    forged.insert(crate::digest::digest_of(&("line", stamp)), &[7; 32]);
    let forged = forged.write().unwrap();
    let digest = |noted| {
        let (root, sound_use) = (project.path().to_owned(), SoundUse::Checking);
        SoundStore::new(root, forged.clone(), sound_use, noted).digest("line").unwrap()
    };
    assert_eq!(digest(NotedDigests::Trusted), [7; 32]);
    let bytes = fs::read(project.path().join("line")).unwrap();
    assert_eq!(digest(NotedDigests::Ignored), crate::digest::digest_of_bytes(&bytes));
    // What is heard is compared with its digest in any case.
    let changed = SoundError::Changed { path: "line".to_owned() };
    assert_eq!(store(&project, SoundUse::Rendering, &forged).clip(&speech(), RATE), Err(changed));
}
