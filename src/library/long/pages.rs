//! The pages of a recording: stretches of eight seconds at the session rate, each made when it is asked for.
//!
//! A page is made of its stretch of the file and some more at both sides, for the resampler. Whole seconds are whole
//! frames at any rate, so a page is what it would be within the whole. Must not know levels, or what is heard of a page.

use std::sync::Arc;

use crate::audio::Frame;
use crate::dsp::resampled_length;
use crate::library::decode::Recording;
use crate::library::open_file::OpenFile;
use crate::library::resamplers::Resamplers;
use crate::units::{Frames, SampleRate};

/// The length of a page in seconds: some 20 ms to make, and 3 MB in stereo at 48 kHz.
const PAGE: u64 = 8;

/// Seconds around a page that are resampled with it: no filter of the resampler reaches further, whatever the rates.
const CONTEXT: u64 = 1;

/// More threads than this wait for each other's pages now and then.
const MOST_THREADS: usize = 8;

/// The pages of one recording at one rate.
pub(super) struct Pages {
    file: Arc<OpenFile>,
    /// How long the recording is at its own rate, and what that is.
    source: (Frames, SampleRate),
    rate: SampleRate,
    resamplers: Arc<Resamplers>,
    /// Readers, each at another place of the file; the one that was used last is the first.
    recordings: Vec<Recording>,
    /// Pages and their numbers, in such an order too.
    made: Vec<(u64, Box<[Frame]>)>,
    /// How many readers there may be, and pages.
    most: usize,
}

impl Pages {
    /// The pages of a recording in an open file, of that length at that rate, at the session rate `rate`.
    pub(super) fn new(
        file: Arc<OpenFile>,
        source: (Frames, SampleRate),
        rate: SampleRate,
        resamplers: Arc<Resamplers>,
    ) -> Self {
        // One for each thread that may render, and those of the two ends of a loop.
        let most = rayon::current_num_threads().min(MOST_THREADS) + 2;
        Self { file, source, rate, resamplers, recordings: Vec::new(), made: Vec::new(), most }
    }

    /// How long the recording is.
    pub(super) fn length(&self) -> Frames {
        let (length, rate) = self.source;
        resampled_length(length, rate, self.rate)
    }

    /// What it takes in memory, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.most * (seconds(PAGE, self.rate).as_usize() * size_of::<Frame>() + Recording::BYTES)
    }

    /// Fills `out` from the frame `from` on.
    ///
    /// # Errors
    /// In words, if the recording is broken there.
    pub(super) fn read(&mut self, from: Frames, out: &mut [Frame]) -> Result<(), String> {
        let page = seconds(PAGE, self.rate).0;
        let (mut at, mut rest) = (from.0, out);
        while !rest.is_empty() {
            let source = &self.page(at / page)?[(at % page) as usize..];
            let (now, later) = rest.split_at_mut(source.len().min(rest.len()));
            now.copy_from_slice(&source[..now.len()]);
            at += now.len() as u64;
            rest = later;
        }
        Ok(())
    }

    /// Whether the last page is the same when it is sought as it was after all before it. If it is not, the places in the
    /// file are not what it says.
    ///
    /// # Errors
    /// As for [`Pages::read`].
    pub(super) fn are_where_they_seem(&mut self) -> Result<bool, String> {
        let last = self.length().0.saturating_sub(1) / seconds(PAGE, self.rate).0;
        let once = self.page(last)?.to_vec();
        self.made.clear();
        self.recordings.clear();
        Ok(*self.page(last)? == *once)
    }

    fn page(&mut self, number: u64) -> Result<&[Frame], String> {
        match self.made.iter().position(|(made, _)| *made == number) {
            Some(at) => self.made[..=at].rotate_right(1),
            None => {
                let page = self.make(number)?;
                self.made.truncate(self.most - 1);
                self.made.insert(0, (number, page));
            }
        }
        Ok(&self.made[0].1)
    }

    fn make(&mut self, number: u64) -> Result<Box<[Frame]>, String> {
        let (length, own_rate) = self.source;
        let start = number * PAGE;
        let context = start.min(CONTEXT);
        let from = seconds(start - context, own_rate);
        let to = seconds(start + PAGE + CONTEXT, own_rate).min(length);
        let channels = self.recording(from)?.read(from, to)?;
        let at_rate = |channel| self.resamplers.resample(channel, own_rate, self.rate);
        let channels: Vec<Box<[f32]>> = channels.into_iter().map(at_rate).collect();
        let (left, right) = (channels.first(), channels.last());
        let frames = left.into_iter().flatten().zip(right.into_iter().flatten());
        let frames = frames.map(|(&left, &right)| Frame::new(left, right));
        let page =
            frames.skip(seconds(context, self.rate).as_usize()).take(seconds(PAGE, self.rate).as_usize());
        Ok(page.collect())
    }

    /// A reader that goes on there, or a new one, or the one that was not used for longest.
    fn recording(&mut self, from: Frames) -> Result<&mut Recording, String> {
        match self.recordings.iter().position(|recording| recording.goes_on_at(from)) {
            Some(at) => self.recordings[..=at].rotate_right(1),
            None if self.recordings.len() < self.most => {
                let recording = Recording::open(self.file.reader()).ok_or("it cannot be read any more")?;
                self.recordings.insert(0, recording);
            }
            None => self.recordings.rotate_right(1),
        }
        Ok(&mut self.recordings[0])
    }
}

fn seconds(count: u64, rate: SampleRate) -> Frames {
    Frames(count * u64::from(rate.hz()))
}
