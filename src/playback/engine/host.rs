//! What playing needs of the world: a device, a clock, and somebody who asks and is told.
//!
//! The command line has the real one; tests have one whose clock is the frames they take.

use crate::device::{DeviceError, OutputQueue};
use crate::playback::control::{Command, Update, WallTime};
use crate::units::{Millis, SampleRate};

/// What playing needs of the world.
pub trait PlaybackHost {
    /// The next command. Waits for it no longer than `patience`.
    fn next(&mut self, patience: Millis) -> Option<Command>;

    /// The moment on the clock of the listener's day.
    fn moment(&self) -> WallTime;

    /// How long the machine has been up, asleep or awake: it never goes back, whatever is done to the clock.
    fn uptime(&self) -> Millis;

    /// How long of that it was asleep, as far as the system tells.
    fn asleep(&self) -> Millis;

    /// Tells whoever shows the session.
    fn tell(&mut self, news: Update);

    /// Opens the device, at that rate if it has it.
    ///
    /// # Errors
    /// If there is none.
    fn open(&mut self, wanted: SampleRate) -> Result<Box<dyn Device>, DeviceError>;
}

/// An open device.
pub trait Device {
    /// The rate it takes frames at.
    fn rate(&self) -> SampleRate;

    /// As people call it.
    fn name(&self) -> &str;

    /// The line to it.
    fn line(&mut self) -> &mut OutputQueue;
}
