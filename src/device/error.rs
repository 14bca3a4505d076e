//! The reason for there being no sound, in a line.

use rodio::cpal::ErrorKind;
use rodio::stream::DeviceSinkError;

/// The reason of a sound server that hangs.
pub(super) const NO_ANSWER: &str = "the sound system does not answer";

/// The reason that a device cannot be played through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The machine has none.
    #[error("there is no audio device to play through; `nidra render` needs none")]
    NoDevice,
    /// None is called so.
    #[error("there is no audio device `{name}`; `nidra play --list-devices` names those there are")]
    NoSuchDevice {
        /// The name that was asked for.
        name: String,
        /// Names of the devices that there are.
        known: Vec<String>,
    },
    /// More than one could be meant.
    #[error("`{name}` may be any of these audio devices: {}; write more of the name", .known.join(", "))]
    SeveralDevices {
        /// The name that was asked for.
        name: String,
        /// Names of the devices that it fits.
        known: Vec<String>,
    },
    /// It is there and does not play.
    #[error(
        "the audio device `{name}` does not play: {reason}; `nidra play --list-devices` names the others"
    )]
    Refused {
        /// Name of the device.
        name: String,
        /// The reason, as plainly as the system says it.
        reason: String,
    },
}

/// Returns the reason that the device gave, in our words where we know more than that it failed.
pub(super) fn reason(error: &DeviceSinkError) -> String {
    match error {
        DeviceSinkError::PlayError(error)
        | DeviceSinkError::DefaultSinkConfigError(error)
        | DeviceSinkError::BuildError(error)
        | DeviceSinkError::SupportedConfigsError(error) => cause(error),
        other => other.to_string(),
    }
}

/// The same for an error of the layer below.
pub(super) fn cause(error: &rodio::cpal::Error) -> String {
    match error.kind() {
        ErrorKind::DeviceBusy => "another program has it".to_owned(),
        ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        ErrorKind::DeviceNotAvailable => "it is not connected".to_owned(),
        ErrorKind::HostUnavailable => "the sound system does not run".to_owned(),
        ErrorKind::UnsupportedConfig => "it has no rate or format that suits".to_owned(),
        _ => error.to_string(),
    }
}
