//! `nidra feed`: scripts to a folder that is a podcast.
//!
//! All that a directory would refuse, all that is not nidra's to replace and all that listeners would lose is said
//! before a track is rendered.

mod report;
mod said;
mod show;

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use super::render::{run, threads};
use super::run::naming::Naming;
use super::run::place::Place;
use super::run::plan::{Plan, Wanted, plan};
use super::run::report::exit_of;
use super::run::summary::end;
use crate::build::{Outcome, Overwrite, RebuildPolicy, Shard, Stores};
use crate::cli::args::FeedArgs;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{self, Said, say};
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
    outcomes: Vec<Option<Outcome>>,
    publication: Option<Publication>,
    /// Losses of the listeners of the feed that was there.
    losses: Vec<Loss>,
    /// Files in the folder that are used no more.
    unused: Vec<String>,
}

pub(crate) fn feed(args: &FeedArgs) -> Result<Exit> {
    let mut said = Said::default();
    let mut show = match Show::open(args, &mut said) {
        Ok(show) => show,
        Err(exit) => return Ok(exit),
    };
    threads(args.jobs)?;
    let interrupt = Interrupt::listen()?;
    let shelves = Stores::default();
    let wanted = Wanted {
        place: Place::Folder(show.folder.clone()),
        formats: vec![Format::Mp3],
        overrides: args.overrides(&show.project.defaults),
        deny: args.deny,
        shard: Shard::WHOLE,
        naming: Naming::Flat,
    };
    let mut plan = plan(&show.scripts, &wanted, &shelves, &mut said);
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
    shelves.keep();
    said::end(&show, release.as_ref(), &ended);
    if args.json {
        let report = report::report(&show, &plan, release.as_ref(), &ended);
        print_json(&report)?;
    }
    Ok(exit)
}

/// Checks that the files that would be replaced are nidra's, and that listeners lose nothing unless that was asked for.
fn allowed(args: &FeedArgs, release: &Release, plan: &mut Plan, losses: &[Loss]) -> Exit {
    let mut exit = Exit::Well;
    let own = [
        (release.feed_file(), "the feed"),
        (release.playlist_file(), "the playlist"),
        (release.cover_file(), "the cover of the podcast"),
    ];
    for (path, what) in own {
        exit = exit.and(plan.take(&path, what).err().unwrap_or(Exit::Well));
    }
    for obstacle in release.obstacles(overwrite(args)) {
        say(&format!("error: {obstacle}"));
        exit = exit.and(exit_of(&obstacle));
    }
    let accepted = args.force || args.accept_loss;
    said::losses(losses, accepted);
    if losses.is_empty() || accepted { exit } else { exit.and(Exit::Failed) }
}

/// Renders what is not current, and writes the feed if all is there.
fn make(
    args: &FeedArgs,
    release: &Release,
    plan: &Plan,
    stop: &AtomicBool,
    show: &mut Show,
    ended: &mut Ended,
) -> Exit {
    let remake = if args.force { RebuildPolicy::All } else { RebuildPolicy::Changed };
    ended.outcomes = run(plan, remake, stop);
    let exit = end(plan, &ended.outcomes);
    if exit != Exit::Well || stop.load(Ordering::Relaxed) {
        return exit.and(if exit == Exit::Well { Exit::Interrupted } else { Exit::Well });
    }
    // What is known by now has been said.
    let mut found = Diagnostics::default();
    match release.publish(&plan.jobs, overwrite(args), &mut found) {
        Ok(publication) => ended.publication = publication,
        Err(error) => {
            say(&format!("error: {error}"));
            return exit_of(&error);
        }
    }
    let exit = Exit::of(&found);
    if exit != Exit::Well {
        show.found = found;
        show.print(&mut Said::default());
    }
    exit
}

fn overwrite(args: &FeedArgs) -> Overwrite {
    if args.force { Overwrite::Anything } else { Overwrite::Ours }
}
