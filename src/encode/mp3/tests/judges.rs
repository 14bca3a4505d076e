//! Programs that know nothing of us.

use std::path::Path;
use std::process::Command;

use crate::audio::{ChannelLayout, Frame};
use crate::units::Gain;

/// The output of a program, or `None` (and a line that says so) where it is not installed.
pub(crate) fn judge(program: &str, arguments: &[&str], path: &Path) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).arg(path).output() {
        Ok(output) => Some([output.stdout, output.stderr].concat()),
        Err(_) => {
            crate::judges::missing(program);
            None
        }
    }
}

/// What ffmpeg hears in a file, at the file's rate, in floats.
pub(crate) fn ffmpeg(bytes: &[u8], layout: ChannelLayout) -> Option<Vec<Frame>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.mp3");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-xerror", "-i"])
        .arg(&path)
        .args(["-f", "f32le", "-"])
        .output()
        .inspect_err(|_| crate::judges::missing("ffmpeg"))
        .ok()?;
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let sample = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
    Some(match layout {
        ChannelLayout::Mono => output.stdout.chunks(4).map(|bytes| Frame::mono(sample(bytes))).collect(),
        ChannelLayout::Stereo => output
            .stdout
            .chunks(8)
            .map(|bytes| Frame::new(sample(&bytes[..4]), sample(&bytes[4..])))
            .collect(),
    })
}

/// What a mono file can give back of the frames.
pub(crate) fn as_written(frames: &[Frame], layout: ChannelLayout) -> Vec<Frame> {
    match layout {
        ChannelLayout::Mono => frames.iter().map(|frame| Frame::mono(frame.to_mono())).collect(),
        ChannelLayout::Stereo => frames.to_vec(),
    }
}

/// The power of what differs.
pub(crate) fn error(heard: &[Frame], meant: &[Frame]) -> f64 {
    let square = |a: f32, b: f32| (f64::from(a) - f64::from(b)).powi(2);
    heard.iter().zip(meant).map(|(a, b)| square(a.left, b.left) + square(a.right, b.right)).sum()
}

/// A ratio of powers in dB.
pub(crate) fn db(ratio: f64) -> f64 {
    Gain(ratio.sqrt() as f32).to_decibels().0
}
