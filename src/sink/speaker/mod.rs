//! The speaker: frames through rings without locks to the machine's audio device.
//!
//! [`Line`] is the end that whoever renders holds, `Tap` the end on the device's thread, which never allocates, locks
//! or waits. Must not know timelines: it plays what it is given, in order, and counts.

mod device;
mod line;
mod tap;

pub use device::{DeviceError, Speaker};
pub use line::{Fade, Line};
pub use tap::Tap;
