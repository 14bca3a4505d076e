//! Any bytes as a track to be verified: its line of provenance, its checksums, and whether it may be replaced.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nidra::encode::{Condition, TrackFile};

static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| tempfile::tempdir().expect("a folder").keep().join("track"));

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("a file");
    // A file that can be read is never an error, whatever it holds.
    let Some(mut track) = TrackFile::open(&FILE).expect("it is there") else { return };
    assert!(track.line().starts_with("nidra "));
    let condition = track.condition().expect("it is there");
    let is_ours = track.is_ours().expect("it is there");
    if condition == Condition::Intact {
        assert!(is_ours && track.has_its_length());
    }
});
