//! `nidra render --watch`: a loop round the batch.
//!
//! A round plans and renders all that is not there as it would be made, as `nidra render` does; nothing here knows
//! what a track depends on. Its own is only the watching: which folders, when to begin again, what is news.

mod changes;
mod poll_watcher;
mod reporter;
mod watcher;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use notify::RecursiveMode;

use super::run::input::{default_folder, present};
use super::run::plan::{RunPlan, Wanted, plan};
use super::run::progress::{Progress, ReportedJobs};
use super::run::report::FileState;
use super::run::summary::end;
use crate::build::{self, JobEvent, Project, RebuildPolicy, ScriptSource, Stores, output_path};
use crate::cli::args::WatchArg;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::{PrintedDiagnostics, say, say_failure};
use crate::cli::ui::interrupt::on_interrupt;
use changes::{CancelPolicy, Changes, Wake};
use reporter::{Round, RoundReporter, file, named};
use watcher::Watcher;

/// Number of folders up to which a folder that is no project is watched with all that is in it: a script may lie in a
/// home folder, and no author means to watch that.
const MAX_FOLDERS_OUTSIDE_PROJECT: usize = 500;

/// State that all rounds share.
struct Watch<'a> {
    paths: &'a [PathBuf],
    wanted: &'a Wanted,
    watcher: Watcher,
    changes: Arc<Changes>,
    stores: Stores,
    said: PrintedDiagnostics,
    reporter: RoundReporter,
}

/// Renders what `paths` mean, and again what changes, until Ctrl-C; that is how it is left.
pub(crate) fn watch(
    paths: &[PathBuf],
    wanted: &Wanted,
    mut rebuild: RebuildPolicy,
    how: WatchArg,
) -> Result<Exit> {
    let changes = Arc::new(Changes::default());
    let interrupted = changes.clone();
    on_interrupt(move || interrupted.interrupt())?;
    let watcher = Watcher::new(how, &changes);
    let (stores, said, reporter) =
        (Stores::default(), PrintedDiagnostics::default(), RoundReporter::default());
    let mut watch = Watch { paths, wanted, watcher, changes: changes.clone(), stores, said, reporter };
    watch.watch_paths();
    // What was forced once need not be forced again, so a round that is forced is not broken off by a change.
    let mut cancel = if rebuild == RebuildPolicy::All { CancelPolicy::Never } else { CancelPolicy::AtOnce };
    let (mut is_first, mut is_broken_off) = (true, false);
    loop {
        match changes.begin(cancel) {
            Wake::Changed(paths) => watch.reporter.because(paths),
            Wake::Lost(reason) => {
                watch.watcher.poll(Some(reason));
                say(&format!("From now on{}.", watch.watcher.how()));
                continue;
            }
            Wake::Interrupted => {
                // Work is broken off by Ctrl-C, or was by a change just before it, and is not taken up again.
                if is_broken_off {
                    say("Interrupted; nothing half-written was left.");
                }
                return Ok(Exit::Interrupted);
            }
        }
        let round = watch.round(is_first, rebuild);
        is_broken_off = round.is_broken_off();
        watch.tell(&round, is_first);
        if !is_broken_off {
            (is_first, rebuild) = (false, RebuildPolicy::Changed);
        }
        // An author who saves all the time gets tracks, too.
        let is_starved = is_broken_off && round.count(FileState::Rendered) == 0;
        cancel = if is_starved { CancelPolicy::AfterATrack } else { CancelPolicy::AtOnce };
        changes.wait(|| watch.reporter.misses(&present(paths)));
    }
}

impl Watch<'_> {
    fn round(&mut self, is_first: bool, rebuild: RebuildPolicy) -> Round {
        let sources = present(self.paths);
        self.watch_projects(&sources);
        self.stores.invalidate();
        self.said.again();
        let mut plan = plan(&sources, self.wanted, &self.stores, &mut self.said);
        if let Err(failure) = plan.name_the_one(&self.wanted.place) {
            say_failure(&failure.into());
            plan.jobs.clear();
        }
        self.changes.ignore(outputs(&plan));
        self.reporter.of_plan(&sources, &plan, &self.said).iter().for_each(|sentence| say(sentence));
        let told =
            if is_first { ReportedJobs::All } else { ReportedJobs::New(self.reporter.failures().clone()) };
        let progress = Progress::begin(&plan.jobs, told);
        let tell = |number: usize, event: JobEvent<'_>| {
            let is_made = matches!(&event, JobEvent::Ended(outcome) if !outcome.is_current());
            progress.tell(number, event);
            if is_made {
                self.changes.note_made();
            }
        };
        let outcomes = build::batch(&plan.jobs, rebuild, self.changes.stop(), &tell);
        drop(progress);
        self.stores.keep();
        Round { plan, outcomes }
    }

    /// Says how a round ended; of one that was broken off the next one tells.
    fn tell(&mut self, round: &Round, is_first: bool) {
        let sentence = self.reporter.of_round(round);
        if is_first && !round.is_broken_off() {
            end(&round.plan, &round.outcomes);
            let (scripts, how) = (named(&present(self.paths)), self.watcher.how());
            say(&format!("Watching {scripts} and all that is used there{how}; Ctrl-C stops."));
        } else {
            sentence.iter().for_each(|sentence| say(sentence));
        }
    }

    /// Watches the folders in which scripts may come up.
    fn watch_paths(&mut self) {
        let default = self.paths.is_empty().then(default_folder);
        for path in self.paths.iter().chain(&default).filter(|path| path.is_dir()) {
            self.watcher.watch(path, RecursiveMode::Recursive);
        }
    }

    /// Watches where scripts are, and all that they could use.
    fn watch_projects(&mut self, sources: &[ScriptSource]) {
        // A link and what it leads to may lie in two folders.
        let files = sources.iter().filter_map(file);
        let files = files.flat_map(|file| [std::path::absolute(file), file.canonicalize()]).flatten();
        let folders: BTreeSet<PathBuf> = files.filter_map(|file| file.parent().map(Path::to_owned)).collect();
        let roots: BTreeSet<PathBuf> = folders.iter().map(|folder| Project::root_of(folder)).collect();
        for root in &roots {
            if Project::is_root(root) || has_few_folders(root) {
                self.watcher.watch(root, RecursiveMode::Recursive);
            } else {
                self.watcher.watch(root, RecursiveMode::NonRecursive);
                self.watcher.watch(&root.join("sounds"), RecursiveMode::Recursive);
            }
        }
        folders.iter().for_each(|folder| self.watcher.watch(folder, RecursiveMode::NonRecursive));
    }
}

/// The files that a round may write, by their real paths.
fn outputs(plan: &RunPlan) -> BTreeSet<PathBuf> {
    let files = plan.jobs.iter().flat_map(|job| job.files.iter().map(move |(_, path)| (&job.track, path)));
    let all = files.flat_map(|(track, path)| track.sidecar_files(path).into_iter().chain([path.clone()]));
    all.map(|path| output_path(&path)).collect()
}

/// True if looking into all folders in a folder takes no noticeable time.
fn has_few_folders(folder: &Path) -> bool {
    let (mut open, mut count) = (vec![folder.to_owned()], 0);
    while let Some(next) = open.pop() {
        count += 1;
        let entries = std::fs::read_dir(next).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| {
            entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_private(&entry.file_name())
        });
        open.extend(folders.map(|entry| entry.path()));
        if count + open.len() > MAX_FOLDERS_OUTSIDE_PROJECT {
            return false;
        }
    }
    true
}

/// True if a name is one that editors and other programs give to files that are not meant for anyone else.
fn is_private(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~') || name.ends_with(".tmp")
}
