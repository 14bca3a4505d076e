//! `nidra feed`: scripts to a folder that is a podcast.
//!
//! All that a directory would refuse, all that is not nidra's to replace and all that listeners would lose is said
//! before a track is rendered.

mod report;
mod sentences;
mod show;

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use super::render::{run, threads};
use super::run::naming::Naming;
use super::run::place::OutputPlace;
use super::run::plan::{RunPlan, Wanted, plan};
use super::run::report::failure;
use super::run::summary::end;
use crate::build::{JobResult, RebuildPolicy, Shard, Stores};
use crate::cli::args::FeedArgs;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, PrintedDiagnostics, say_failure};
use crate::cli::ui::interrupt::Interrupt;
use crate::cli::ui::output::print_json;
use crate::diag::Diagnostics;
use crate::encode::Format;
use crate::podcast::{Loss, Publication, Release};
use show::Show;

/// Result of a run.
#[derive(Default)]
struct Ended {
    /// Outcomes of the tracks; none if none was tried.
    outcomes: Vec<Option<JobResult>>,
    publication: Option<Publication>,
    /// Losses of the listeners of the feed that was there.
    losses: Vec<Loss>,
    /// Files in the folder that are used no more.
    unused: Vec<String>,
}

pub(crate) fn feed(args: &FeedArgs) -> Result<Exit> {
    let (stores, mut said) = (Stores::default(), PrintedDiagnostics::default());
    let mut show = Show::open(args, &stores, &mut said)?;
    threads(args.jobs)?;
    let interrupt = Interrupt::listen()?;
    let wanted = Wanted {
        place: OutputPlace::Folder(show.folder.clone()),
        formats: vec![Format::Mp3],
        overrides: args.overrides(&show.project.defaults),
        deny: args.deny,
        shard: Shard::WHOLE,
        naming: Naming::Flat,
    };
    let mut plan = plan(&show.scripts, &wanted, &stores, &mut said);
    // An episode whose script has a mistake, or was not found, is not lost.
    let is_whole = plan.exit() == Exit::Well && !show.found.has_errors();
    let release = show.release(&plan.jobs);
    diagnostics::deny(&mut show.found, &args.deny);
    show.print(&mut said);
    let exit = plan.exit().and(Exit::of(&show.found));
    let mut ended = Ended::default();
    let exit = match &release {
        Some(release) => {
            if is_whole {
                ended.losses = release.losses();
            }
            let exit = exit.and(allowed(args, release, &mut plan, &ended.losses));
            let exit = match exit {
                Exit::Well => make(args, release, &plan, interrupt.writing(), &mut show, &mut ended),
                refused => refused,
            };
            // A feed that was left as it was uses all that it did.
            if ended.publication.is_some() {
                ended.unused = release.unused(&plan.jobs);
            }
            exit
        }
        None => exit,
    };
    stores.keep();
    sentences::end(&show, release.as_ref(), &ended);
    if args.json {
        let report = report::report(&show, &plan, release.as_ref(), &ended);
        print_json(&report)?;
    }
    Ok(exit)
}

/// Checks that the files that would be replaced are nidra's, and that listeners lose nothing unless that was asked for.
fn allowed(args: &FeedArgs, release: &Release, plan: &mut RunPlan, losses: &[Loss]) -> Exit {
    let mut exit = Exit::Well;
    let own = [
        (release.feed_file(), "the feed"),
        (release.playlist_file(), "the playlist"),
        (release.cover_file(), "the cover of the podcast"),
    ];
    let clashes = own.into_iter().filter_map(|(path, what)| plan.take(&path, what).err());
    let obstacles = release.obstacles(policy(args).overwrite()).into_iter().map(failure);
    for failure in clashes.chain(obstacles) {
        exit = exit.and(say_failure(&failure.into()));
    }
    let accepted = args.force || args.accept_loss;
    sentences::losses(losses, accepted);
    if losses.is_empty() || accepted { exit } else { exit.and(Exit::Failed) }
}

/// Renders what is not current, and writes the feed if all is there.
fn make(
    args: &FeedArgs,
    release: &Release,
    plan: &RunPlan,
    stop: &AtomicBool,
    show: &mut Show,
    ended: &mut Ended,
) -> Exit {
    ended.outcomes = run(plan, policy(args), stop);
    let exit = end(plan, &ended.outcomes);
    if exit != Exit::Well || stop.load(Ordering::Relaxed) {
        return exit.and(if exit == Exit::Well { Exit::Interrupted } else { Exit::Well });
    }
    // What is known by now has been said.
    let mut found = Diagnostics::default();
    match release.publish(&plan.jobs, policy(args).overwrite(), &mut found) {
        Ok(publication) => ended.publication = publication,
        Err(error) => return say_failure(&failure(error).into()),
    }
    let exit = Exit::of(&found);
    if exit != Exit::Well {
        show.found = found;
        show.print(&mut PrintedDiagnostics::default());
    }
    exit
}

fn policy(args: &FeedArgs) -> RebuildPolicy {
    if args.force { RebuildPolicy::All } else { RebuildPolicy::Changed }
}
