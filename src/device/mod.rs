//! The speaker: frames through rings without locks to the machine's audio device.
//!
//! [`OutputQueue`] is the end that the renderer holds, `DeviceCallback` the end on the device's thread, which never
//! allocates, locks or waits. Must not know timelines: it plays what it is given, each frame at its position.

mod alsa_guard;
mod callback;
mod clock;
mod device_errors;
mod error;
mod feed;
mod list;
mod output_device;
mod output_queue;
mod setup;
mod shared;

#[cfg(test)]
mod tests;

pub use callback::DeviceCallback;
pub use clock::DeviceClock;
pub use error::DeviceError;
pub use list::{DeviceInfo, devices};
pub use output_device::{OutputDevice, OutputStream};
pub use output_queue::OutputQueue;
pub use shared::StreamEnd;
