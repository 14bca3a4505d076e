//! The arguments of `nidra play`: what is played, when it begins and ends, and what is seen of it.

#[cfg(feature = "play")]
use crate::playback::control::Volume;
#[cfg(feature = "play")]
use crate::units::Decibels;
#[cfg(feature = "play")]
pub(in crate::cli) use with_devices::PlayArgs;

/// Without devices all arguments are accepted, so that what is missing can be said.
#[cfg(not(feature = "play"))]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PlayArgs {
    /// The script; this nidra was built without live playing
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _script: Vec<std::ffi::OsString>,
}

#[cfg(feature = "play")]
mod with_devices {
    use std::path::PathBuf;

    use clap::Args as ClapArgs;

    use super::parse_volume;
    use crate::cli::args::TrackArgs;
    use crate::cli::clock::TimeOfDay;
    use crate::playback::control::Volume;
    use crate::script::parse_time;
    use crate::units::Millis;

    #[derive(Debug, ClapArgs)]
    #[command(after_help = "Examples:
  nidra play scripts/evening.toml
  nidra play scripts/evening.toml --section rest
  nidra play scripts/evening.toml --set hold=7m --end-at 22:30
  nidra play scripts/morning.toml --at 06:30
  echo pause > commands          where `commands` is a FIFO: nidra play SCRIPT <> commands

Press ? while it plays for the keys. Where stdin is no terminal, commands are lines: pause, resume, next, back,
next section, back section, forward 10s, back 10s, seek 2:30, louder, softer, volume -6dB, more, end 07:30, undo,
where, keys, quit.")]
    pub(in crate::cli) struct PlayArgs {
        /// The script; `-` reads it from stdin
        #[arg(required_unless_present = "list_devices")]
        pub(in crate::cli) script: Option<PathBuf>,
        #[command(flatten)]
        pub(in crate::cli) track: TrackArgs,
        /// Begin at this time of the track, as in 2:30
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        pub(in crate::cli) from: Option<Millis>,
        /// Begin at this section: its title or the beginning of it, or its number
        #[arg(long, value_name = "SECTION", conflicts_with = "from")]
        pub(in crate::cli) section: Option<String>,
        /// Begin where it stopped the last time, if it did not come to its end
        #[arg(long, conflicts_with_all = ["from", "section"])]
        pub(in crate::cli) resume: bool,
        /// Wait so long before it begins, as in 5m; a soft bell rings when it does
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        pub(in crate::cli) start_in: Option<Millis>,
        /// Wait until this time of day, as in 06:30 or 6:30pm
        #[arg(long, value_name = "CLOCK", value_parser = TimeOfDay::parse, conflicts_with = "start_in")]
        pub(in crate::cli) at: Option<TimeOfDay>,
        /// End at this time of day: rests are made longer or shorter, words stay as they are
        #[arg(long, value_name = "CLOCK", value_parser = TimeOfDay::parse)]
        pub(in crate::cli) end_at: Option<TimeOfDay>,
        /// Play the bed on after the end, until it is ended
        #[arg(long)]
        pub(in crate::cli) loop_bed_after: bool,
        /// Volume, against the track: 0dB is all of it [default: 0dB]
        #[arg(long, value_name = "LEVEL", value_parser = parse_volume, allow_hyphen_values = true)]
        pub(in crate::cli) volume: Option<Volume>,
        /// Play on this device [default: the system's]
        #[arg(long, value_name = "NAME")]
        pub(in crate::cli) device: Option<String>,
        /// List the devices there are
        #[arg(long, exclusive = true)]
        pub(in crate::cli) list_devices: bool,
        /// Speak the keys when they are asked for with ?
        #[arg(long)]
        pub(in crate::cli) speak_keys: bool,
        /// One sentence an event in place of a line that changes, as for a screen reader [default: off a terminal]
        #[arg(long, conflicts_with = "quiet")]
        pub(in crate::cli) plain: bool,
        /// Say nothing unless something is wrong
        #[arg(short, long)]
        pub(in crate::cli) quiet: bool,
    }
}

/// A volume as it is typed: `-6dB`, never above `0dB`.
///
/// # Errors
/// What to type instead.
#[cfg(feature = "play")]
pub(crate) fn parse_volume(typed: &str) -> Result<Volume, String> {
    let typed = typed.trim().to_ascii_lowercase();
    let number = typed.strip_suffix("db").and_then(|number| number.trim_end().parse::<f64>().ok());
    match number {
        Some(level) if level.is_finite() && level <= 0.0 => Ok(Volume::new(Decibels(level))),
        _ => Err("write a volume from -60dB to 0dB, as in -6dB".to_owned()),
    }
}
