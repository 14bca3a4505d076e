//! The reports of the engine: its status, several times a second, and each event, once.

use super::playback_engine::PlaybackEngine;
use super::source::PlaybackSource;
use crate::playback::control::{Event, Place, PlayState, Update, status};
use crate::units::{FramePos, Millis, SampleRate};

/// Time between two reports of the status while nothing happens.
const EVERY: Millis = Millis(250);

/// Time between two reports of the place: the most that is lost when the power goes.
const PLACE: Millis = Millis(5000);

/// The record of what was told last.
#[derive(Debug, Default)]
pub(super) struct StatusReporter {
    chapter: Option<usize>,
    bed_only: bool,
    /// The device that is played through.
    pub(super) device: Option<(String, SampleRate)>,
    /// Gaps that are told with the next status: until then it turns out whether the machine slept.
    pub(super) gaps: u64,
    /// When the status, and the place, are due.
    status: Millis,
    place: Millis,
}

impl StatusReporter {
    /// The status, and the place, are told with the next turn.
    pub(super) fn at_once(&mut self) {
        (self.status, self.place) = (Millis::ZERO, Millis::ZERO);
    }
}

impl PlaybackEngine<'_> {
    /// Tells what has changed since the last turn.
    pub(super) fn report(&mut self, music: &PlaybackSource<'_>) {
        let timeline = music.timeline();
        let heard = self.heard();
        let end = FramePos::START + timeline.length;
        let state = if self.device.is_none() {
            PlayState::NoDevice
        } else if heard >= end && music.end() > end {
            PlayState::BedOnly
        } else {
            self.transport.state()
        };
        let now = self.world.uptime();
        let status = status(timeline, heard.min(end), state, self.transport.volume());
        if let Some(chapter) = timeline.chapters.get(status.chapter).filter(|chapter| chapter.at <= heard)
            && self.told.chapter != Some(status.chapter)
        {
            self.told.chapter = Some(status.chapter);
            let length = chapter.length.to_millis(timeline.rate);
            let number = status.chapter + 1;
            self.world.tell(Update::Event(Event::Chapter { number, title: chapter.title.clone(), length }));
        }
        if (state == PlayState::BedOnly) != self.told.bed_only {
            self.told.bed_only = !self.told.bed_only;
            if self.told.bed_only {
                self.world.tell(Update::Event(Event::BedGoesOn));
            }
        }
        if now >= self.told.status {
            self.told.status = now + EVERY;
            self.world.tell(Update::Status(status));
            let underruns = self.line().map_or(0, |line| line.underruns());
            let gaps = std::mem::replace(&mut self.told.gaps, underruns);
            if gaps > 0 {
                self.world.tell(Update::Event(Event::Underruns(gaps)));
            }
        }
        if now >= self.told.place {
            self.told.place = now + PLACE;
            let edits = self.transport.edits().to_vec();
            self.world.tell(Update::Place(Place { at: heard.min(end), rate: timeline.rate, edits }));
        }
    }
}
