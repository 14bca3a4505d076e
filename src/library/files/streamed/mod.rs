//! A long recording: a sound of a file that is read while it is heard, so it begins at once and takes no more memory the
//! longer it is.
//!
//! Stands beside the clips that are held whole, behind `sound_store.rs`, and is to the ear what such a clip would be: its ends
//! are cared for, and it is at its level. Must not know what is heard beside it.

mod gauge;
mod pages;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::mem::swap;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::decode::{Outline, Recording};
use super::open_file::OpenFile;
use super::resamplers::Resamplers;
use super::shape::{SPEECH_EDGE, bed_overlap, shaped_length};
use crate::audio::{self, ChannelLayout, Fault, Frame, MomentaryPower, Pages as _};
use crate::dsp::{Seam, raised_cosine, resampled_length};
use crate::library::analysis::identity::Treatment;
use crate::library::analysis::level::{Ask, Level};
use crate::meter::Meter;
use crate::units::{Frames, Gain, Millis, SampleRate};
use gauge::gauge;
use pages::Pages;

/// The length above which a recording is read in pages. To decode a minute takes a quarter of a second, and it is held
/// in 23 MB. A fuzzer would wait for that, so to it a second is long.
pub(crate) const LONG: Millis = Millis::from_secs(if cfg!(fuzzing) { 1 } else { 60 });

/// The highest rate of which a minute is held; of a higher one as many frames are, which last less.
const HIGHEST_HELD: SampleRate = SampleRate::new(96_000).expect("not zero");

/// The reason if a recording cannot be heard though nothing is wrong with it.
const NO_THREAD: &str = "the system has no thread to spare";

/// The reason for the refusal of a file whose sound is not where its packets say.
const MISPLACED: &str = "its middle is not found where it should be; save it as FLAC";

/// A file that holds a long recording.
pub(crate) struct LongFile {
    path: String,
    file: Arc<OpenFile>,
    outline: Outline,
    resamplers: Arc<Resamplers>,
}

impl LongFile {
    /// The long recording in a file of the project; `None` if that is short, or of a format that has to be decoded from
    /// its beginning, or broken.
    pub(crate) fn of(path: &str, file: &Arc<OpenFile>, resamplers: &Arc<Resamplers>) -> Option<Self> {
        let outline = Recording::open(file.reader(), file.length())?.outline();
        let is_long = outline.length > LONG.to_frames(outline.rate.min(HIGHEST_HELD));
        let (path, file, resamplers) = (path.to_owned(), file.clone(), resamplers.clone());
        is_long.then_some(Self { path, file, outline, resamplers })
    }

    /// It, as it will be heard at a rate.
    pub(crate) fn heard(&self, treatment: Treatment, rate: SampleRate, gain: Gain) -> Long {
        let pages = Pages::new(self.file.clone(), self.outline, rate, self.resamplers.clone());
        Long {
            path: self.path.clone(),
            file: self.file.clone(),
            treatment,
            rate,
            gain,
            whole: pages.length(),
            seam: OnceLock::new(),
            pages,
            fault: OnceLock::new(),
        }
    }

    /// Returns its length at a rate.
    pub(crate) fn length(&self, treatment: Treatment, rate: SampleRate) -> Frames {
        shaped_length(resampled_length(self.outline.length, self.outline.rate, rate), treatment, rate)
    }

    /// Its level, at its own rate. All of it is listened to, but for the gain of a bed, which some stretches tell, so that
    /// no listener waits for an hour of rain to be heard.
    ///
    /// # Errors
    /// If it is broken where it is heard, or changes meanwhile.
    pub(crate) fn level(&self, treatment: Treatment, ask: Ask) -> Result<Level, Fault> {
        let heard = self.heard(treatment, self.outline.rate, Gain::UNITY);
        let layout = if self.outline.channels == 1 { ChannelLayout::Mono } else { ChannelLayout::Stereo };
        if treatment != Treatment::Bed {
            return Ok(Level::from(heard.listen(layout)?, treatment));
        }
        let told = gauge(&self.file, self.outline);
        if let Some(changed) = heard.fault() {
            return Err(changed);
        }
        let level = Level::of_bed(told.map_err(|reason| heard.unreadable(reason))?);
        Ok(match ask {
            Ask::Gain => level,
            Ask::Loudness => {
                Level { momentary: Some(Arc::new(heard.listen(layout)?.scaled(level.gain))), ..level }
            }
        })
    }
}

/// A long recording, as it is heard.
pub(crate) struct Long {
    path: String,
    file: Arc<OpenFile>,
    treatment: Treatment,
    rate: SampleRate,
    gain: Gain,
    /// The length of the recording.
    whole: Frames,
    /// The seam at which a bed goes over into itself, once its end was heard.
    seam: OnceLock<Seam>,
    pages: Pages,
    fault: OnceLock<Fault>,
}

impl Long {
    /// Measures its loudness over time. A page is measured while the next one is read, which takes as long.
    fn listen(&self, layout: ChannelLayout) -> Result<MomentaryPower, Fault> {
        let mut meter = Meter::new(layout, self.rate);
        let page = pages::LENGTH.to_frames(self.rate);
        let (mut read, mut last) = (Vec::new(), Vec::new());
        for from in (0..self.length().0).step_by(page.as_usize()).map(Frames) {
            read.resize(self.length().saturating_sub(from).min(page).as_usize(), Frame::SILENCE);
            thread::scope(|scope| {
                match rayon::current_num_threads() {
                    // A caller that asks for one core gets one.
                    1 => meter.hear_frames(&last),
                    _ => {
                        let measure = || meter.hear_frames(&last);
                        thread::Builder::new().spawn_scoped(scope, measure)?;
                    }
                }
                self.read(from, &mut read);
                io::Result::Ok(())
            })
            .map_err(|error| self.unreadable(format!("{NO_THREAD}: {error}")))?;
            if let Some(fault) = self.fault() {
                return Err(fault);
            }
            swap(&mut read, &mut last);
        }
        meter.hear_frames(&last);
        match self.pages.are_where_they_seem() {
            Ok(true) => Ok(meter.finish()),
            Ok(false) => Err(self.unreadable(MISPLACED.to_owned())),
            Err(reason) => Err(self.unreadable(reason)),
        }
    }

    fn try_read(&self, from: Frames, out: &mut [Frame]) -> Result<(), String> {
        match self.treatment {
            Treatment::Speech => {
                self.pages.read(from, out)?;
                let edge = SPEECH_EDGE.to_frames(self.rate).0;
                for (at, frame) in (from.0..).zip(&mut *out) {
                    let from_an_end = at.min(self.whole.0 - 1 - at);
                    *frame = *frame * Gain(raised_cosine(from_an_end, edge));
                }
            }
            Treatment::Bed => self.read_round(from, out)?,
            Treatment::AsIs | Treatment::Bell | Treatment::Pacer => self.pages.read(from, out)?,
        }
        out.iter_mut().for_each(|frame| *frame = *frame * self.gain);
        Ok(())
    }

    /// The loop that a recording is made to, as [`crate::dsp::make_seamless`] does.
    fn read_round(&self, from: Frames, out: &mut [Frame]) -> Result<(), String> {
        let overlap = self.overlap();
        self.pages.read(from + overlap, out)?;
        let over = self.length().saturating_sub(overlap);
        let alone = over.saturating_sub(from).as_usize().min(out.len());
        let crossed = &mut out[alone..];
        if crossed.is_empty() {
            return Ok(());
        }
        let seam = self.seam()?;
        let at = from.saturating_sub(over);
        let mut coming = vec![Frame::SILENCE; crossed.len()];
        self.pages.read(at, &mut coming)?;
        for ((at, going), coming) in (at.0..).zip(crossed).zip(coming) {
            *going = seam.cross(Frames(at), *going, coming);
        }
        Ok(())
    }

    fn seam(&self) -> Result<Seam, String> {
        if let Some(seam) = self.seam.get() {
            return Ok(*seam);
        }
        let stretch = |from| {
            let mut frames = vec![Frame::SILENCE; self.overlap().as_usize()];
            self.pages.read(from, &mut frames).map(|()| frames)
        };
        let seam = Seam::of(&stretch(self.length())?, &stretch(Frames::ZERO)?);
        Ok(*self.seam.get_or_init(|| seam))
    }

    fn overlap(&self) -> Frames {
        bed_overlap(self.whole, self.rate)
    }

    fn unreadable(&self, reason: String) -> Fault {
        Fault::Unreadable { recording: self.path.clone(), reason }
    }
}

impl audio::Pages for Long {
    fn length(&self) -> Frames {
        shaped_length(self.whole, self.treatment, self.rate)
    }

    fn read(&self, from: Frames, out: &mut [Frame]) {
        if self.fault().is_some() {
            return out.fill(Frame::SILENCE);
        }
        if let Err(reason) = self.try_read(from, out) {
            out.fill(Frame::SILENCE);
            self.fault.get_or_init(|| self.unreadable(reason));
        }
    }

    fn bytes(&self) -> usize {
        self.pages.bytes()
    }

    fn fault(&self) -> Option<Fault> {
        // An author who saves it while it is used gets all of what it was, or none.
        if !self.file.is_unchanged() {
            self.fault.get_or_init(|| Fault::Changed { recording: self.path.clone() });
        }
        self.fault.get().cloned()
    }
}

impl fmt::Debug for Long {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Long").field("path", &self.path).field("fault", &self.fault).finish_non_exhaustive()
    }
}
