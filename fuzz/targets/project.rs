//! Any text as `nidra.toml` and as `voice.toml`: diagnostics at places that exist, never a panic.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use nidra::audio::Sounds;
use nidra::build::Project;
use nidra::diag::{Diagnostics, SourceMap, Span, Spanned};
use nidra::library::{Budget, FsLibrary, Look, SoundStore};
use nidra::units::SampleRate;

const RATE: SampleRate = SampleRate::new(8000).expect("not zero");

/// A project with a voice `me`.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = tempfile::tempdir().expect("a folder").keep();
    std::fs::create_dir_all(root.join("sounds/voices/me")).expect("a folder");
    root
});

fuzz_target!(|text: &str| {
    for file in ["nidra.toml", "sounds/voices/me/voice.toml"] {
        std::fs::write(ROOT.join(file), text).expect("a file");
    }
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    Project::find(&ROOT, &mut sources, &mut found);
    let store = Arc::new(SoundStore::new(ROOT.clone(), Vec::new(), Budget::Shared, Look::Thorough));
    let voice = Spanned::new("me".to_owned(), Span::default());
    let library = FsLibrary::open(store, &[voice], RATE, &mut sources, &mut found);
    library.nearest_line("Rest here.");
    for diagnostic in found.iter() {
        sources.locate(diagnostic.span);
    }
});
