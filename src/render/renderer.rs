//! The renderer: any stretch of the track, at random access.

use std::sync::Arc;

use super::{bed, event, headroom::headroom};
use crate::audio::{Clip, Frame};
use crate::timeline::{BedSpan, Bus, Event, Timeline};
use crate::units::{FramePos, Frames, Gain};

/// Renders any stretch of one timeline.
pub struct Renderer<'a> {
    timeline: &'a Timeline,
    clips: Vec<Arc<Clip>>,
    /// For each event the latest end of it and all before it: where to begin to look for what still sounds.
    latest_ends: Vec<FramePos>,
    /// Where something sounds, in order, without overlap.
    regions: Vec<(FramePos, FramePos)>,
    headroom: Gain,
}

impl<'a> Renderer<'a> {
    /// A renderer of `timeline`, whose [`crate::timeline::ClipId`]s are indices into `clips`.
    pub fn new(timeline: &'a Timeline, clips: Vec<Arc<Clip>>) -> Self {
        let mut latest = FramePos::START;
        let latest_ends = timeline.events.iter().map(|event| {
            latest = latest.max(event.end());
            latest
        });
        let mut renderer = Self {
            latest_ends: latest_ends.collect(),
            regions: regions(timeline),
            headroom: Gain::UNITY,
            timeline,
            clips,
        };
        renderer.headroom = headroom(&renderer);
        renderer
    }

    /// The length of the track.
    pub fn length(&self) -> Frames {
        self.timeline.length
    }

    /// What the whole track is turned down by, so that no sample can exceed -1 dBFS. Unity for a session
    /// whose levels are sane: it is a guarantee, not a mastering stage.
    pub fn headroom(&self) -> Gain {
        self.headroom
    }

    /// The stretch of the track that begins at `from`. After the end there is silence.
    pub fn render(&self, from: FramePos, out: &mut [Frame]) {
        out.fill(Frame::SILENCE);
        let mut bus = vec![Frame::SILENCE; out.len()];
        for which in [Bus::Voice, Bus::Bell, Bus::Bed] {
            if self.sum(which, from, &mut bus) {
                out.iter_mut().zip(&bus).for_each(|(sum, &frame)| *sum += frame);
                bus.fill(Frame::SILENCE);
            }
        }
        if self.headroom != Gain::UNITY {
            out.iter_mut().for_each(|frame| *frame = *frame * self.headroom);
        }
    }

    /// One bus of that stretch: the stems of a track add up to it.
    pub fn stem(&self, bus: Bus, from: FramePos, out: &mut [Frame]) {
        out.fill(Frame::SILENCE);
        self.sum(bus, from, out);
        out.iter_mut().for_each(|frame| *frame = *frame * self.headroom);
    }

    /// Adds everything on one bus; false if nothing of it sounds there.
    fn sum(&self, bus: Bus, from: FramePos, out: &mut [Frame]) -> bool {
        let to = from + Frames(out.len() as u64);
        let mut sounds = false;
        if bus == Bus::Bed {
            for span in self.beds(from, to) {
                bed::add(span, self.clip(span.clip), from, out);
                sounds = true;
            }
        } else {
            for event in self.events(from, to).filter(|event| event.bus == bus) {
                event::add(event, self.clip(event.clip), from, out);
                sounds = true;
            }
        }
        sounds
    }

    /// The events that sound somewhere between two instants.
    pub(super) fn events(&self, from: FramePos, to: FramePos) -> impl Iterator<Item = &'a Event> {
        let events = &self.timeline.events;
        let first = self.latest_ends.partition_point(|end| *end <= from);
        let last = events.partition_point(|event| event.start < to);
        events[first.min(last)..last].iter().filter(move |event| event.end() > from)
    }

    /// The beds that sound somewhere between two instants.
    fn beds(&self, from: FramePos, to: FramePos) -> impl Iterator<Item = &'a BedSpan> {
        self.all_beds().iter().filter(move |bed| bed.start < to && bed.end() > from)
    }

    /// Every bed of the track.
    pub(super) fn all_beds(&self) -> &'a [BedSpan] {
        &self.timeline.beds
    }

    pub(super) fn clip(&self, id: crate::timeline::ClipId) -> &Clip {
        &self.clips[id.index()]
    }

    /// Where something sounds, in order.
    pub(super) fn regions(&self) -> &[(FramePos, FramePos)] {
        &self.regions
    }
}

fn regions(timeline: &Timeline) -> Vec<(FramePos, FramePos)> {
    let events = timeline.events.iter().map(|event| (event.start, event.end()));
    let beds = timeline.beds.iter().map(|bed| (bed.start, bed.end()));
    let mut spans: Vec<_> = events.chain(beds).filter(|(start, end)| start < end).collect();
    spans.sort();
    let mut regions: Vec<(FramePos, FramePos)> = Vec::new();
    for (start, end) in spans {
        match regions.last_mut() {
            Some((_, until)) if start <= *until => *until = (*until).max(end),
            _ => regions.push((start, end)),
        }
    }
    regions
}
