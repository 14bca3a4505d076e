//! The last words of a batch: what was made, what was current, what failed.

use super::place::shown;
use super::plan::RunPlan;
use super::progress;
use super::report::{FileState, exit, file_states};
use crate::build::JobResult;
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::say;

/// The most names that are listed; the JSON report has all of them.
const MAX_NAMES_LISTED: usize = 20;

/// Says how a run ended, and how that counts.
pub(crate) fn end(plan: &RunPlan, outcomes: &[Option<JobResult>]) -> Exit {
    summary(plan, outcomes).iter().for_each(|line| say(line));
    edited(outcomes).iter().for_each(|line| say(line));
    let exit = outcomes.iter().fold(plan.exit(), |all, outcome| all.and(exit(outcome.as_ref())));
    if exit == Exit::Interrupted {
        say("Interrupted; nothing half-written was left.");
    }
    exit
}

/// Says which files were left as they are because another program has changed them.
fn edited(outcomes: &[Option<JobResult>]) -> Option<String> {
    let paths = outcomes.iter().flatten().flat_map(|outcome| &outcome.edited);
    let names: Vec<String> = paths.map(|path| shown(path)).collect();
    let (are, them) = if names.len() == 1 { ("it is", "it") } else { ("they are", "them") };
    (!names.is_empty()).then(|| {
        let names = listed(&names);
        format!("Changed by another program, and left as {are}: {names}; `--force` makes {them} again.")
    })
}

/// Returns the sentences at the end of a run; none of a run of one track, of which all has been said.
fn summary(plan: &RunPlan, outcomes: &[Option<JobResult>]) -> Vec<String> {
    let of = |wanted: FileState| -> Vec<String> {
        let files = file_states(&plan.jobs, outcomes).filter(|(state, _)| *state == wanted);
        files.map(|(_, path)| shown(path)).collect()
    };
    let (current, failed) = (of(FileState::Current), of(FileState::Failed));
    let counts = [
        (of(FileState::Rendered).len(), "rendered"),
        (current.len(), "current"),
        (failed.len(), "failed"),
        (of(FileState::Interrupted).len(), "not begun or broken off"),
    ];
    let files: usize = counts.iter().map(|(count, _)| count).sum();
    let mut lines = Vec::new();
    if files > 1 {
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        lines.push(format!("{files} tracks: {}.", counts.join(", ")));
        if !current.is_empty() && progress::is_terse(&plan.jobs) {
            lines.push(format!("Current, and not rendered again: {}.", listed(&current)));
        }
        if !failed.is_empty() {
            lines.push(format!("Failed: {}.", listed(&failed)));
        }
    }
    if plan.scripts > 1 && !plan.failed.is_empty() {
        let names: Vec<String> = plan.failed.iter().map(|(script, _)| script.clone()).collect();
        lines.push(format!("{} of {} scripts failed: {}.", names.len(), plan.scripts, names.join(", ")));
    }
    lines
}

/// Names in a row, not too many.
pub(crate) fn listed(names: &[String]) -> String {
    match names.len().checked_sub(MAX_NAMES_LISTED) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..MAX_NAMES_LISTED].join(", ")),
    }
}
