//! The host that playing needs: a device, a clock, and a listener who asks and is told.
//!
//! The command line has the real one; tests have one whose clock is the frames they take.

use crate::device::{DeviceError, OutputDevice};
use crate::playback::control::{Command, Update, WallTime};
use crate::units::{Millis, SampleRate};

/// The host of a session: all that playing needs of the world.
pub trait PlaybackHost {
    /// The next command. Waits for it no longer than `patience`.
    fn next(&mut self, patience: Millis) -> Option<Command>;

    /// The moment on the clock of the listener's day.
    fn moment(&self) -> WallTime;

    /// Returns the uptime of the machine, asleep or awake: it never goes back, whatever is done to the clock.
    fn uptime(&self) -> Millis;

    /// Returns the part of that time that it was asleep, as far as the system tells.
    fn asleep(&self) -> Millis;

    /// Tells the display of the session.
    fn tell(&mut self, news: Update);

    /// Opens the device, at that rate if it has it.
    ///
    /// # Errors
    /// If there is none.
    fn open(&mut self, wanted: SampleRate) -> Result<OutputDevice, DeviceError>;
}
