//! `nidra play`: a session live, for a listener who lies on the floor with closed eyes.
//!
//! Threads: this one shows what is told; the engine plays, in `playback`, with a worker behind it; those that hear keys,
//! lines and media keys only send commands. Between them are two channels: commands and updates.

mod beginning;
mod host;
mod list;
mod played_script;
mod section;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use anyhow::Result;

use crate::build::Track;
use crate::cli::args::PlayArgs;
use crate::cli::clock::WallClock;
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::interrupt::{leave, on_interrupt};
use crate::cli::ui::media_keys::{self, SessionInfo};
use crate::cli::ui::player::wait::{Waited, wait_until};
use crate::cli::ui::player::{self, Display, keys};
use crate::playback::control::{Command, Ending, PlaybackEvent, Update, Volume, WallTime};
use crate::playback::{After, Opening, PlayError, PlayRequest, PlaybackHost, ResumeNote, run};
use beginning::Beginning;
use host::{Found, LiveHost};
use played_script::PlayedScript;

/// Number of presses of Ctrl-C that end the program without any more patience.
const PRESSES_TO_LEAVE: u32 = 3;

pub(crate) fn play(args: &PlayArgs) -> Result<Exit> {
    if args.list_devices {
        return list::list();
    }
    let (played, track) = PlayedScript::compile(args)?;
    let note = ResumeNote::of(&track);
    let beginning =
        beginning::beginning(args, &track, note.as_ref()).map_err(|why| Exit::Usage.because(why))?;
    let (commands, wanted) = channel();
    let (news, told) = channel();
    let interrupts = listen_to_interrupts(&commands)?;
    let mut display = player::open(args, commands.clone());
    let mut host = LiveHost { commands: wanted, news, device: args.device.clone(), found: Found::NotYet };
    let moment = beginning::moment(args, &WallClock::here(), WallClock::now());
    let opening = if moment.is_some() { Opening::SoftBell } else { Opening::None };
    let ends = |begins| WallClock::here().show(beginning.end(begins, opening));
    let told_end = ends(moment.unwrap_or_else(WallClock::now));
    display.say(&beginning.first_line(&track.title(), &end(args, &told_end)));
    beginning.told.iter().chain(&played.remarks).for_each(|told| display.say(told));
    if let Some(moment) = moment {
        if wait(moment, &mut host, &mut display).map_err(failure)? == Waited::Quit {
            return Ok(quit(&interrupts));
        }
        // Who did not want to wait is told the end that follows from it.
        let end = ends(WallClock::now());
        if args.end_at.is_none() && end != told_end {
            display.say(&format!("It ends at {end}."));
        }
    }
    let show = show(args, track, beginning, opening);
    let bus = media_keys::appear(session(&show.track), commands);
    let mut whole = Exit::Well;
    let ending = play_while(show, &played, host, || {
        display.run(&told, &mut |news| match (news, &bus, &note) {
            (Update::Event(PlaybackEvent::LeftOut(_)), ..) => whole = Exit::Sound,
            (Update::Status(status), Some(bus), _) => bus.show(status),
            // What cannot be noted costs no more than that.
            (Update::ResumePoint(point), _, Some(note)) => drop(note.write(point)),
            _ => {}
        });
    });
    played.keep();
    match ending.map_err(failure)? {
        Ending::Played => {
            note.iter().for_each(ResumeNote::forget);
            display.say("The session is over.");
            Ok(whole)
        }
        Ending::Quit { at } => {
            let again = if note.is_some() { "; --resume goes on from there" } else { "" };
            display.say(&format!("Ended at {}{again}.", at.clock()));
            Ok(quit(&interrupts))
        }
    }
}

fn show(args: &PlayArgs, track: Track, beginning: Beginning, opening: Opening) -> PlayRequest {
    let now = WallClock::now();
    PlayRequest {
        track,
        from: beginning.start,
        edits: beginning.edits,
        opening,
        after: if args.loop_bed_after { After::Bed } else { After::Nothing },
        volume: args.volume.unwrap_or(Volume::FULL),
        goal: args.end_at.map(|time| WallClock::here().next(time, now)),
        keys: if args.speak_keys { keys::spoken().map(str::to_owned).collect() } else { Vec::new() },
    }
}

/// Plays on a thread of its own, the engine's, while this one shows it.
fn play_while(
    show: PlayRequest,
    played: &PlayedScript,
    mut host: LiveHost,
    watch: impl FnOnce(),
) -> Result<Ending, PlayError> {
    thread::scope(|scope| {
        let play = move || run(show, &|rate| played.again(rate), &mut host);
        let playing = thread::Builder::new().name("engine".to_owned()).spawn_scoped(scope, play)?;
        watch();
        playing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Returns the facts about the session that desktops and headsets are told.
fn session(track: &Track) -> SessionInfo {
    let meta = &track.session.meta;
    SessionInfo { title: track.title(), artist: meta.author.clone(), album: meta.album.clone() }
}

/// The end of a session in its first line. Whether it can end when it is to is known when it begins.
fn end(args: &PlayArgs, end: &str) -> String {
    let wanted =
        args.end_at.map(|time| WallClock::here().show(WallClock::here().next(time, WallClock::now())));
    let bed = if args.loop_bed_after { ", and its bed goes on" } else { "" };
    match wanted {
        Some(wanted) => format!("to end at {wanted}{bed}"),
        None => format!("ends at {end}{bed}"),
    }
}

/// Waits until it is to begin; that there is a device is known before.
fn wait(moment: WallTime, host: &mut LiveHost, display: &mut Display) -> Result<Waited, PlayError> {
    drop(host.open(crate::units::SampleRate::HZ_48000)?);
    let begins = WallClock::here().show(moment);
    let mut tell = |waiting| display.waiting(waiting, &begins);
    Ok(wait_until(moment, &mut |patience| host.next(patience), &mut WallClock::now, &mut tell))
}

/// Ctrl-C and SIGTERM are a wish to end, and a fade; who insists does not wait.
fn listen_to_interrupts(commands: &Sender<Command>) -> Result<Arc<AtomicU32>> {
    let count = Arc::<AtomicU32>::default();
    let (interrupts, commands) = (count.clone(), commands.clone());
    on_interrupt(move || {
        let _ = commands.send(Command::Quit);
        if interrupts.fetch_add(1, Ordering::Relaxed) + 1 >= PRESSES_TO_LEAVE {
            leave();
        }
    })?;
    Ok(count)
}

/// Returns the exit code of a session that was ended: with a key it has ended well; a signal is an interruption.
fn quit(interrupts: &AtomicU32) -> Exit {
    if interrupts.load(Ordering::Relaxed) > 0 { Exit::Interrupted } else { Exit::Well }
}

fn failure(error: PlayError) -> Failure {
    let exit = match error {
        PlayError::Device(_) => Exit::Device,
        PlayError::Sound(_) => Exit::Sound,
        PlayError::Rate(_) | PlayError::Thread(_) => Exit::Failed,
    };
    exit.because(error)
}
