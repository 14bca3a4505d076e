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
use std::time::Duration;

/// Time limit for opening a device: a sound server that hangs never answers.
pub(super) const OPENING: Duration = Duration::from_secs(5);

/// Does what talks to a sound library, quietly. Nothing if that takes longer: then it goes on alone, and what it comes
/// to is dropped.
pub(super) fn quietly_within<T: Send + 'static>(
    limit: Duration,
    act: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, outcome) = mpsc::channel();
    std::thread::spawn(move || {
        hush();
        // Refused if the caller waits no longer.
        let _ = sender.send(act());
    });
    outcome.recv_timeout(limit).ok()
}

/// Sends what ALSA says on this thread to a text that is never read.
#[cfg(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd"))]
fn hush() {
    // The thread keeps the text; without memory for it ALSA is loud.
    let _ = alsa::Output::local_error_handler();
}

/// Elsewhere the libraries print nothing.
#[cfg(not(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd")))]
fn hush() {}
