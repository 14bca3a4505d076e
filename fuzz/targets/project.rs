//! Any text as `nidra.toml` and as `voice.toml`: findings at places that exist, never a panic.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nidra::build::{Overrides, ScriptSource, Stores, compile};

const SCRIPT: &str =
    "title = \"A\"\nvoice = \"me\"\n[[section]]\ntitle = \"A\"\ncues = [ { say = \"Rest here.\" } ]\n";

/// A project with a script and a voice `me`.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = tempfile::tempdir().expect("a folder").keep();
    std::fs::create_dir_all(root.join("sounds/voices/me")).expect("a folder");
    std::fs::write(root.join("a.toml"), SCRIPT).expect("a file");
    root
});

fuzz_target!(|text: &str| {
    for file in ["nidra.toml", "sounds/voices/me/voice.toml"] {
        std::fs::write(ROOT.join(file), text).expect("a file");
    }
    let script = ScriptSource::File(ROOT.join("a.toml"));
    let compiled =
        compile(&script, &Overrides::default(), &Stores::default()).expect("a script that can be read");
    for finding in compiled.diagnostics.iter() {
        compiled.sources.locate(finding.span);
    }
});
