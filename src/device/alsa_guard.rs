//! Talks to sound libraries, which print and hang, so that the user notices neither.
//!
//! ALSA prints a page to the standard error when there is no device, and for each that it does not find. It prints it
//! elsewhere for a thread that asks. So all that is asked of a device is asked on a thread of its own; standard error
//! itself stays where it is, for our messages and a panic's. The device's thread is cpal's, where ALSA has
//! printed nothing (measured: gaps, and a sound server that was killed).
//!
//! A library also waits for ever for a sound server that hangs (measured: PulseAudio's); then that thread is left
//! behind.
#![allow(clippy::disallowed_types, reason = "the wait for a device is a Duration")]

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::error::{DeviceError, NO_ANSWER};

/// Time limits for opening and for closing a device: a sound server that hangs never answers.
const OPENING_MAX: Duration = Duration::from_secs(5);
const CLOSING_MAX: Duration = Duration::from_secs(1);

/// Asks a sound library for a device, quietly.
///
/// # Errors
/// What it answers, or that it does not answer in time: then it goes on alone, and what it comes to is dropped.
pub(super) fn ask<T: Send + 'static>(
    name: &str,
    question: impl FnOnce() -> Result<T, DeviceError> + Send + 'static,
) -> Result<T, DeviceError> {
    let no_answer = || DeviceError::Refused { name: name.to_owned(), reason: NO_ANSWER.to_owned() };
    within(OPENING_MAX, question).unwrap_or_else(|| Err(no_answer()))
}

/// Closes what a sound library has opened, quietly; waits no longer than for one that works.
pub(super) fn close<T: Send + 'static>(open: T) {
    within(CLOSING_MAX, move || drop(open));
}

pub(super) fn within<T: Send + 'static>(
    limit: Duration,
    act: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, outcome) = mpsc::channel();
    let work = move || {
        silence_alsa();
        // Refused if the caller waits no longer.
        let _ = sender.send(act());
    };
    thread::Builder::new().name("device-opener".to_owned()).spawn(work).ok()?;
    outcome.recv_timeout(limit).ok()
}

/// Sends what ALSA says on this thread to a text that is never read.
#[cfg(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd"))]
fn silence_alsa() {
    // The thread keeps the text; without memory for it ALSA is loud.
    let _ = alsa::Output::local_error_handler();
}

/// Elsewhere the libraries print nothing.
#[cfg(not(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd")))]
fn silence_alsa() {}
