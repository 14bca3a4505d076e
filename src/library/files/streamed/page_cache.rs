//! The pages of a recording: stretches of four seconds at the session rate, each made when it is asked for.
//!
//! A page is made of its stretch of the file and some more at both sides, for the resampler. Whole seconds are whole
//! frames at any rate, so a page is what it would be within the whole. Several threads make several pages at once, and
//! a thread that wants one that is being made waits for it. Must not know levels, or what is heard of a page.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::audio::Frame;
use crate::dsp::resampled_length;
use crate::library::files::decode::{Outline, Recording};
use crate::library::files::open_file::OpenFile;
use crate::library::files::resamplers::Resamplers;
use crate::units::{Frames, Millis, SampleRate};

/// The length of a page in seconds: some 15 ms to make, and 1.5 MB in stereo at 48 kHz.
const PAGE_SECONDS: u64 = 4;

/// The same, for a caller that reads all of them.
pub(super) const PAGE_LENGTH: Millis = Millis::from_secs(PAGE_SECONDS);

/// Seconds around a page that are resampled with it: no filter of the resampler reaches further, whatever the rates.
const CONTEXT_SECONDS: u64 = 1;

/// Threads that have a reader and a page each; more than this make a page for each other more than once now and then.
const MAX_READERS: usize = 8;

/// The frames of a page, or what is wrong with it, once it is made.
type Page = Arc<OnceLock<Result<Box<[Frame]>, String>>>;

/// The pages of one recording at one rate.
pub(super) struct PageCache {
    file: Arc<OpenFile>,
    outline: Outline,
    rate: SampleRate,
    resamplers: Arc<Resamplers>,
    /// The limit of each that are kept.
    most: usize,
    kept: Mutex<Kept>,
}

/// The readers and pages that are kept: the one that was used last is the first.
#[derive(Default)]
struct Kept {
    /// Readers that are not in use at the moment, each at another place of the file.
    recordings: Vec<Recording>,
    /// Pages by their numbers.
    pages: Vec<(u64, Page)>,
}

impl PageCache {
    /// The pages of a recording in an open file, at the session rate `rate`.
    pub(super) fn new(
        file: Arc<OpenFile>,
        outline: Outline,
        rate: SampleRate,
        resamplers: Arc<Resamplers>,
    ) -> Self {
        // One for each thread that may render, and those of the two ends of a loop.
        let most = rayon::current_num_threads().min(MAX_READERS) + 2;
        Self { file, outline, rate, resamplers, most, kept: Mutex::default() }
    }

    /// Returns the length of the recording.
    pub(super) fn length(&self) -> Frames {
        resampled_length(self.outline.length, self.outline.rate, self.rate)
    }

    /// Returns the memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.most
            * (seconds(PAGE_SECONDS, self.rate).as_usize() * size_of::<Frame>() + Recording::READER_BYTES)
    }

    /// Fills `out` from the frame `from` on.
    ///
    /// # Errors
    /// In words, if the recording is broken there.
    pub(super) fn read(&self, from: Frames, out: &mut [Frame]) -> Result<(), String> {
        let length = seconds(PAGE_SECONDS, self.rate).0;
        let (mut at, mut rest) = (from.0, out);
        while !rest.is_empty() {
            let page = self.page(at / length);
            let frames = page.get_or_init(|| self.make(at / length)).as_deref().map_err(Clone::clone)?;
            let source = frames.get((at % length) as usize..).unwrap_or_default();
            if source.is_empty() {
                return Err("it ends before that".to_owned());
            }
            let (now, later) = rest.split_at_mut(source.len().min(rest.len()));
            now.copy_from_slice(&source[..now.len()]);
            at += now.len() as u64;
            rest = later;
        }
        Ok(())
    }

    /// True if the last page is the same when it is sought as it was after all before it. If it is not, the places in
    /// the file are not what it says.
    ///
    /// # Errors
    /// As for [`PageCache::read`].
    pub(super) fn are_where_they_seem(&self) -> Result<bool, String> {
        let last = self.length().0.saturating_sub(1) / seconds(PAGE_SECONDS, self.rate).0;
        let once = self.page(last).get_or_init(|| self.make(last)).clone()?;
        *self.kept() = Kept::default();
        Ok(self.make(last)? == once)
    }

    fn page(&self, number: u64) -> Page {
        let mut kept = self.kept();
        match kept.pages.iter().position(|(kept, _)| *kept == number) {
            Some(at) => kept.pages[..=at].rotate_right(1),
            None => {
                kept.pages.truncate(self.most - 1);
                kept.pages.insert(0, (number, Page::default()));
            }
        }
        kept.pages[0].1.clone()
    }

    fn make(&self, number: u64) -> Result<Box<[Frame]>, String> {
        let Outline { length, rate: own_rate, .. } = self.outline;
        let start = number * PAGE_SECONDS;
        let context = start.min(CONTEXT_SECONDS);
        let from = seconds(start - context, own_rate);
        let to = seconds(start + PAGE_SECONDS + CONTEXT_SECONDS, own_rate).min(length);
        let mut recording = self.recording(from)?;
        let channels = recording.read(from, to)?;
        self.put_back(recording);
        let at_rate = |channel| self.resamplers.resample(channel, own_rate, self.rate);
        let channels: Vec<Box<[f32]>> = channels.into_iter().map(at_rate).collect();
        let (left, right) = (channels.first(), channels.last());
        let frames = left.into_iter().flatten().zip(right.into_iter().flatten());
        let frames = frames.map(|(&left, &right)| Frame::new(left, right));
        let lead = seconds(context, self.rate).as_usize();
        Ok(frames.skip(lead).take(seconds(PAGE_SECONDS, self.rate).as_usize()).collect())
    }

    /// A reader that goes on there, or a new one, or the one that was not used for longest.
    fn recording(&self, from: Frames) -> Result<Recording, String> {
        let mut kept = self.kept();
        let goes_on = kept.recordings.iter().position(|recording| recording.goes_on_at(from));
        let waiting = match goes_on {
            Some(at) => Some(kept.recordings.remove(at)),
            None if kept.recordings.len() < self.most => None,
            None => kept.recordings.pop(),
        };
        drop(kept);
        let open = || {
            let recording = Recording::open_again(self.file.reader(), self.file.length(), self.outline);
            recording.ok_or("it cannot be read any more")
        };
        Ok(waiting.map_or_else(open, Ok)?)
    }

    fn put_back(&self, recording: Recording) {
        let mut kept = self.kept();
        kept.recordings.truncate(self.most - 1);
        kept.recordings.insert(0, recording);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(count: u64, rate: SampleRate) -> Frames {
    Frames(count * u64::from(rate.hz()))
}
