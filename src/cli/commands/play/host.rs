//! The host of a session that is played: its speaker, its clocks, and its listener.
#![allow(clippy::disallowed_types, reason = "waiting takes real time")]

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::cli::clock::{WallClock, asleep, uptime};
use crate::device::{DeviceError, OutputDevice};
use crate::playback::PlaybackHost;
use crate::playback::control::{Command, Update, WallTime};
use crate::units::{Millis, SampleRate};

/// The real world.
pub(crate) struct LiveHost {
    pub(crate) commands: Receiver<Command>,
    pub(crate) news: Sender<Update>,
    /// The device that was asked for by its name.
    pub(crate) device: Option<String>,
    /// State of the search for a device: once one has been there, any other will do when it goes.
    pub(crate) found: Found,
}

/// State of the search for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    NotYet,
    Once,
}

impl PlaybackHost for LiveHost {
    fn next(&mut self, patience: Millis) -> Option<Command> {
        match self.commands.recv_timeout(Duration::from_millis(patience.0)) {
            Ok(command) => Some(command),
            Err(RecvTimeoutError::Timeout) => None,
            // No listener can ask for anything any more; the session goes on all the same, and not in a hurry.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::park_timeout(Duration::from_millis(patience.0));
                None
            }
        }
    }

    fn moment(&self) -> WallTime {
        WallClock::now()
    }

    fn uptime(&self) -> Millis {
        uptime()
    }

    fn asleep(&self) -> Millis {
        asleep()
    }

    fn tell(&mut self, news: Update) {
        // The display is gone, and the session goes on.
        let _ = self.news.send(news);
    }

    fn open(&mut self, wanted: SampleRate) -> Result<OutputDevice, DeviceError> {
        let named = OutputDevice::open(self.device.as_deref(), wanted);
        let device = match (named, self.found) {
            (Err(_), Found::Once) if self.device.is_some() => OutputDevice::open(None, wanted)?,
            (device, _) => device?,
        };
        self.found = Found::Once;
        Ok(device)
    }
}
