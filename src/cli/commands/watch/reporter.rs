//! The news between rounds: what changed, what was made of it, and what stays as it was. A round that made no
//! difference is not spoken of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::build::{JobResult, ScriptSource};
use crate::cli::commands::run::input::name;
use crate::cli::commands::run::place::shown;
use crate::cli::commands::run::plan::RunPlan;
use crate::cli::commands::run::report::{FileState, exit, file_states, sentences};
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::PrintedDiagnostics;
use crate::cli::ui::output::counted;

/// A round, and what became of it.
pub(crate) struct Round {
    pub(crate) plan: RunPlan,
    pub(crate) outcomes: Vec<Option<JobResult>>,
}

impl Round {
    /// True if some of its tracks were not reached.
    pub(crate) fn is_broken_off(&self) -> bool {
        self.outcomes.iter().any(|outcome| exit(outcome.as_ref()) == Exit::Interrupted)
    }

    /// Number of files in this state.
    pub(crate) fn count(&self, wanted: FileState) -> usize {
        file_states(&self.plan.jobs, &self.outcomes).filter(|(state, _)| *state == wanted).count()
    }
}

/// The news that was told, and the news that is to be told.
#[derive(Default)]
pub(crate) struct RoundReporter {
    /// The scripts there were.
    sources: Vec<ScriptSource>,
    /// The tracks of each script, as far as it was ever well.
    tracks: BTreeMap<String, Vec<String>>,
    /// The scripts of which there are no tracks.
    failed: BTreeSet<String>,
    /// Sentences that were said of tracks that could not be made.
    failures: BTreeSet<Vec<String>>,
    /// Files that changed since a round came to its end.
    because: BTreeSet<PathBuf>,
    /// Number of tracks that were made since.
    made: usize,
}

impl RoundReporter {
    /// Returns the sentences that were said of tracks that could not be made.
    pub(crate) fn failures(&self) -> &BTreeSet<Vec<String>> {
        &self.failures
    }

    /// True if a script is not there any longer.
    pub(crate) fn misses(&self, sources: &[ScriptSource]) -> bool {
        self.sources.iter().any(|source| !sources.contains(source))
    }

    /// These files are a reason for the next round.
    pub(crate) fn because(&mut self, paths: BTreeSet<PathBuf>) {
        self.because.extend(paths);
    }

    /// Returns the sentences on a plan that were not said of the one before: which scripts have no tracks, which have
    /// tracks again, which are gone.
    pub(crate) fn of_plan(
        &mut self,
        sources: &[ScriptSource],
        plan: &RunPlan,
        said: &PrintedDiagnostics,
    ) -> Vec<String> {
        let mut sentences = Vec::new();
        if !self.sources.is_empty() {
            // Of a new folder with a script in it the system may tell only the folder.
            let new = sources.iter().filter(|source| !self.sources.contains(source));
            self.because.extend(new.filter_map(file).filter_map(|path| path.canonicalize().ok()));
        }
        for gone in self.sources.iter().filter(|source| !sources.contains(source)).map(name) {
            sentences.push(format!("{gone} is gone; {}.", self.stay(&gone)));
        }
        let failed: BTreeSet<String> = plan.failed.iter().map(|(script, _)| script.clone()).collect();
        for script in &failed {
            let is_news = !self.failed.contains(script) || said.news().any(|new| is_same(script, new));
            if is_news {
                sentences
                    .push(format!("{script}: skipped until its errors are fixed; {}.", self.stay(script)));
            }
        }
        let there: Vec<String> = sources.iter().map(name).collect();
        for script in self.failed.iter().filter(|script| !failed.contains(*script) && there.contains(*script))
        {
            sentences.push(format!("{script} is well again."));
        }
        let mut tracks: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for job in &plan.jobs {
            let files = job.files.iter().map(|(_, path)| shown(path));
            tracks.entry(job.track.script().to_owned()).or_default().extend(files);
        }
        self.tracks.extend(tracks);
        self.failed = failed;
        self.sources = sources.to_vec();
        sentences
    }

    /// Returns the sentence on a round that came to its end; nothing if it changed nothing.
    pub(crate) fn of_round(&mut self, round: &Round) -> Option<String> {
        self.made += round.count(FileState::Rendered);
        if round.is_broken_off() {
            return None;
        }
        let failed = |(job, outcome): (_, &Option<JobResult>)| {
            let outcome = outcome.as_ref()?;
            (exit(Some(outcome)) != Exit::Well).then(|| sentences(job, outcome))
        };
        self.failures = round.plan.jobs.iter().zip(&round.outcomes).filter_map(failed).collect();
        let current = round.count(FileState::Current);
        let because = std::mem::take(&mut self.because);
        let made = std::mem::take(&mut self.made);
        let current = if current == 0 { String::new() } else { format!(", {current} current") };
        (made > 0).then(|| format!("{}: {} rendered{current}.", changed(&because), counted(made, "track")))
    }

    /// Returns the words for the earlier tracks of a script that has none now.
    fn stay(&self, script: &str) -> String {
        let known = self.tracks.iter().find(|(known, _)| is_same(script, known));
        match known.map(|(_, tracks)| tracks.as_slice()) {
            Some([track]) => format!("{track} stays as it was"),
            Some([track, others @ ..]) => format!("{track} and {} more stay as they were", others.len()),
            _ => "what was made of it stays as it was".to_owned(),
        }
    }
}

/// The file of a script.
pub(crate) fn file(source: &ScriptSource) -> Option<&Path> {
    match source {
        ScriptSource::File(path) => Some(path),
        ScriptSource::Text(_) => None,
    }
}

/// A few scripts by their names.
pub(crate) fn named(sources: &[ScriptSource]) -> String {
    match sources {
        [] => "for scripts".to_owned(),
        [script] => name(script),
        scripts => format!("{} scripts", scripts.len()),
    }
}

/// True if a script as it was named is the one that its project calls so.
fn is_same(named: &str, in_its_project: &str) -> bool {
    let absolute = || Path::new(named).canonicalize().is_ok_and(|path| path.ends_with(in_its_project));
    Path::new(named).ends_with(in_its_project) || absolute()
}

/// Returns what changed, in a few words: a file that is there rather than one that is not, as of an editor that
/// renames.
fn changed(paths: &BTreeSet<PathBuf>) -> String {
    let files: Vec<&PathBuf> = paths.iter().filter(|path| path.is_file()).collect();
    let paths = if files.is_empty() { paths.iter().collect() } else { files };
    match paths.as_slice() {
        [] => "Something changed".to_owned(),
        [path] => format!("{} changed", shown(path)),
        [path, others @ ..] => format!("{} and {} more changed", shown(path), others.len()),
    }
}
