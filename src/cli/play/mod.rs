//! `nidra play`: a session live, from any instant.
#![allow(dead_code, reason = "news are shown from the day on that the one who plays sends them")]

mod ask;
mod clock;
mod display;
mod face;
mod keyboard;
mod keys;
mod line;
mod lines;
#[allow(dead_code, unused_imports, reason = "the listener's commands have no receiver yet")]
mod mpris;
mod section;
mod sentences;
mod terminal;
mod wait;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use anyhow::Result;

use super::args::PlayArgs;
use super::exit::Exit;
use super::findings::say;
use super::input::only;
use super::interrupt::on_interrupt;
use crate::pipeline::{self, PlayError};
use crate::player::{Command, Moment};
use crate::timeline::Timeline;
use crate::units::{FramePos, Frames};
use clock::Clock;
use display::Display;
use wait::{Waited, wait_until};

pub(in crate::cli) use clock::TimeOfDay;
pub(in crate::cli) use lines::parse_volume;

pub(super) fn play(args: &PlayArgs) -> Result<Exit> {
    let compiled = match only(args.script.as_deref().unwrap_or(Path::new("-")), &args.track) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let Some(track) = compiled.tracks.first() else { return Ok(Exit::of(&compiled.diagnostics)) };
    let from = match from(args, &track.timeline) {
        Ok(from) => from,
        Err(why) => {
            say(&format!("error: {why}"));
            return Ok(Exit::Usage);
        }
    };
    let (commands, wanted) = channel();
    let stop = Arc::<AtomicBool>::default();
    let (raised, interrupts) = (stop.clone(), commands.clone());
    on_interrupt(move || {
        raised.store(true, Ordering::Relaxed);
        let _ = interrupts.send(Command::Quit);
    })?;
    if let Some(moment) = beginning(args) {
        let mut display = face::open(args, commands);
        if let Waited::Quit = wait(moment, &wanted, &mut display) {
            return Ok(Exit::Interrupted);
        }
    }
    let length = track.timeline.length.to_millis(track.timeline.rate);
    say(&format!("Playing {}, {length}. Ctrl-C stops.", track.name));
    match pipeline::play(track, from, &stop) {
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

/// Where in the track it begins.
fn from(args: &PlayArgs, timeline: &Timeline) -> Result<FramePos, String> {
    if let Some(typed) = &args.section {
        let titles: Vec<&str> = timeline.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
        return section::section(typed, &titles).map(|index| timeline.chapters[index].at);
    }
    let from = args.from.map_or(Frames::ZERO, |from| from.to_frames(timeline.rate));
    if from >= timeline.length {
        return Err(format!("this track is only {} long", timeline.length.to_millis(timeline.rate)));
    }
    Ok(FramePos::START + from)
}

/// When it begins, if not at once.
fn beginning(args: &PlayArgs) -> Option<Moment> {
    let now = Clock::now();
    let after = |length| Moment(now.0 + length);
    args.start_in.map(after).or_else(|| args.at.map(|time| Clock::here().next(time, now)))
}

/// Waits until it begins.
fn wait(moment: Moment, commands: &Receiver<Command>, display: &mut Display) -> Waited {
    let begins = Clock::here().show(moment);
    wait_until(moment, commands, &mut Clock::now, &mut |waiting| display.waiting(waiting, &begins))
}
