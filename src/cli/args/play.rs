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

Press ? during playback for the keys. If stdin is not a terminal, it takes one
command a line: pause, resume, next, back, next section, back section,
forward 10s, back 10s, seek 2:30, louder, softer, volume -6dB, more, end 07:30,
undo, where, keys, quit.")]
    pub(in crate::cli) struct PlayArgs {
        /// The script; `-` reads it from stdin
        #[arg(required_unless_present = "list_devices")]
        pub(in crate::cli) script: Option<PathBuf>,
        #[command(flatten)]
        pub(in crate::cli) track: TrackArgs,
        /// Start at this position, as in 2:30
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        pub(in crate::cli) from: Option<Millis>,
        /// Start at this section: its number, its title, or the start of its title
        #[arg(long, value_name = "SECTION", conflicts_with = "from")]
        pub(in crate::cli) section: Option<String>,
        /// Start where the last playback stopped, unless it was finished
        #[arg(long, conflicts_with_all = ["from", "section"])]
        pub(in crate::cli) resume: bool,
        /// Start after this delay, as in 5m, with a soft bell
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        pub(in crate::cli) start_in: Option<Millis>,
        /// Start at this time of day, as in 06:30 or 6:30pm
        #[arg(long, value_name = "CLOCK", value_parser = TimeOfDay::parse, conflicts_with = "start_in")]
        pub(in crate::cli) at: Option<TimeOfDay>,
        /// End at this time of day: rests become longer or shorter, words do not change
        #[arg(long, value_name = "CLOCK", value_parser = TimeOfDay::parse)]
        pub(in crate::cli) end_at: Option<TimeOfDay>,
        /// Continue the bed after the end, until you stop it
        #[arg(long)]
        pub(in crate::cli) loop_bed_after: bool,
        /// Volume relative to the track, from -60dB to 0dB [default: 0dB]
        #[arg(long, value_name = "LEVEL", value_parser = parse_volume, allow_hyphen_values = true)]
        pub(in crate::cli) volume: Option<Volume>,
        /// Output device; part of its name is enough [default: the system's]
        #[arg(long, value_name = "NAME")]
        pub(in crate::cli) device: Option<String>,
        /// List the output devices
        #[arg(long, exclusive = true)]
        pub(in crate::cli) list_devices: bool,
        /// Speak the keys on ?
        #[arg(long)]
        pub(in crate::cli) speak_keys: bool,
        /// Print one sentence for each event, as for screen readers [default: off a terminal]
        #[arg(long, conflicts_with = "quiet")]
        pub(in crate::cli) plain: bool,
        /// Print problems only
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
