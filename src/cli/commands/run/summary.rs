//! The last words of a batch: what was made, what was current, what failed.

use super::place::shown;
use super::plan::Plan;
use super::progress;
use super::report::exit;
use crate::build::{Job, Made, Outcome, RenderError};
use crate::cli::exit::Exit;
use crate::cli::ui::diagnostics::say;

/// More names than this are not listed; the JSON report has all of them.
const MANY: usize = 20;

/// Says how a run ended, and how that counts.
pub(crate) fn end(plan: &Plan, outcomes: &[Option<Outcome>]) -> Exit {
    summary(plan, outcomes).iter().for_each(|line| say(line));
    edited(outcomes).iter().for_each(|line| say(line));
    let exit = outcomes.iter().fold(plan.exit(), |all, outcome| all.and(exit(outcome.as_ref())));
    if exit == Exit::Interrupted {
        say("Interrupted; nothing half-written was left.");
    }
    exit
}

/// Says which files were left as they are because another program has changed them.
fn edited(outcomes: &[Option<Outcome>]) -> Option<String> {
    let paths = outcomes.iter().flatten().flat_map(|outcome| &outcome.edited);
    let names: Vec<String> = paths.map(|path| shown(path)).collect();
    let (are, them) = if names.len() == 1 { ("it is", "it") } else { ("they are", "them") };
    (!names.is_empty()).then(|| {
        let names = listed(&names);
        format!("Changed by another program, and left as {are}: {names}; `--force` makes {them} again.")
    })
}

/// Returns the sentences at the end of a run; none of a run of one track, of which all has been said.
pub(crate) fn summary(plan: &Plan, outcomes: &[Option<Outcome>]) -> Vec<String> {
    let of = |wanted: Group| -> Vec<String> {
        let files = plan.jobs.iter().zip(outcomes).flat_map(|(job, outcome)| groups(job, outcome.as_ref()));
        files.filter(|(group, _)| *group == wanted).map(|(_, name)| name).collect()
    };
    let (rendered, current, failed, left) =
        (of(Group::Rendered), of(Group::Current), of(Group::Failed), of(Group::Left));
    let mut lines = Vec::new();
    let files = rendered.len() + current.len() + failed.len() + left.len();
    if files > 1 {
        let counts = [
            (rendered.len(), "rendered"),
            (current.len(), "current"),
            (failed.len(), "failed"),
            (left.len(), "not begun or broken off"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        lines.push(format!("{files} tracks: {}.", counts.join(", ")));
    }
    if files > 1 && !current.is_empty() && progress::is_terse(&plan.jobs) {
        lines.push(format!("Current, and not rendered again: {}.", listed(&current)));
    }
    if files > 1 && !failed.is_empty() {
        lines.push(format!("Failed: {}.", listed(&failed)));
    }
    if plan.scripts > 1 && !plan.failed.is_empty() {
        let names: Vec<String> = plan.failed.iter().map(|(script, _)| script.clone()).collect();
        lines.push(format!("{} of {} scripts failed: {}.", names.len(), plan.scripts, names.join(", ")));
    }
    lines
}

/// Result for a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Rendered,
    Current,
    Failed,
    Left,
}

fn groups<'a>(job: &'a Job, outcome: Option<&'a Outcome>) -> impl Iterator<Item = (Group, String)> + 'a {
    job.files.iter().enumerate().map(move |(index, (_, path))| {
        let group = match outcome.map(|outcome| outcome.file(index)) {
            None | Some(Err(RenderError::Interrupted)) => Group::Left,
            Some(Err(_)) => Group::Failed,
            Some(Ok(Made::Current)) => Group::Current,
            Some(Ok(Made::Rendered(_))) => Group::Rendered,
        };
        (group, shown(path))
    })
}

/// Names in a row, not too many.
pub(crate) fn listed(names: &[String]) -> String {
    match names.len().checked_sub(MANY) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..MANY].join(", ")),
    }
}
