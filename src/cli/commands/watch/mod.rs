//! `nidra render --watch`: one round after the other, each a run like any other.
//!
//! A round plans and renders all that is not there as it would be made, as `nidra render` does; nothing here knows
//! what a track depends on. Its own is only the watching: what to heed, when it is quiet enough, what is news.

mod changes;
mod filter;
mod news;
mod poll_watcher;
mod watcher;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::run::input::{default_folder, present};
use super::run::plan::{Plan, Wanted, plan};
use super::run::progress::{Progress, Told};
use super::run::summary::end;
use crate::build::{self, Event, Project, RebuildPolicy, Source, Stores, output_path};
use crate::cli::args::WatchArg;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{Said, say};
use crate::cli::ui::interrupt::on_interrupt;
use crate::diag::{Diagnostics, SourceMap};
use changes::{Changes, Hold, Wake};
use filter::{Reach, is_noise};
use news::{News, Round, file, named};
use watcher::Watcher;

/// A folder that is no project is watched with all that is in it if that is not more folders than this: a script may
/// lie in a home folder, and no author means to watch that.
const FEW_FOLDERS: usize = 500;

/// State that all rounds share.
struct Watch<'a> {
    paths: &'a [PathBuf],
    wanted: &'a Wanted,
    watcher: Watcher,
    changes: Arc<Changes>,
    shelves: Stores,
    said: Said,
    news: News,
}

/// Settings of the next round.
struct Next {
    turn: Turn,
    remake: RebuildPolicy,
    hold: Hold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    First,
    Later,
}

/// Renders what `paths` mean, and again what changes, until Ctrl-C; that is how it is left.
pub(crate) fn watch(
    paths: &[PathBuf],
    wanted: &Wanted,
    remake: RebuildPolicy,
    how: WatchArg,
) -> Result<Exit> {
    let changes = Arc::new(Changes::default());
    let interrupted = changes.clone();
    on_interrupt(move || interrupted.interrupt())?;
    let watcher = Watcher::new(how, &changes);
    let (shelves, said, news) = (Stores::default(), Said::default(), News::default());
    let mut watch = Watch { paths, wanted, watcher, changes: changes.clone(), shelves, said, news };
    watch.heed_folders();
    // What was forced once need not be forced again, so a round that is forced is not broken off by a change.
    let hold = if remake == RebuildPolicy::All { Hold::ToTheEnd } else { Hold::None };
    let mut next = Next { turn: Turn::First, remake, hold };
    let mut wake = changes.begin(hold);
    let mut is_broken_off = false;
    loop {
        match wake {
            Wake::Interrupted => return Ok(end_interrupted(is_broken_off)),
            Wake::Lost(reason) => {
                watch.watcher.look(reason);
                say(&format!("From now on{}.", watch.watcher.how()));
                wake = changes.begin(next.hold);
                continue;
            }
            Wake::Changed(paths) => watch.news.because(paths),
        }
        let round = watch.round(&next);
        is_broken_off = round.is_broken_off();
        if changes.is_interrupted() {
            return Ok(end_interrupted(is_broken_off));
        }
        watch.tell(&round, next.turn);
        next = match (is_broken_off, round.has_made()) {
            (false, _) => Next { turn: Turn::Later, remake: RebuildPolicy::Changed, hold: Hold::None },
            (true, true) => Next { hold: Hold::None, ..next },
            (true, false) => Next { hold: Hold::UntilMade, ..next },
        };
        wake = changes.wait(next.hold, || watch.news.misses(&present(paths)));
    }
}

/// Ctrl-C was pressed. Work is broken off by it, or was by a change just before it, and is not taken up again.
fn end_interrupted(is_broken_off: bool) -> Exit {
    if is_broken_off {
        say("Interrupted; nothing half-written was left.");
    }
    Exit::Interrupted
}

impl Watch<'_> {
    fn round(&mut self, next: &Next) -> Round {
        let sources = present(self.paths);
        self.heed(&sources);
        self.shelves.look_again();
        self.said.again();
        let mut plan = plan(&sources, self.wanted, &self.shelves, &mut self.said);
        if plan.name_the_one(&self.wanted.place).is_err() {
            plan.jobs.clear();
        }
        self.changes.disregard(outputs(&plan));
        self.news.of_plan(&sources, &plan, &self.said).iter().for_each(|sentence| say(sentence));
        let told = match next.turn {
            Turn::First => Told::All,
            Turn::Later => Told::New(self.news.failures().clone()),
        };
        let progress = Progress::begin(&plan.jobs, told);
        let tell = |number: usize, event: Event<'_>| {
            let made = matches!(&event, Event::Ended(outcome) if !outcome.is_current());
            progress.tell(number, event);
            if made {
                self.changes.made();
            }
        };
        let outcomes = build::batch(&plan.jobs, next.remake, self.changes.stop(), &tell);
        drop(progress);
        self.shelves.keep();
        Round { plan, outcomes }
    }

    /// Says how a round ended; of one that was broken off the next one tells.
    fn tell(&mut self, round: &Round, turn: Turn) {
        let sentence = self.news.of_round(round);
        if round.is_broken_off() {
            return;
        }
        match turn {
            Turn::First => {
                end(&round.plan, &round.outcomes);
                let scripts = named(&present(self.paths));
                say(&format!(
                    "Watching {scripts} and all that is used there{}; Ctrl-C stops.",
                    self.watcher.how()
                ));
            }
            Turn::Later => sentence.iter().for_each(|sentence| say(sentence)),
        }
    }

    /// Watches the folders in which scripts may come up.
    fn heed_folders(&mut self) {
        let default = self.paths.is_empty().then(default_folder);
        for path in self.paths.iter().chain(&default).filter(|path| path.is_dir()) {
            self.watcher.watch(path, Reach::Deep);
        }
    }

    /// Watches where scripts are, and all that they could use.
    fn heed(&mut self, sources: &[Source]) {
        let files = sources.iter().filter_map(file);
        // A link and what it leads to may lie in two folders.
        let folders: BTreeSet<PathBuf> = files
            .flat_map(|file| [Some(file.to_owned()), file.canonicalize().ok()])
            .flatten()
            .map(folder_of)
            .collect();
        let root = |folder: &PathBuf| {
            Project::find(folder, &mut SourceMap::default(), &mut Diagnostics::default()).root
        };
        let roots: BTreeSet<PathBuf> = folders.iter().map(root).collect();
        for root in &roots {
            if Project::is_root(root) || has_few_folders(root) {
                self.watcher.watch(root, Reach::Deep);
            } else {
                self.watcher.watch(root, Reach::Flat);
                self.watcher.watch(&root.join("sounds"), Reach::Deep);
            }
        }
        folders.iter().for_each(|folder| self.watcher.watch(folder, Reach::Flat));
    }
}

/// The files that a round may write, by their real paths.
fn outputs(plan: &Plan) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for job in &plan.jobs {
        files.extend(job.files.iter().map(|(_, path)| output_path(path)));
        let beside = job.files.iter().flat_map(|(_, path)| job.track.companion_files(path));
        files.extend(beside.map(|path| output_path(&path)));
    }
    files
}

fn folder_of(file: PathBuf) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// True if looking into all folders in a folder takes no noticeable time.
fn has_few_folders(folder: &Path) -> bool {
    let mut open = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(next) = open.pop() {
        count += 1;
        let entries = std::fs::read_dir(next).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| {
            entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_noise(&entry.file_name())
        });
        open.extend(folders.map(|entry| entry.path()));
        if count + open.len() > FEW_FOLDERS {
            return false;
        }
    }
    true
}
