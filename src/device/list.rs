//! The machine's audio devices, as a person finds theirs.
//!
//! ALSA knows dozens of names for one pair of loudspeakers. Shown are the system's default, sound servers, what a user
//! has set up, and each card's outlets once; a user who knows another name can type that in full.

use rodio::cpal::traits::{DeviceTrait, HostTrait};
use rodio::cpal::{Device, ErrorKind, HostId};

use super::alsa_guard::ask;
use super::error::DeviceError;

/// The name of the system's default where it has no other.
pub(super) const DEFAULT_NAME: &str = "default";

/// An audio device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// The name to type for it.
    pub name: String,
    /// Its description of itself; empty if that is its name.
    pub description: String,
    /// True if it is the one that the system plays through.
    pub is_default: bool,
}

/// The devices there are, the default first.
///
/// # Errors
/// [`DeviceError::NoDevice`] if there is none.
pub fn devices() -> Result<Vec<DeviceInfo>, DeviceError> {
    let usable: Vec<_> =
        ask(DEFAULT_NAME, || Ok(usable(known()?).into_iter().map(|known| known.info).collect()))?;
    if usable.is_empty() { Err(DeviceError::NoDevice) } else { Ok(usable) }
}

/// A device and what it is called.
pub(super) struct KnownDevice {
    pub(super) device: Device,
    pub(super) info: DeviceInfo,
}

/// The system's default.
pub(super) fn default() -> Result<KnownDevice, DeviceError> {
    let device = rodio::cpal::default_host().default_output_device().ok_or(DeviceError::NoDevice)?;
    let mut info = info(&device).ok_or(DeviceError::NoDevice)?;
    info.is_default = true;
    Ok(KnownDevice { device, info })
}

/// The one that is called so, or by part of it.
pub(super) fn named(name: &str) -> Result<KnownDevice, DeviceError> {
    let all = known()?;
    let infos: Vec<DeviceInfo> = all.iter().map(|known| known.info.clone()).collect();
    // Whole names of all, also of those that are not shown.
    if let Some(index) = infos.iter().position(|info| info.name.eq_ignore_ascii_case(name)) {
        return all.into_iter().nth(index).ok_or(DeviceError::NoDevice);
    }
    let shown = usable(all);
    let infos: Vec<DeviceInfo> = shown.iter().map(|known| known.info.clone()).collect();
    let index = find(&infos, name)?;
    shown.into_iter().nth(index).ok_or(DeviceError::NoDevice)
}

/// Finds the device that a part of a name or of a description means.
pub(super) fn find(infos: &[DeviceInfo], name: &str) -> Result<usize, DeviceError> {
    let part = name.to_lowercase();
    let whole = infos
        .iter()
        .position(|info| info.name.to_lowercase() == part || info.description.to_lowercase() == part);
    if let Some(index) = whole {
        return Ok(index);
    }
    let fits: Vec<usize> = (0..infos.len())
        .filter(|&index| {
            let DeviceInfo { name, description, .. } = &infos[index];
            name.to_lowercase().contains(&part) || description.to_lowercase().contains(&part)
        })
        .collect();
    let names =
        |of: &mut dyn Iterator<Item = &DeviceInfo>| of.map(|info| info.name.clone()).collect::<Vec<_>>();
    match fits[..] {
        [one] => Ok(one),
        [] => Err(DeviceError::NoSuchDevice { name: name.to_owned(), known: names(&mut infos.iter()) }),
        _ => {
            let known = names(&mut fits.iter().map(|&index| &infos[index]));
            Err(DeviceError::SeveralDevices { name: name.to_owned(), known })
        }
    }
}

fn known() -> Result<Vec<KnownDevice>, DeviceError> {
    let host = rodio::cpal::default_host();
    let default = host.default_output_device().and_then(|device| device.id().ok());
    // Not `output_devices`: it drops those that ALSA cannot tell the direction of.
    let devices = host.devices().map_err(|_| DeviceError::NoDevice)?;
    Ok(devices
        .filter(|device| device.supports_output())
        .filter_map(|device| {
            let mut info = info(&device)?;
            info.is_default = device.id().ok() == default;
            Some(KnownDevice { device, info })
        })
        .collect())
}

/// ALSA's name is what is typed there, and elsewhere what the device calls itself: its id is a row of digits.
fn info(device: &Device) -> Option<DeviceInfo> {
    let description = device.description().ok()?.name().to_owned();
    let id = device.id().ok()?;
    let info = if is_alsa(&id.host()) {
        DeviceInfo { name: id.id().to_owned(), description, is_default: false }
    } else {
        DeviceInfo { name: description, description: String::new(), is_default: false }
    };
    Some(info)
}

fn is_alsa(host: &HostId) -> bool {
    host.name().eq_ignore_ascii_case("alsa")
}

/// Those that a person looks for and that open, the default first.
fn usable(all: Vec<KnownDevice>) -> Vec<KnownDevice> {
    let mut usable = shown(all);
    usable.retain(|known| answers(&known.device));
    usable
}

/// Those that a person looks for, the default first.
fn shown(all: Vec<KnownDevice>) -> Vec<KnownDevice> {
    let on_alsa = all.first().and_then(|known| known.device.id().ok()).is_some_and(|id| is_alsa(&id.host()));
    let mut shown: Vec<KnownDevice> = Vec::new();
    for known in all {
        let again = shown.iter().any(|other| is_the_same(&known.info, &other.info));
        if !(again || (on_alsa && is_hidden(&known.info.name) && !known.info.is_default)) {
            shown.push(known);
        }
    }
    shown.sort_by_key(|known| !known.info.is_default);
    shown
}

fn is_the_same(one: &DeviceInfo, other: &DeviceInfo) -> bool {
    let kind = |name: &str| name.split(':').next().unwrap_or_default().to_owned();
    one.name == other.name
        || (one.name.contains(':')
            && one.description == other.description
            && kind(&one.name) == kind(&other.name))
}

/// ALSA's names that are only ways to others: of a card, `plughw` stands for all, since it takes every rate and format.
fn is_hidden(name: &str) -> bool {
    // The plugins of alsa-plugins and of alsa.conf that are no devices, and JACK, whose library prints when it is asked.
    const WAYS: [&str; 14] = [
        "null",
        "lavrate",
        "samplerate",
        "speexrate",
        "speex",
        "upmix",
        "vdownmix",
        "oss",
        "dmix",
        "dsnoop",
        "usbstream",
        "a52",
        "sysdefault",
        "jack",
    ];
    match name.split_once(':') {
        Some((kind, _)) => kind != "plughw",
        None => WAYS.contains(&name),
    }
}

/// True if it opens, or would if no other program had it.
fn answers(device: &Device) -> bool {
    match device.supported_output_configs() {
        Ok(_) => true,
        Err(error) => matches!(error.kind(), ErrorKind::DeviceBusy | ErrorKind::PermissionDenied),
    }
}
