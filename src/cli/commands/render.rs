//! `nidra render`: scripts to tracks. A failing script is reported and the rest go on.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};

use super::run::input::{is_pipe, sources};
use super::run::naming::Naming;
use super::run::place::{self, OutputPlace};
use super::run::plan::{RunPlan, Wanted, plan};
use super::run::playlist;
use super::run::progress::{Progress, ReportedJobs};
use super::run::report::Batch;
use super::run::stdout;
use super::run::summary::end;
use super::watch::watch;
use crate::build::{self, Assigned, JobResult, RebuildPolicy, SchedulerError, Shard, Stores, assigned_shard};
use crate::cli::args::{PlayerArg, RenderArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::{PrintedDiagnostics, say, say_failure};
use crate::cli::ui::interrupt::Interrupt;
use crate::cli::ui::output::print_json;
use crate::encode::Format;

pub(crate) fn render(args: RenderArgs) -> Result<Exit> {
    let wanted = wanted(&args)?;
    let sources = sources(&args.scripts)?;
    threads(args.jobs)?;
    let policy = match (args.force, args.verify) {
        (true, _) => RebuildPolicy::All,
        (false, true) => RebuildPolicy::ChangedOrDamaged,
        (false, false) => RebuildPolicy::Changed,
    };
    if let Some(how) = args.watch {
        return watch(&args.scripts, &wanted, policy, how);
    }
    let interrupt = Interrupt::listen()?;
    let stores = if args.verify { Stores::default().reading_all() } else { Stores::default() };
    let mut plan = plan(&sources, &wanted, &stores, &mut PrintedDiagnostics::default());
    if let OutputPlace::Stdout = wanted.place {
        return Ok(stdout::write(&plan, interrupt.writing())?);
    }
    let with_playlist = args.playlist || args.player.is_some();
    plan.name_the_one(&wanted.place)?;
    if with_playlist {
        playlist::allowed(&mut plan, policy.overwrite())?;
    }
    let stop = interrupt.writing();
    if wanted.naming == Naming::Numbered {
        build::renumber(&plan.jobs);
    }
    let outcomes = run(&plan, policy, stop);
    stores.keep();
    if args.json {
        print_json(&Batch::new(&plan, &outcomes))?;
    }
    let mut exit = end(&plan, &outcomes);
    if with_playlist && exit != Exit::Interrupted {
        let written = playlist::write(&plan, &outcomes, wanted.shard, policy.overwrite());
        exit = exit.and(written.map_or_else(|failure| say_failure(&failure.into()), |()| Exit::Well));
    }
    if wanted.naming == Naming::Numbered && args.scripts.is_empty() {
        say_orphans(&plan);
    }
    Ok(exit)
}

/// Returns the settings for all scripts.
fn wanted(args: &RenderArgs) -> Result<Wanted, Failure> {
    let (naming, folder) = match args.player {
        Some(PlayerArg::Phone) => (Naming::Numbered, "phone"),
        None => (Naming::AsScripts, ""),
    };
    let place = OutputPlace::of(args.output.as_deref(), folder);
    let unfit = match (&place, args.watch) {
        (_, Some(_)) => unfit_to_watch(args),
        (OutputPlace::Stdout, None) => stdout::unfit(args),
        _ => None,
    };
    if let Some(why) = unfit {
        return Err(Exit::Usage.because(why));
    }
    let mut formats = place.formats(&args.format)?;
    if formats.is_empty() && args.player.is_some() {
        formats = vec![Format::Mp3];
    }
    let shard = shard(args).map_err(|error| Exit::Usage.because(error))?;
    Ok(Wanted { place, formats, overrides: args.overrides(), deny: args.deny, shard, naming })
}

/// The share of the work that was asked for, or that an array scheduler gives to this process. Scripts that are named
/// one by one are all meant: a caller who does so has made a division already.
fn shard(args: &RenderArgs) -> Result<Shard, SchedulerError> {
    if let Some(shard) = args.shard {
        return Ok(shard);
    }
    if !args.scripts.is_empty() && !args.scripts.iter().any(|path| path.is_dir()) {
        return Ok(Shard::WHOLE);
    }
    let assigned = assigned_shard(&|variable| std::env::var(variable).ok())?;
    Ok(assigned.map_or(Shard::WHOLE, |Assigned { shard, scheduler }| {
        say(&format!("Shard {shard}, as {scheduler} says; `--shard 0/1` renders everything."));
        shard
    }))
}

/// Returns the reason why such a run cannot watch, if there is one.
fn unfit_to_watch(args: &RenderArgs) -> Option<&'static str> {
    if args.scripts.iter().any(|path| path == Path::new("-")) {
        return Some("stdin cannot be watched; save the script to a file");
    }
    if args.scripts.iter().any(|path| is_pipe(path)) {
        return Some("a pipe cannot be watched; save the script to a file");
    }
    if args.output.as_deref() == Some(Path::new("-")) {
        return Some(
            "stdout has room for one track, and `--watch` renders again and again; write `-o track.wav`",
        );
    }
    if args.playlist || args.player.is_some() {
        return Some(
            "`--watch` renders tracks and no playlist; leave `--playlist` and `--for` to a run without it",
        );
    }
    args.json.then_some("`--json` reports one run, and `--watch` has no end; leave one of them out")
}

/// As many threads as were asked for, or cores there are.
pub(crate) fn threads(jobs: Option<u16>) -> Result<()> {
    let threads = usize::from(jobs.unwrap_or(0));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().context("could not start threads")
}

/// Makes all tracks of a plan.
pub(crate) fn run(plan: &RunPlan, policy: RebuildPolicy, stop: &AtomicBool) -> Vec<Option<JobResult>> {
    let progress = Progress::begin(&plan.jobs, ReportedJobs::All);
    build::batch(&plan.jobs, policy, stop, &|number, event| progress.tell(number, event))
}

/// Names the tracks in a folder for a player that no script makes any more: they would be played, too.
fn say_orphans(plan: &RunPlan) {
    let others: Vec<String> = build::others(&plan.jobs).iter().map(|path| place::shown(path)).collect();
    if !others.is_empty() {
        say(&format!("No script makes these tracks any more: {}.", others.join(", ")));
    }
}
