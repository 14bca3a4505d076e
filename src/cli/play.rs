//! `nidra play`: a session live, from any instant.

use std::sync::atomic::Ordering;

use anyhow::Result;

use super::args::PlayArgs;
use super::exit::Exit;
use super::findings::say;
use super::input::only;
use super::interrupt::Interrupt;
use crate::pipeline::{self, PlayError};
use crate::units::{FramePos, Millis};

pub(super) fn play(args: &PlayArgs) -> Result<Exit> {
    let compiled = match only(&args.script, &args.track) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let Some(track) = compiled.tracks.first() else { return Ok(Exit::of(&compiled.diagnostics)) };
    let rate = track.timeline.rate;
    let from = args.from.unwrap_or(Millis::ZERO).to_frames(rate);
    if from >= track.timeline.length {
        say(&format!("error: this track is only {} long", track.timeline.length.to_millis(rate)));
        return Ok(Exit::Usage);
    }
    let interrupt = Interrupt::listen()?;
    let stop = interrupt.writing();
    say(&format!("Playing {}, {}. Ctrl-C stops.", track.name, track.timeline.length.to_millis(rate)));
    match pipeline::play(track, FramePos::START + from, stop) {
        Ok(()) => Ok(Exit::Well),
        Err(PlayError::Interrupted) if stop.load(Ordering::Relaxed) => Ok(Exit::Interrupted),
        Err(PlayError::Interrupted) => {
            say("error: the audio device went away");
            Ok(Exit::Device)
        }
        Err(PlayError::Device(error)) => {
            say(&format!("error: {error}"));
            Ok(Exit::Device)
        }
        Err(PlayError::Sound(error)) => {
            say(&format!("error: {error}"));
            Ok(Exit::Sound)
        }
    }
}
