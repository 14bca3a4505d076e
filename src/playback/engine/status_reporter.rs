//! The reports of the engine: its status, several times a second, and each event, once.

use super::host::PlaybackHost;
use crate::device::{OutputDevice, OutputQueue};
use crate::playback::control::{PlayState, PlaybackEvent, ResumePoint, Transport, Update, status};
use crate::timeline::Timeline;
use crate::units::{FramePos, Millis, SampleRate};

/// Time between two reports of the status while nothing happens.
const STATUS_INTERVAL: Millis = Millis(250);

/// Time between two reports of the resume point: the most that is lost when the power goes.
const RESUME_POINT_INTERVAL: Millis = Millis(5000);

/// The session at the moment of a report.
pub(super) struct Snapshot<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) heard: FramePos,
    pub(super) state: PlayState,
    pub(super) transport: &'a Transport,
}

/// The record of what was told last.
#[derive(Debug, Default)]
pub(super) struct StatusReporter {
    chapter: Option<usize>,
    state: Option<PlayState>,
    device: Option<(String, SampleRate)>,
    /// Gaps that are told with the next status: until then it turns out whether the machine slept.
    gaps: u64,
    status_due: Millis,
    resume_point_due: Millis,
}

impl StatusReporter {
    /// Makes the status, and the resume point, due now.
    pub(super) fn hurry(&mut self) {
        (self.status_due, self.resume_point_due) = (Millis::ZERO, Millis::ZERO);
    }

    /// Tells which device was opened, if it is another.
    pub(super) fn report_device(&mut self, host: &mut dyn PlaybackHost, device: &OutputDevice) {
        let opened = (device.name.clone(), device.rate);
        if self.device.as_ref() != Some(&opened) {
            self.device = Some(opened.clone());
            host.tell(Update::Event(PlaybackEvent::Opened { device: opened.0, rate: opened.1 }));
        }
    }

    /// Tells that the device went away.
    pub(super) fn report_lost_device(&mut self, host: &mut dyn PlaybackHost) {
        self.device = None;
        host.tell(Update::Event(PlaybackEvent::DeviceGone));
    }

    /// Forgets the gaps that are not told: what a device missed last is part of its end.
    pub(super) fn forget_gaps(&mut self, queue: &mut OutputQueue) {
        queue.underruns();
        self.gaps = 0;
    }

    /// Tells what has changed since the last report.
    pub(super) fn report(&mut self, host: &mut dyn PlaybackHost, now: Snapshot<'_>, queue: &mut OutputQueue) {
        let Snapshot { timeline, heard, state, transport } = now;
        let rate = timeline.rate;
        let at = heard.min(FramePos::START + timeline.length);
        let status = status(timeline, at, state, transport.volume());
        if let Some(chapter) = timeline.chapters.get(status.chapter).filter(|chapter| chapter.at <= heard)
            && self.chapter.replace(status.chapter) != Some(status.chapter)
        {
            let (number, title) = (status.chapter + 1, chapter.title.clone());
            host.tell(Update::Event(PlaybackEvent::Chapter {
                number,
                title,
                length: chapter.length.to_millis(rate),
            }));
        }
        if self.state.replace(state) != Some(state) && state == PlayState::BedOnly {
            host.tell(Update::Event(PlaybackEvent::BedGoesOn));
        }
        let uptime = host.uptime();
        if uptime >= self.status_due {
            self.status_due = uptime + STATUS_INTERVAL;
            host.tell(Update::Status(status));
            let gaps = std::mem::replace(&mut self.gaps, queue.underruns());
            if gaps > 0 {
                host.tell(Update::Event(PlaybackEvent::Underruns(gaps)));
            }
        }
        if uptime >= self.resume_point_due {
            self.resume_point_due = uptime + RESUME_POINT_INTERVAL;
            host.tell(Update::ResumePoint(ResumePoint { at, rate, edits: transport.edits().to_vec() }));
        }
    }
}
