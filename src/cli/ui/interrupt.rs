//! Handling of Ctrl-C and SIGTERM.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::diagnostics::say;
use crate::cli::exit::Exit;

/// Listens for Ctrl-C and SIGTERM. Until something is written they end the program where it is, because nothing
/// is lost; from then on they raise a flag, so that nothing half-written is left. Who presses twice does not wait.
pub(crate) struct Interrupt {
    stop: Arc<AtomicBool>,
    writing: Arc<AtomicBool>,
}

impl Interrupt {
    /// Begins to listen; once a process.
    pub(crate) fn listen() -> Result<Self> {
        let this = Self { stop: Arc::default(), writing: Arc::default() };
        let (stop, writing) = (this.stop.clone(), this.writing.clone());
        on_interrupt(move || {
            let again = stop.swap(true, Ordering::Relaxed);
            if again || !writing.load(Ordering::Relaxed) {
                leave();
            }
        })?;
        Ok(this)
    }

    /// Notes that something is written from now on, and returns the flag that the writer looks at.
    pub(crate) fn writing(&self) -> &AtomicBool {
        self.writing.store(true, Ordering::Relaxed);
        &self.stop
    }
}

/// Does `act` on Ctrl-C and SIGTERM; once a process.
pub(crate) fn on_interrupt(act: impl FnMut() + Send + 'static) -> Result<()> {
    ctrlc::set_handler(act).context("could not listen for Ctrl-C")
}

#[allow(clippy::disallowed_methods, reason = "who insists does not wait for what looks at no flag")]
pub(crate) fn leave() -> ! {
    say("Interrupted.");
    process::exit(Exit::Interrupted as i32)
}
