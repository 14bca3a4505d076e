//! The mastered track: every stretch of it, at random access.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::loudness::{self, reference};
use super::report::{LoudnessReference, Report, largest_rise};
use super::settings::Mastering;
use crate::audio::{Clip, Fault, Frame, Source};
use crate::dsp::Limiter;
use crate::render::Renderer;
use crate::timeline::ClipId;
use crate::units::{Dbtp, Decibels, FramePos, Frames, Gain, Lufs, SampleRate};

/// A track at its loudness, under its ceiling.
pub struct Master<'a> {
    renderer: Renderer<'a>,
    settings: Mastering,
    gain: Gain,
    limiter: Limiter,
    /// The bits of the highest peak so far; those of floats that are not negative are in the order of the floats.
    peak: AtomicU32,
}

impl<'a> Master<'a> {
    /// Masters what `renderer` renders. The loudness of its sounds is enough for that; it need not have its clips.
    pub fn new(renderer: Renderer<'a>, settings: Mastering) -> Self {
        let gain = reference(&renderer).1.map_or(Gain::UNITY, |Lufs(loudness)| {
            let Decibels(one_channel) = settings.as_measured();
            let Lufs(target) = settings.target;
            // To a thousandth of a decibel, so that the last digits of a sum do not reach the samples.
            Decibels(((target - one_channel - loudness) * 1000.0).round() / 1000.0).to_gain()
        });
        Self::with_gain(renderer, settings, gain)
    }

    /// Goes on with the gain of another master: when what is left of a session is solved again while it plays, its
    /// sound must not get louder or softer in the middle of a word.
    pub fn with_gain(renderer: Renderer<'a>, settings: Mastering, gain: Gain) -> Self {
        let limiter = Limiter::new(settings.ceiling, renderer.rate());
        Self { renderer, settings, gain, limiter, peak: AtomicU32::new(0) }
    }

    /// The one gain of the track.
    pub fn gain(&self) -> Gain {
        self.gain
    }

    /// Hands over a clip.
    pub fn supply(&mut self, id: ClipId, clip: Arc<Clip>) {
        self.renderer.supply(id, clip);
    }

    /// The clips that are needed to read the track between two instants and are not here, each once, in the order in
    /// which they are heard. The limiter looks ahead and back, so a clip may be needed that sounds shortly before or
    /// after.
    pub fn missing(&self, from: FramePos, to: FramePos) -> Vec<ClipId> {
        let (from, to) = self.looked_at(from, to);
        self.renderer.missing(from, to)
    }

    /// Lets go of every clip that is not needed to read the track between two instants.
    pub fn keep_only(&mut self, from: FramePos, to: FramePos) {
        let (from, to) = self.looked_at(from, to);
        self.renderer.keep_only(from, to);
    }

    /// Returns the bytes that the clips that are here take in memory.
    pub fn bytes(&self) -> usize {
        self.renderer.bytes()
    }

    /// Returns the reason why what was read is not what should have been heard: see [`Renderer::fault`].
    pub fn fault(&self) -> Option<Fault> {
        self.renderer.fault()
    }

    /// The clips that are here, in the order of the sounds of the timeline.
    pub fn clips(&self) -> &[Option<Arc<Clip>>] {
        self.renderer.clips()
    }

    /// All of the track that has a part in what is read between two instants.
    fn looked_at(&self, from: FramePos, to: FramePos) -> (FramePos, FramePos) {
        let (slot, context) = (self.limiter.slot() as u64, self.limiter.context() as u64);
        let from = FramePos(from.0 - from.0 % slot);
        (from.saturating_sub(Frames(context)), FramePos(to.0.next_multiple_of(slot)) + Frames(context))
    }

    /// The figures of the track. The true peak is that of what has been read so far.
    pub fn report(&self) -> Report {
        let change = self.gain.to_decibels();
        let in_the_file = |loudness: Lufs| loudness + change + self.settings.as_measured();
        let (anchor, level) = reference(&self.renderer);
        let (voice, programme) = match anchor {
            LoudnessReference::Voice => (level, loudness::programme(&self.renderer)),
            LoudnessReference::Programme | LoudnessReference::Silence => (None, level),
        };
        Report {
            anchor,
            gain: change,
            voice: voice.map(in_the_file),
            programme: programme.map(in_the_file),
            true_peak: Dbtp::of(self.peak()),
            rise: level.and_then(|level| largest_rise(&self.renderer, level)),
        }
    }

    fn peak(&self) -> f32 {
        f32::from_bits(self.peak.load(Ordering::Relaxed))
    }

    /// Renders from an instant that may lie before the start of the track, where there is silence.
    fn render(&self, from: i64, out: &mut [Frame]) {
        let before = usize::try_from(-from).unwrap_or(0).min(out.len());
        let (silence, track) = out.split_at_mut(before);
        silence.fill(Frame::SILENCE);
        self.renderer.read(FramePos(u64::try_from(from).unwrap_or(0)), track);
        track.iter_mut().for_each(|frame| *frame = *frame * self.gain);
    }
}

impl Source for Master<'_> {
    fn rate(&self) -> SampleRate {
        self.renderer.rate()
    }

    fn length(&self) -> Frames {
        self.renderer.length()
    }

    fn regions(&self) -> &[Range<FramePos>] {
        self.renderer.regions()
    }

    fn read(&self, from: FramePos, out: &mut [Frame]) {
        let (slot, context) = (self.limiter.slot(), self.limiter.context());
        // Whole slots around what is wanted, and around them what the limiter looks at.
        let lead = (from.0 % slot as u64) as usize;
        let slots = (lead + out.len()).next_multiple_of(slot);
        let mut frames = vec![Frame::SILENCE; slots + 2 * context];
        let start = from.0.saturating_sub(lead as u64);
        let start = i64::try_from(start).expect("a track is shorter than 2^63 frames") - context as i64;
        self.render(start, &mut frames);
        let peak = self.limiter.limit(&mut frames, self.peak());
        self.peak.fetch_max(peak.to_bits(), Ordering::Relaxed);
        out.copy_from_slice(&frames[context + lead..][..out.len()]);
    }
}
