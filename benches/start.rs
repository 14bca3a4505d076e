//! From a script to the first frames of its track: with what an earlier run noted of the sounds, without it, and with
//! every clip decoded first.
//!
//! `cargo bench --bench start` runs them in the same run, on a copy of the 25-minute class.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark has no users, and copies a project"
)]

use std::fs;
use std::path::Path;

use nidra::audio::{Frame, Source as _};
use nidra::build::{Overrides, ScriptSource, Stores, Track, compile};
use nidra::playback::Supply;
use nidra::units::{FramePos, Frames};
use tempfile::TempDir;

/// What a speaker is given first.
const FIRST: Frames = Frames(8192);

const SCRIPT: &str = "scripts/upper-back-25.toml";

fn main() {
    divan::main();
}

/// A copy of the class and its sounds, in which nothing is noted.
fn project() -> TempDir {
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")), tempfile::tempdir().unwrap());
    fs::create_dir(to.path().join("scripts")).unwrap();
    fs::copy(from.join(SCRIPT), to.path().join(SCRIPT)).unwrap();
    copy(&from.join("sounds"), &to.path().join("sounds"));
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn compiled(project: &TempDir, shelves: &Stores) -> Track {
    let source = ScriptSource::File(project.path().join(SCRIPT));
    compile(&source, &Overrides::default(), shelves).unwrap().tracks.remove(0)
}

/// As a player begins.
fn first_frames(project: &TempDir) -> Vec<Frame> {
    let track = compiled(project, &Stores::for_playing());
    let mut master = track.unloaded_master().unwrap();
    let mut loader = nidra::playback::Loader::of(&track).unwrap();
    while loader.supply(&mut master, FramePos::START, FramePos::START + FIRST).unwrap() == Supply::Late {}
    let mut frames = vec![Frame::SILENCE; FIRST.as_usize()];
    master.read(FramePos::START, &mut frames);
    frames
}

#[divan::bench(sample_count = 10)]
fn noted(bencher: divan::Bencher<'_, '_>) {
    let project = project();
    let shelves = Stores::sparing();
    compiled(&project, &shelves);
    shelves.keep();
    bencher.bench(|| first_frames(&project));
}

#[divan::bench(sample_count = 10)]
fn nothing_noted(bencher: divan::Bencher<'_, '_>) {
    let project = project();
    bencher.bench(|| first_frames(&project));
}

#[divan::bench(sample_count = 10)]
fn noted_but_every_clip_decoded_first(bencher: divan::Bencher<'_, '_>) {
    let project = project();
    let shelves = Stores::default();
    compiled(&project, &shelves);
    shelves.keep();
    bencher.bench(|| {
        let track = compiled(&project, &Stores::default());
        let mut frames = vec![Frame::SILENCE; FIRST.as_usize()];
        track.master().unwrap().read(FramePos::START, &mut frames);
        frames
    });
}
