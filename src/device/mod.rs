//! The speaker: frames through rings without locks to the machine's audio device.
//!
//! [`Line`] is the end that whoever renders holds, `Tap` the end on the device's thread, which never allocates, locks
//! or waits. Must not know timelines: it plays what it is given, in order, and counts.

mod error;
mod feed;
mod line;
mod list;
mod orders;
mod quiet;
mod setup;
mod speaker;
mod tap;
#[cfg(test)]
mod tests;
mod trouble;

pub use error::DeviceError;
pub use line::{Line, Pace};
pub use list::{DeviceInfo, devices};
pub use orders::Fade;
pub use speaker::Speaker;
pub use tap::Tap;
