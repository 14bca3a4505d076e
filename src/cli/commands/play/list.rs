//! `--list-devices`: what can be typed for `--device`.

use anyhow::Result;

use crate::cli::exit::Exit;
use crate::cli::ui::output::print;
use crate::device::devices;

pub(crate) fn list() -> Result<Exit> {
    let devices = devices().map_err(|error| Exit::Device.because(error))?;
    let width = devices.iter().map(|device| device.name.chars().count()).max().unwrap_or(0);
    print(devices.iter().map(|device| {
        let default = if device.is_default { " (default)" } else { "" };
        let line = format!("{:width$}  {}{default}", device.name, device.description);
        line.trim_end().to_owned()
    }))?;
    Ok(Exit::Well)
}
