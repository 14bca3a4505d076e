//! `--list-devices`: what can be typed for `--device`.

use std::io::Write;

use anyhow::Result;

use crate::cli::exit::Exit;
use crate::cli::findings::say;
use crate::sink::devices;

pub(super) fn list() -> Result<Exit> {
    let devices = match devices() {
        Ok(devices) => devices,
        Err(error) => {
            say(&format!("error: {error}"));
            return Ok(Exit::Device);
        }
    };
    let width = devices.iter().map(|device| device.name.chars().count()).max().unwrap_or(0);
    let mut out = std::io::stdout().lock();
    for device in devices {
        let default = if device.is_default { " (default)" } else { "" };
        let line = format!("{:width$}  {}{default}", device.name, device.description);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(Exit::Well)
}
