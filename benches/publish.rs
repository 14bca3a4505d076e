//! The 25-minute class to a mastered MP3, against ffmpeg on the finished WAV: `loudnorm`, then libmp3lame.
//!
//! `cargo bench --bench publish` runs both in the same run. nidra's time has everything in it: reading the script,
//! decoding the clips, mixing. ffmpeg begins with the mix that nidra has made for it.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, reason = "a benchmark has no users")]
#![allow(clippy::disallowed_methods, reason = "a benchmark writes files and runs the other program")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use nidra::build::{Overrides, ScriptSource, Sidecars, Stores, Target, compile, render};
use nidra::encode::Format;
use nidra::output::Overwrite;

fn main() {
    divan::main();
}

fn publish(format: Format, path: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/upper-back-25.toml");
    let compiled = compile(&ScriptSource::File(script), &Overrides::default(), &Stores::default()).unwrap();
    let track = compiled.tracks.first().unwrap();
    let beside = Sidecars::make(track, path, Overwrite::Anything, &[]).unwrap();
    let target = Target::File(path, Overwrite::Anything, &beside);
    render(track, format, target, &AtomicBool::new(false), &mut |_| {}).unwrap();
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn nidra_script_to_mp3() {
    publish(Format::Mp3, &folder().join("nidra.mp3"));
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn ffmpeg_wav_to_mp3(bencher: divan::Bencher<'_, '_>) {
    let (wav, mp3) = (folder().join("nidra.wav"), folder().join("ffmpeg.mp3"));
    publish(Format::Wav, &wav);
    bencher.bench_local(|| {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-y", "-i"]).arg(&wav);
        ffmpeg.args(["-af", "loudnorm=I=-16:TP=-1.5", "-ar", "48000", "-c:a", "libmp3lame", "-b:a", "128k"]);
        match ffmpeg.arg(&mp3).status() {
            Ok(status) => assert!(status.success()),
            Err(error) => eprintln!("not measured: ffmpeg is not installed ({error})"),
        }
    });
}
