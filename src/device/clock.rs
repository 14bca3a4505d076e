//! The clock of a device: real time, or none.

/// The pace at which a device takes frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceClock {
    /// As they are heard: it cannot wait.
    Realtime,
    /// As fast as it gets them: there is no loudspeaker behind it, and it would take silence where a frame is late.
    Freewheel,
}

/// Returns the clock of ALSA's PCM of that name. ALSA describes a PCM with all that it passes frames on to; of these only
/// the `null` plugin has no clock, with a `file` plugin before it or without. A PCM that does not open, because another
/// program has it, is a card.
#[cfg(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd"))]
pub(super) fn clock_of(name: &str) -> DeviceClock {
    let describe = || -> alsa::Result<String> {
        let mut description = alsa::Output::buffer_open()?;
        alsa::PCM::new(name, alsa::Direction::Playback, true)?.dump(&mut description)?;
        Ok(description.to_string())
    };
    let ends_in_null = |description: String| description.lines().any(|line| line.ends_with("Null PCM"));
    match describe().is_ok_and(ends_in_null) {
        true => DeviceClock::Freewheel,
        false => DeviceClock::Realtime,
    }
}

/// Elsewhere every device is a loudspeaker.
#[cfg(not(any(target_os = "linux", target_os = "dragonfly", target_os = "freebsd", target_os = "netbsd")))]
pub(super) fn clock_of(_name: &str) -> DeviceClock {
    DeviceClock::Realtime
}
