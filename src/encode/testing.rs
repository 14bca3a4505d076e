//! Helpers of the tests of several formats: tracks, and programs that judge.

use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use super::work::{EncodeError, JobControl};
use crate::audio::{Frame, Source};
use crate::units::{FramePos, Frames, SampleRate};

/// A track that is computed.
pub(super) struct Track {
    pub(super) rate: SampleRate,
    pub(super) length: u64,
    regions: Vec<Range<FramePos>>,
    sound: fn(u64) -> Frame,
}

impl Track {
    pub(super) fn new(hz: u32, length: u64, regions: &[(u64, u64)], sound: fn(u64) -> Frame) -> Self {
        let regions = regions.iter().map(|&(start, end)| FramePos(start)..FramePos(end)).collect();
        Self { rate: SampleRate::new(hz).unwrap(), length, regions, sound }
    }

    pub(super) fn frame(&self, at: u64) -> Frame {
        let sounds = self.regions.iter().any(|region| region.contains(&FramePos(at)));
        if sounds { (self.sound)(at) } else { Frame::SILENCE }
    }
}

impl Source for Track {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn length(&self) -> Frames {
        Frames(self.length)
    }
    fn regions(&self) -> &[Range<FramePos>] {
        &self.regions
    }
    fn read(&self, from: FramePos, out: &mut [Frame]) {
        out.iter_mut().zip(from.0..).for_each(|(frame, at)| *frame = self.frame(at));
    }
}

/// A track in memory.
#[cfg(any(feature = "mp3", feature = "opus"))]
pub(super) struct Pcm {
    pub(super) rate: SampleRate,
    pub(super) frames: Vec<Frame>,
    pub(super) regions: Vec<Range<FramePos>>,
}

#[cfg(any(feature = "mp3", feature = "opus"))]
impl Source for Pcm {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn length(&self) -> Frames {
        Frames(self.frames.len() as u64)
    }

    fn regions(&self) -> &[Range<FramePos>] {
        &self.regions
    }

    fn read(&self, from: FramePos, out: &mut [Frame]) {
        let from = usize::try_from(from.0).unwrap().min(self.frames.len());
        let rest = &self.frames[from..];
        let there = rest.len().min(out.len());
        out[..there].copy_from_slice(&rest[..there]);
        out[there..].fill(Frame::SILENCE);
    }
}

/// Encodes a track, whose progress has to rise to its length.
pub(super) fn watched(length: Frames, encode: impl FnOnce(&mut JobControl<'_>) -> Result<(), EncodeError>) {
    let stop = AtomicBool::new(false);
    let mut last = Frames::ZERO;
    let mut progress = |done| {
        assert!(done >= last);
        last = done;
    };
    encode(&mut JobControl { stop: &stop, progress: &mut progress }).unwrap();
    assert_eq!(last, length);
}

/// The output of a program, or `None` (and a line that says so) where it is not installed.
pub(super) fn judge(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let bytes = judge_bytes(program, arguments, path)?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned())
}

/// The same, for a program that prints sound.
pub(super) fn judge_bytes(program: &str, arguments: &[&str], path: &Path) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).arg(path).output() {
        Ok(output) => {
            let bytes = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&bytes));
            Some(bytes)
        }
        Err(_) => {
            crate::judges::missing(program);
            None
        }
    }
}
