//! The one track of a run to stdout.

use std::io::IsTerminal;
use std::sync::atomic::AtomicBool;

use super::plan::RunPlan;
use super::progress::{Progress, ReportedJobs};
use super::report::{failure, sentence};
use crate::build::{self, Job, JobEvent, RenderError, Target};
use crate::cli::args::RenderArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::ui::diagnostics::say;

/// Returns the reason why a run cannot write its track to stdout, if there is one.
pub(crate) fn unfit(args: &RenderArgs) -> Option<&'static str> {
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

/// Writes the one track of a plan.
///
/// # Errors
/// If there are several, or it cannot be made.
pub(crate) fn write(plan: &RunPlan, stop: &AtomicBool) -> Result<Exit, Failure> {
    let (track, format) = match plan.jobs.as_slice() {
        [Job { track, files }] if files.len() == 1 => (track, files[0].0),
        [] => return Ok(plan.exit()),
        jobs => {
            let choices = editions(jobs);
            let why = format!("stdout has room for one track; choose one script, one format{choices}");
            return Err(Exit::Usage.because(why));
        }
    };
    let mut stdout = std::io::stdout();
    let progress = Progress::begin(&plan.jobs, ReportedJobs::All);
    progress.tell(0, JobEvent::Begun(track.timeline.length));
    let mut tell = |done| progress.tell(0, JobEvent::Progress(done));
    let rendered = build::render(track, format, Target::Stream(&mut stdout), stop, &mut tell);
    drop(progress);
    match rendered {
        Ok(report) => say(&sentence(&track.name, track, &report)),
        // The program that reads the pipe has got what it wanted.
        Err(RenderError::Stream(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(failure(error)),
    }
    Ok(plan.exit())
}

fn editions(jobs: &[Job]) -> String {
    let editions = jobs.iter().filter_map(|job| job.track.session.edition.as_ref());
    let editions: Vec<String> = editions.map(|edition| format!("`--edition {edition}`")).collect();
    if editions.len() < 2 { String::new() } else { format!(" and one of {}", editions.join(", ")) }
}
