//! What the tests of several formats need: a track that is computed, and programs that judge.

use std::ops::Range;
use std::path::Path;
use std::process::Command;

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

/// A swelling tone, with a little hiss on the right.
/// What a program prints, or `None` (and a line that says so) where it is not installed.
pub(super) fn judge(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    match Command::new(program).args(arguments).arg(path).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert!(output.status.success(), "{program}: {text}");
            Some(text.trim().to_owned())
        }
        Err(_) => {
            eprintln!("skipped: {program} is not installed");
            None
        }
    }
}
