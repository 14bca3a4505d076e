//! `nidra render`: scripts to tracks. A failing script is reported and the rest go on.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{PlayerArg, RenderArgs};
use super::exit::Exit;
use super::findings::{Said, say};
use super::input::sources;
use super::naming::Naming;
use super::place::{self, Place};
use super::plan::{Plan, Wanted, plan};
use super::playlist;
use super::progress::Progress;
use super::report::{Batch, exit, exit_of, sentence};
use super::summary::summary;
use crate::pipeline::{
    self, Assigned, Event, Job, Outcome, Overwrite, Remake, RenderError, SchedulerError, Shard, Shelves,
    Target,
};
use crate::sink::Format;
use anyhow::{Context, Result};

pub(super) fn render(args: RenderArgs) -> Result<Exit> {
    let sources = match sources(&args.scripts) {
        Ok(sources) => sources,
        Err(exit) => return Ok(exit),
    };
    threads(args.jobs)?;
    let (naming, folder) = match args.player {
        Some(PlayerArg::Phone) => (Naming::Numbered, "phone"),
        None => (Naming::AsScripts, ""),
    };
    let place = Place::of(args.output.as_deref(), folder);
    if let (Place::Stdout, Some(why)) = (&place, unfit_for_stdout(&args)) {
        say(&format!("error: {why}"));
        return Ok(Exit::Usage);
    }
    let formats = match place.formats(&args.format) {
        Ok(formats) if formats.is_empty() && args.player.is_some() => vec![Format::Mp3],
        Ok(formats) => formats,
        Err(exit) => return Ok(exit),
    };
    let shard = match shard(&args) {
        Ok(shard) => shard,
        Err(error) => {
            say(&format!("error: {error}"));
            return Ok(Exit::Usage);
        }
    };
    let wanted = Wanted { place, formats, overrides: args.overrides(), deny: args.deny, shard, naming };
    let stop = stop_on_interrupt()?;
    let shelves = Shelves::default();
    let mut plan = plan(&sources, &wanted, &shelves, &mut Said::default());
    match (&wanted.place, plan.jobs.as_mut_slice()) {
        (Place::Stdout, _) => return Ok(stream(&plan, &stop)),
        // The one file of the one track may have any name.
        (Place::File(path), [Job { files, .. }]) if files.len() == 1 => {
            files[0].1.clone_from(path);
            plan.folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        }
        _ => {}
    }
    let (remake, overwrite) = match args.force {
        true => (Remake::All, Overwrite::Anything),
        false => (Remake::Changed, Overwrite::Ours),
    };
    let playlist = args.playlist || args.player.is_some();
    if playlist && playlist::allowed(&plan, overwrite) != Exit::Well {
        return Ok(Exit::Failed);
    }
    if naming == Naming::Numbered {
        pipeline::renumber(&plan.jobs);
    }
    let outcomes = run(&plan, remake, &stop);
    shelves.keep();
    if args.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &Batch::new(&plan, &outcomes))
            .context("could not print the result")?;
        writeln!(std::io::stdout())?;
    }
    let mut exit = end(&plan, &outcomes);
    if playlist && exit != Exit::Interrupted {
        exit = exit.and(playlist::write(&plan, &outcomes, wanted.shard, overwrite));
    }
    if naming == Naming::Numbered && args.scripts.is_empty() {
        strangers(&plan);
    }
    Ok(exit)
}

/// Names the tracks in a folder for a player that no script makes any more: they would be played, too.
fn strangers(plan: &Plan) {
    let others: Vec<String> = pipeline::others(&plan.jobs).iter().map(|path| place::shown(path)).collect();
    if !others.is_empty() {
        say(&format!("Of no script any more: {}.", others.join(", ")));
    }
}

/// The share of the work that was asked for, or that an array scheduler gives to this process. Scripts that are
/// named one by one are all meant: whoever does so has made a division already.
fn shard(args: &RenderArgs) -> Result<Shard, SchedulerError> {
    if let Some(shard) = args.shard {
        return Ok(shard);
    }
    if !args.scripts.is_empty() && !args.scripts.iter().any(|path| path.is_dir()) {
        return Ok(Shard::WHOLE);
    }
    let assigned = pipeline::assigned_shard(&|variable| std::env::var(variable).ok())?;
    Ok(assigned.map_or(Shard::WHOLE, |Assigned { shard, scheduler }| {
        say(&format!("Shard {shard}, as {scheduler} says; `--shard 0/1` renders everything."));
        shard
    }))
}

/// As many threads as were asked for, or cores there are.
pub(super) fn threads(jobs: Option<u16>) -> Result<()> {
    let threads = usize::from(jobs.unwrap_or(0));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().context("could not start threads")
}

/// Makes all tracks of a plan.
pub(super) fn run(plan: &Plan, remake: Remake, stop: &AtomicBool) -> Vec<Option<Outcome>> {
    let progress = Progress::begin(&plan.jobs);
    pipeline::batch(&plan.jobs, remake, stop, &|number, event| progress.tell(number, event))
}

/// Says how a run ended, and how that counts.
pub(super) fn end(plan: &Plan, outcomes: &[Option<Outcome>]) -> Exit {
    summary(plan, outcomes).iter().for_each(|line| say(line));
    let exit = outcomes.iter().fold(plan.exit(), |all, outcome| all.and(exit(outcome.as_ref())));
    if exit == Exit::Interrupted {
        say("Interrupted; nothing half-written was left.");
    }
    exit
}

/// Why a run cannot write its track to stdout.
fn unfit_for_stdout(args: &RenderArgs) -> Option<&'static str> {
    if std::io::stdout().is_terminal() {
        return Some("a track is not for a terminal; write `-o track.wav`, or pipe it: `-o - | ffplay -`");
    }
    if !args.with.is_empty() {
        return Some("`--with` writes files beside a track, and on stdout there is no beside");
    }
    if args.playlist {
        return Some("`--playlist` writes a file beside the tracks, and on stdout there is no beside");
    }
    args.json.then_some("`--json` and `-o -` both want stdout")
}

/// The one track of a plan to stdout.
fn stream(plan: &Plan, stop: &AtomicBool) -> Exit {
    let (track, format) = match plan.jobs.as_slice() {
        [Job { track, files }] if files.len() == 1 => (track, files[0].0),
        [] => return plan.exit(),
        jobs => {
            let choices = editions(jobs);
            say(&format!("error: stdout has room for one track; choose one script, one format{choices}"));
            return Exit::Usage;
        }
    };
    let mut stdout = std::io::stdout();
    let progress = Progress::begin(&plan.jobs);
    progress.tell(0, Event::Begun(track.timeline.length));
    let mut tell = |done| progress.tell(0, Event::Progress(done));
    let rendered = pipeline::render(track, format, Target::Stream(&mut stdout), stop, &mut tell);
    drop(progress);
    match rendered {
        Ok(report) => say(&sentence(&track.name, track, &report)),
        // Whoever reads the pipe has got what they wanted.
        Err(RenderError::Stream(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            say(&format!("error: {error}"));
            return exit_of(&error);
        }
    }
    plan.exit()
}

fn editions(jobs: &[Job]) -> String {
    let editions = jobs.iter().filter_map(|job| job.track.session.edition.as_ref());
    let editions: Vec<String> = editions.map(|edition| format!("`--edition {edition}`")).collect();
    if editions.len() < 2 { String::new() } else { format!(" and one of {}", editions.join(", ")) }
}

/// A flag that Ctrl-C and SIGTERM raise; whoever works looks at it once a block.
pub(super) fn stop_on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("could not listen for Ctrl-C")?;
    Ok(stop)
}
