//! The sound that is played: the mastered track of one timeline, and answers in the same voice.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::super::loader::{Loader, Supply};
use super::flow::PREBUFFER;
use super::request::{PlayError, SOFT_BELL_LENGTH};
use crate::audio::{Clip, Fault, Frame, SoundError, SoundRef, Source};
use crate::build::Track;
use crate::encode::as_in_file;
use crate::master::Master;
use crate::render::Renderer;
use crate::timeline::{Bus, ClipId, Event, Fades, Timeline};
use crate::units::{Decibels, FramePos, Frames, Gain, Millis, Pan};

/// Time between two lines of a prompt: longer than any pause within one.
const PAUSE_BETWEEN_LINES: Millis = Millis(1200);

/// The bell before a session, and its level against the voice: a bell that asks, and does not call.
const SOFT_BELL: &str = "bowl";
const SOFT: Decibels = Decibels(-12.0);

/// It is over when the session begins: what is heard then is the session and nothing else.
const RINGS: Lasts = Lasts::Until { end: SOFT_BELL_LENGTH, fade_out: Millis::from_secs(3) };

/// The part of a sound that is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    ToItsEnd,
    /// So much at most, of which the last part fades.
    Until {
        end: Millis,
        fade_out: Millis,
    },
}

/// Clips by their sounds.
pub(super) type Held = BTreeMap<SoundRef, Arc<Clip>>;

/// The sounds that a track needs to begin there.
pub(super) fn first_sounds(track: &Track, from: FramePos) -> Vec<&SoundRef> {
    let timeline = &track.timeline;
    let master = Master::with_gain(Renderer::unloaded(timeline), track.mastering, Gain::UNITY);
    let needed = master.missing(from, from + PREBUFFER.to_frames(timeline.rate));
    needed.into_iter().map(|id| &timeline.sounds[id.index()]).collect()
}

/// Their clips, loaded on all cores. One that cannot be had is asked for again when it is heard, and told then.
pub(super) fn first_clips(track: &Track, from: FramePos) -> Held {
    let load = |sound: &SoundRef| Some((sound.clone(), track.library.clip(sound).ok()?));
    first_sounds(track, from).into_par_iter().filter_map(load).collect()
}

/// The sound of a timeline.
pub(super) struct PlaybackSource<'a> {
    track: &'a Track,
    timeline: &'a Timeline,
    /// The same, or longer by what is heard after it.
    sounding: &'a Timeline,
    master: Master<'a>,
    loader: Loader,
    /// The reason for the silence of a recording that is read while it is heard.
    fault: Option<Fault>,
}

impl<'a> PlaybackSource<'a> {
    /// The sound of `timeline`, which is the track's or was amended, at the gain of the track. `sounding` is the same,
    /// or goes on after it. `held` are clips that were here before, so that a bed is not made again while it sounds.
    pub(super) fn new(
        track: &'a Track,
        timeline: &'a Timeline,
        sounding: &'a Timeline,
        gain: Gain,
        held: &Held,
    ) -> Result<Self, PlayError> {
        // How loud its sounds are was asked for the gain, once, and is not asked again.
        let mut master = Master::with_gain(Renderer::unloaded(sounding), track.mastering, gain);
        for (sound, id) in sounding.sounds.iter().zip((0..).map(ClipId)) {
            if let Some(clip) = held.get(sound) {
                master.supply(id, clip.clone());
            }
        }
        let loader = Loader::start(track.library.clone(), sounding.sounds.clone())?;
        Ok(Self { track, timeline, sounding, master, loader, fault: None })
    }

    pub(super) fn timeline(&self) -> &'a Timeline {
        self.timeline
    }

    /// The clips that are in memory.
    pub(super) fn held(&self) -> Held {
        let clips = self.sounding.sounds.iter().zip(self.master.clips());
        clips.filter_map(|(sound, clip)| Some((sound.clone(), clip.clone()?))).collect()
    }

    pub(super) fn end(&self) -> FramePos {
        FramePos::START + self.sounding.length
    }

    /// The frames from an instant on, as the file has them; or nothing yet, because a clip is being decoded.
    pub(super) fn read(&mut self, from: FramePos, out: &mut [Frame]) -> Result<Supply, SoundError> {
        let to = from + Frames(out.len() as u64);
        if self.loader.supply(&mut self.master, from, to)? == Supply::Late {
            return Ok(Supply::Late);
        }
        let regions = self.master.regions();
        let next = regions.partition_point(|region| region.end <= from);
        if regions.get(next).is_none_or(|region| region.start >= to) {
            out.fill(Frame::SILENCE);
        } else {
            self.master.read(from, out);
            as_in_file(self.track.coding, from, out);
        }
        Ok(Supply::Ready)
    }

    /// Returns the reasons why sounds are left out, since that was last asked.
    pub(super) fn lost(&mut self) -> Vec<SoundError> {
        let mut lost = self.loader.lost();
        let fault = self.master.fault();
        if fault != self.fault {
            lost.extend(fault.clone().map(SoundError::from));
            self.fault = fault;
        }
        lost
    }

    /// A line in the session's voice, at its loudness.
    fn line(&self, text: &str) -> Result<Vec<Frame>, SoundError> {
        self.alone(SoundRef::line(text), Decibels(0.0), Bus::Voice, Lasts::ToItsEnd)
    }

    /// Returns a prompt of some lines, and those of them that the voice has not.
    pub(super) fn prompt(&self, lines: &[String]) -> (Vec<Frame>, Vec<String>) {
        let between = PAUSE_BETWEEN_LINES.to_frames(self.timeline.rate).as_usize();
        let (mut prompt, mut missing) = (Vec::new(), Vec::new());
        for text in lines {
            match self.line(text) {
                Ok(line) if prompt.is_empty() => prompt = line,
                Ok(line) => {
                    prompt.resize(prompt.len() + between, Frame::SILENCE);
                    prompt.extend(line);
                }
                Err(_) => missing.push(text.clone()),
            }
        }
        (prompt, missing)
    }

    /// A bell that asks for attention and does not startle.
    pub(super) fn soft_bell(&self) -> Result<Vec<Frame>, SoundError> {
        self.alone(SoundRef::bell(SOFT_BELL, None), SOFT, Bus::Bell, RINGS)
    }

    /// One sound by itself, as it would be in the track.
    fn alone(
        &self,
        sound: SoundRef,
        level: Decibels,
        bus: Bus,
        lasts: Lasts,
    ) -> Result<Vec<Frame>, SoundError> {
        let clip = self.track.library.clip(&sound)?;
        let rate = self.timeline.rate;
        let (length, fade_out) = match lasts {
            Lasts::ToItsEnd => (clip.length(), Frames::ZERO),
            Lasts::Until { end, fade_out } => {
                (clip.length().min(end.to_frames(rate)), fade_out.to_frames(rate))
            }
        };
        let event = Event {
            start: FramePos::START,
            length,
            clip: ClipId(0),
            gain: level.to_gain(),
            pan: Pan::CENTRE,
            fades: Fades { fade_in: Frames::ZERO, fade_out },
            bus,
        };
        let timeline = Timeline {
            rate,
            length,
            counted: Frames::ZERO,
            sounds: vec![sound],
            events: vec![event],
            beds: Vec::new(),
            chapters: Vec::new(),
            cues: Vec::new(),
        };
        let master =
            Master::with_gain(Renderer::new(&timeline, vec![clip]), self.track.mastering, self.master.gain());
        let mut frames = vec![Frame::SILENCE; length.as_usize()];
        master.read(FramePos::START, &mut frames);
        master.fault().map_or(Ok(frames), |fault| Err(fault.into()))
    }
}
