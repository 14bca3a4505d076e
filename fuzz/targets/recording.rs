//! Any bytes as a sound file: decoded whole, or read in pages if they say that they are longer than a second.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nidra::audio::{ClipSound, Frame, SoundKind, SoundRef, Sounds};
use nidra::library::{FsLibrary, NotedDigests, SoundStore, SoundUse};
use nidra::units::{Frames, SampleRate};

const RATE: SampleRate = SampleRate::new(8000).expect("not zero");

/// A project with one file.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| tempfile::tempdir().expect("a folder").keep());

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(ROOT.join("a.wav"), bytes).expect("a file");
    for sound_use in [SoundUse::Rendering, SoundUse::Playing] {
        let store = Arc::new(SoundStore::new(ROOT.clone(), Vec::new(), sound_use, NotedDigests::Ignored));
        let library = FsLibrary::unvoiced(store, RATE);
        hear(&library, &SoundRef::file(SoundKind::Speech, "a.wav"));
        hear(&library, &SoundRef::bed("a.wav"));
    }
});

/// Asks for all that is known of a sound, and reads its beginning, its middle and its end.
fn hear(library: &FsLibrary, sound: &SoundRef) {
    // Before it is measured, a sound that is to be played is as long as its file says.
    let _ = library.length(sound);
    let _ = library.momentary(sound);
    let (length, clip) = (library.length(sound), library.clip(sound));
    let (Ok(length), Ok(clip)) = (length, clip) else { return };
    assert_eq!(clip.length(), length);
    if let ClipSound::Paged(pages) = &clip.sound {
        let mut out = [Frame::SILENCE; 1000];
        let last = length.saturating_sub(Frames(out.len() as u64));
        for from in [last, Frames(last.0 / 2), Frames::ZERO] {
            pages.read(from, &mut out);
            assert!(out.iter().all(|frame| frame.left.is_finite() && frame.right.is_finite()));
        }
    }
}
