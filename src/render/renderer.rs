//! The renderer: any stretch of the track, at random access.

use std::ops::Range;
use std::sync::Arc;

use super::{bed, event};
use crate::audio::{Clip, Fault, Frame, MomentaryPower, Source};
use crate::timeline::{BedSpan, Bus, ClipId, Event, Timeline};
use crate::units::{FramePos, Frames, SampleRate};

/// Renders any stretch of one timeline.
pub struct Renderer<'a> {
    timeline: &'a Timeline,
    /// Momentary power of each clip; as if it were silent if that is not known.
    momentaries: Vec<Arc<MomentaryPower>>,
    /// The clips that are here.
    pub(super) clips: Vec<Option<Arc<Clip>>>,
    /// For each event the latest end of it and all before it: where to begin to look for what still sounds.
    latest_ends: Vec<FramePos>,
    /// The spans in which something sounds, in order, without overlap.
    regions: Vec<Range<FramePos>>,
}

impl<'a> Renderer<'a> {
    /// A renderer of `timeline`, whose [`crate::timeline::ClipId`]s are indices into `clips`.
    pub fn new(timeline: &'a Timeline, clips: Vec<Arc<Clip>>) -> Self {
        let momentaries = clips.iter().map(|clip| clip.momentary.clone()).collect();
        let clips = clips.into_iter().map(Some).collect();
        Self { clips, momentaries, ..Self::unloaded(timeline) }
    }

    /// The same before it has any of its clips. They are to be supplied before they are heard.
    pub fn unloaded(timeline: &'a Timeline) -> Self {
        let mut latest = FramePos::START;
        let latest_ends = timeline.events.iter().map(|event| {
            latest = latest.max(event.end());
            latest
        });
        Self {
            latest_ends: latest_ends.collect(),
            regions: regions(timeline),
            timeline,
            clips: vec![None; timeline.sounds.len()],
            momentaries: vec![Arc::default(); timeline.sounds.len()],
        }
    }

    /// The same, knowing how loud these clips are, so that the loudness of the track can be found without them.
    pub fn measured(mut self, clips: impl IntoIterator<Item = (ClipId, Arc<MomentaryPower>)>) -> Self {
        for (id, momentary) in clips {
            self.momentaries[id.index()] = momentary;
        }
        self
    }

    /// One bus of that stretch: the stems of a track add up to it.
    pub fn stem(&self, bus: Bus, from: FramePos, out: &mut [Frame]) {
        out.fill(Frame::SILENCE);
        self.sum(bus, from, out);
    }

    /// Adds everything on one bus, in the order of the timeline: the order decides about the last bit of a sum.
    fn sum(&self, bus: Bus, from: FramePos, out: &mut [Frame]) {
        let to = from + Frames(out.len() as u64);
        if bus == Bus::Bed {
            for span in self.beds(from, to) {
                bed::add(span, self.clip(span.clip), from, out);
            }
        } else {
            for event in self.events(from, to).filter(|event| event.bus == bus) {
                event::add(event, self.clip(event.clip), from, out);
            }
        }
    }

    /// The events that sound somewhere between two instants.
    pub fn events(&self, from: FramePos, to: FramePos) -> impl Iterator<Item = &'a Event> {
        let events = &self.timeline.events;
        let first = self.latest_ends.partition_point(|end| *end <= from);
        let last = events.partition_point(|event| event.start < to);
        events[first.min(last)..last].iter().filter(move |event| event.end() > from)
    }

    /// The beds that sound somewhere between two instants.
    pub fn beds(&self, from: FramePos, to: FramePos) -> impl Iterator<Item = &'a BedSpan> {
        self.timeline.beds.iter().filter(move |bed| bed.start < to && bed.end() > from)
    }

    /// Returns the reason why the rendered sound is not what should have been heard, if a recording that is read while
    /// it is heard changed or is broken. To be asked after rendering; `None` if all is well.
    pub fn fault(&self) -> Option<Fault> {
        self.clips.iter().flatten().find_map(|clip| clip.fault())
    }

    /// The timeline it renders.
    pub fn timeline(&self) -> &'a Timeline {
        self.timeline
    }

    /// Returns the momentary power of a clip of the timeline.
    pub fn momentary(&self, id: ClipId) -> &MomentaryPower {
        &self.momentaries[id.index()]
    }

    /// A clip of the timeline.
    ///
    /// # Panics
    /// If it was not supplied.
    pub fn clip(&self, id: ClipId) -> &Clip {
        self.clips[id.index()].as_deref().expect("clips are supplied before they are heard")
    }
}

impl Source for Renderer<'_> {
    fn rate(&self) -> SampleRate {
        self.timeline.rate
    }

    fn length(&self) -> Frames {
        self.timeline.length
    }

    fn regions(&self) -> &[Range<FramePos>] {
        &self.regions
    }

    fn read(&self, from: FramePos, out: &mut [Frame]) {
        out.fill(Frame::SILENCE);
        for bus in [Bus::Voice, Bus::Bell, Bus::Bed] {
            self.sum(bus, from, out);
        }
    }
}

/// Returns the spans of a timeline in which something sounds, in order, without overlap.
pub fn regions(timeline: &Timeline) -> Vec<Range<FramePos>> {
    let events = timeline.events.iter().map(|event| (event.start, event.end()));
    let beds = timeline.beds.iter().map(|bed| (bed.start, bed.end()));
    let mut spans: Vec<_> = events.chain(beds).filter(|(start, end)| start < end).collect();
    spans.sort();
    let mut regions: Vec<Range<FramePos>> = Vec::new();
    for (start, end) in spans {
        match regions.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => regions.push(start..end),
        }
    }
    regions
}
