//! A long recording: a sound of a file that is read while it is heard, so it begins at once and takes no more memory the
//! longer it is.
//!
//! Stands beside the clips that are held whole, behind `sound_store.rs`, and is to the ear what such a clip would be: its ends
//! are cared for, and it is at its level. Must not know what is heard beside it.

mod page_cache;
#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::decode::{Outline, Recording};
use super::open_file::OpenFile;
use super::resamplers::Resamplers;
use super::shape::{SPEECH_EDGE, bed_overlap, shaped_length};
use crate::audio::SoundKind;
use crate::audio::{self, ChannelLayout, Fault, Frame, MomentaryPower, Pages as _};
use crate::dsp::{Seam, raised_cosine};
use crate::library::analysis::measure::Measure;
use crate::meter::Meter;
use crate::units::{Frames, Gain, Millis, SampleRate};
use page_cache::{PAGE_LENGTH, PageCache};

/// The length above which a recording is read in pages. To decode a minute takes a quarter of a second, and it is held
/// in 23 MB.
const LONGEST_IN_MEMORY: Millis = Millis::from_secs(60);

/// The highest rate of which a minute is held; of a higher one as many frames are, which last less.
const HIGHEST_RATE_IN_MEMORY: SampleRate = SampleRate::new(96_000).expect("not zero");

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
        let longest = LONGEST_IN_MEMORY.to_frames(outline.rate.min(HIGHEST_RATE_IN_MEMORY));
        let (path, file, resamplers) = (path.to_owned(), file.clone(), resamplers.clone());
        (outline.length > longest).then_some(Self { path, file, outline, resamplers })
    }

    /// The recording as it will be heard at a rate.
    pub(crate) fn prepare_at(&self, rate: SampleRate, treatment: SoundKind, gain: Gain) -> StreamedClip {
        let pages = PageCache::new(self.file.clone(), self.outline, rate, self.resamplers.clone());
        StreamedClip {
            path: self.path.clone(),
            file: self.file.clone(),
            treatment,
            rate,
            gain,
            recorded: pages.length(),
            seam: OnceLock::new(),
            pages,
            fault: OnceLock::new(),
        }
    }

    /// Measures all of it, at its own rate.
    ///
    /// # Errors
    /// If it is broken anywhere, or changes meanwhile.
    pub(crate) fn measure(&self, treatment: SoundKind) -> Result<Measure, Fault> {
        let Outline { rate, channels, length, .. } = self.outline;
        let layout = if channels == 1 { ChannelLayout::Mono } else { ChannelLayout::Stereo };
        let momentary = self.prepare_at(rate, treatment, Gain::UNITY).momentary(layout)?;
        Ok(Measure::from(momentary, treatment, length, rate))
    }
}

/// A long recording, as it is heard.
pub(crate) struct StreamedClip {
    path: String,
    file: Arc<OpenFile>,
    treatment: SoundKind,
    rate: SampleRate,
    gain: Gain,
    /// The length of the recording, before a bed is made to a loop of it.
    recorded: Frames,
    /// The seam at which a bed goes over into itself, once its end was heard.
    seam: OnceLock<Seam>,
    pages: PageCache,
    fault: OnceLock<Fault>,
}

impl StreamedClip {
    /// Measures its loudness over time.
    fn momentary(&self, layout: ChannelLayout) -> Result<MomentaryPower, Fault> {
        let mut meter = Meter::new(layout, self.rate);
        let momentary = if rayon::current_num_threads() == 1 {
            self.read_all(|page| meter.hear_frames(&page))?;
            meter.finish()
        } else {
            self.measured_while_read(meter)?
        };
        match self.pages.are_where_they_seem() {
            Ok(true) => Ok(momentary),
            Ok(false) => {
                Err(self.unreadable("its middle is not found where it should be; save it as FLAC".to_owned()))
            }
            Err(reason) => Err(self.unreadable(reason)),
        }
    }

    /// Measures a page while the next one is read, which takes as long, on a thread of its own: those of rayon would take up
    /// other work meanwhile, and that could wait for this sound.
    fn measured_while_read(&self, mut meter: Meter) -> Result<MomentaryPower, Fault> {
        let (filled, pages) = sync_channel::<Vec<Frame>>(1);
        let measure = move || {
            pages.iter().for_each(|page| meter.hear_frames(&page));
            meter.finish()
        };
        thread::scope(|scope| {
            let meter = thread::Builder::new().name("meter".to_owned()).spawn_scoped(scope, measure);
            let meter =
                meter.map_err(|error| self.unreadable(format!("there is no thread for it: {error}")))?;
            // That a meter panicked is seen when it is joined.
            let read = self.read_all(|page| drop(filled.send(page)));
            drop(filled);
            let momentary = meter.join().unwrap_or_else(|panic| resume_unwind(panic));
            read.map(|()| momentary)
        })
    }

    /// Hands over all of it, page by page.
    fn read_all(&self, mut take: impl FnMut(Vec<Frame>)) -> Result<(), Fault> {
        let page = PAGE_LENGTH.to_frames(self.rate);
        for from in (0..self.length().0).step_by(page.as_usize()).map(Frames) {
            let mut frames = vec![Frame::SILENCE; self.length().saturating_sub(from).min(page).as_usize()];
            self.read(from, &mut frames);
            match self.fault() {
                Some(fault) => return Err(fault),
                None => take(frames),
            }
        }
        Ok(())
    }

    fn try_read(&self, from: Frames, out: &mut [Frame]) -> Result<(), String> {
        match self.treatment {
            SoundKind::Speech => {
                self.pages.read(from, out)?;
                let edge = SPEECH_EDGE.to_frames(self.rate).0;
                for (at, frame) in (from.0..).zip(&mut *out) {
                    let from_an_end = at.min(self.recorded.0 - 1 - at);
                    *frame = *frame * Gain(raised_cosine(from_an_end, edge));
                }
            }
            SoundKind::Bed => self.read_round(from, out)?,
            SoundKind::AsIs | SoundKind::Bell | SoundKind::Pacer => self.pages.read(from, out)?,
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
        bed_overlap(self.recorded, self.rate)
    }

    fn unreadable(&self, reason: String) -> Fault {
        Fault::Unreadable { recording: self.path.clone(), reason }
    }
}

impl audio::Pages for StreamedClip {
    fn length(&self) -> Frames {
        shaped_length(self.recorded, self.treatment, self.rate)
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

impl fmt::Debug for StreamedClip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedClip")
            .field("path", &self.path)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
