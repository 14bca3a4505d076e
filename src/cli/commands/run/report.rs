//! The report on tracks that were made: sentences for people, figures for machines.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::place::shown;
use super::plan::RunPlan;
use crate::build::{Job, JobResult, RenderError, RenderResult, Track};
use crate::cli::exit::{Exit, Failure};
use crate::master::{LoudnessReference, Report};
use crate::units::{Decibels, Frames};

/// The momentary loudness over the voice from which a sudden sound after long quiet is warned of: as much over a programme
/// as EBU R 128 s1 (2014) permits. Single words of a calm voice are 4 LU over all of it.
const STARTLING_RISE: Decibels = Decibels(8.0);

/// Result of a run, for machines.
#[derive(Serialize)]
pub(crate) struct Batch {
    /// Every file of every track.
    tracks: Vec<TrackFile>,
    /// The scripts of which there are no tracks; the diagnostics are on stderr, and in `nidra check --json`.
    failed_scripts: Vec<String>,
}

/// A file of a track. Loudness is as it is measured in the file.
#[derive(Serialize)]
struct TrackFile {
    script: String,
    edition: Option<String>,
    track: String,
    format: &'static str,
    state: FileState,
    /// The reason why it was not made.
    error: Option<String>,
    /// The files beside it.
    with: Vec<String>,
    /// The file itself and files beside it that another program has changed, which are left as they are.
    edited: Vec<String>,
    length_frames: Frames,
    counted_frames: Frames,
    rate_hz: u32,
    #[serde(flatten)]
    levels: Option<Levels>,
}

/// Result for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileState {
    Rendered,
    Current,
    Failed,
    /// It was not begun, or broken off.
    Interrupted,
}

impl FileState {
    fn of(made: Option<Result<&RenderResult, &RenderError>>) -> Self {
        match made {
            None | Some(Err(RenderError::Interrupted)) => Self::Interrupted,
            Some(Err(_)) => Self::Failed,
            Some(Ok(RenderResult::UpToDate)) => Self::Current,
            Some(Ok(RenderResult::Rendered(_))) => Self::Rendered,
        }
    }
}

/// All files of a run, and what became of each.
pub(crate) fn file_states<'a>(
    jobs: &'a [Job],
    outcomes: &'a [Option<JobResult>],
) -> impl Iterator<Item = (FileState, &'a Path)> {
    jobs.iter().zip(outcomes).flat_map(|(job, outcome)| {
        let files = job.files.iter().enumerate();
        files.map(move |(index, (_, path))| {
            (FileState::of(outcome.as_ref().map(|outcome| outcome.file(index))), path.as_path())
        })
    })
}

#[derive(Serialize)]
struct Levels {
    gain_db: f64,
    voice_lufs: Option<f64>,
    programme_lufs: Option<f64>,
    true_peak_dbtp: Option<f64>,
    largest_rise: Option<Rise>,
}

#[derive(Serialize)]
struct Rise {
    at_frame: u64,
    by_lu: f64,
    against_voice_lu: f64,
}

impl Batch {
    /// The report of a run.
    pub(crate) fn new(plan: &RunPlan, outcomes: &[Option<JobResult>]) -> Self {
        let tracks = plan.jobs.iter().zip(outcomes).flat_map(|(job, outcome)| files(job, outcome.as_ref()));
        Self {
            tracks: tracks.collect(),
            failed_scripts: plan.failed.iter().map(|(script, _)| script.clone()).collect(),
        }
    }
}

fn files<'a>(job: &'a Job, outcome: Option<&'a JobResult>) -> impl Iterator<Item = TrackFile> + 'a {
    let track = &job.track;
    let names = |paths: &[PathBuf]| paths.iter().map(|path| shown(path)).collect::<Vec<_>>();
    job.files.iter().enumerate().map(move |(index, (format, path))| {
        let made = outcome.map(|outcome| outcome.file(index));
        let state = FileState::of(made);
        let beside = outcome.and_then(|outcome| outcome.beside.as_ref().ok());
        TrackFile {
            script: track.script().to_owned(),
            edition: track.session.edition.clone(),
            track: shown(path),
            format: format.name(),
            state,
            error: made.and_then(Result::err).filter(|_| state == FileState::Failed).map(ToString::to_string),
            with: beside.map_or_else(Vec::new, |beside| names(beside)),
            edited: outcome.map_or_else(Vec::new, |outcome| names(&outcome.edited)),
            length_frames: track.timeline.length,
            counted_frames: track.timeline.counted,
            rate_hz: track.timeline.rate.hz(),
            levels: match made {
                Some(Ok(RenderResult::Rendered(report))) => Some(Levels::of(report)),
                _ => None,
            },
        }
    })
}

impl Levels {
    fn of(report: &Report) -> Self {
        Self {
            gain_db: rounded(report.gain.0),
            voice_lufs: report.voice.map(|loudness| rounded(loudness.0)),
            programme_lufs: report.programme.map(|loudness| rounded(loudness.0)),
            true_peak_dbtp: Some(rounded(report.true_peak.0)).filter(|peak| peak.is_finite()),
            largest_rise: report.rise.map(|rise| Rise {
                at_frame: rise.at.0,
                by_lu: rounded(rise.by.0),
                against_voice_lu: rounded(rise.against_voice.0),
            }),
        }
    }
}

/// To a hundredth: what a meter promises.
fn rounded(level: f64) -> f64 {
    (level * 100.0).round() / 100.0
}

/// Returns the sentences on the result of a job, one a file, and one about what lies beside it if it was made.
pub(crate) fn sentences(job: &Job, outcome: &JobResult) -> Vec<String> {
    let mut lines = Vec::new();
    for ((_, path), made) in job.files.iter().zip(&outcome.files) {
        match made {
            Ok(RenderResult::Rendered(report)) => lines.push(sentence(&shown(path), &job.track, report)),
            Ok(RenderResult::UpToDate) => lines.push(format!("{}: current.", shown(path))),
            Err(RenderError::Interrupted) => {}
            Err(error) => lines.push(format!("error: {error}")),
        }
    }
    match &outcome.beside {
        Ok(beside) if !beside.is_empty() && !outcome.is_current() => {
            let names: Vec<String> = beside.iter().map(|path| shown(path)).collect();
            lines.push(format!("Beside it: {}.", names.join(", ")));
        }
        Ok(_) => {}
        Err(error) => lines.push(format!("error: {error}")),
    }
    lines
}

/// One sentence about a track that was made, and one more if something should be known before it is published.
pub(crate) fn sentence(name: &str, track: &Track, report: &Report) -> String {
    let length = track.timeline.length;
    let mut parts = vec![format!("{name}: {}, {} frames", length.to_millis(track.timeline.rate), length.0)];
    let levels = levels(report);
    if !levels.is_empty() {
        parts.push(levels.join(", "));
    }
    let mut sentence = parts.join("; ") + ".";
    if report.anchor == LoudnessReference::Programme {
        sentence += " It has no voice, so the loudness of the whole programme was set.";
    }
    if let Some(rise) = report.rise.filter(|rise| rise.against_voice > STARTLING_RISE) {
        let (at, by) = (rise.at.to_millis(track.timeline.rate), rise.against_voice.0);
        let over = if report.anchor == LoudnessReference::Voice { "the voice" } else { "the whole" };
        sentence += &format!(
            " The sound at {at} could startle: it comes after long quiet, {by:.1} LU over {over}; give it a lower `gain`."
        );
    }
    sentence
}

fn levels(report: &Report) -> Vec<String> {
    let mut levels = Vec::new();
    levels.extend(report.voice.map(|voice| format!("voice {voice}")));
    levels.extend(report.programme.map(|programme| format!("programme {programme}")));
    if report.true_peak.0.is_finite() {
        levels.push(format!("true peak {}", report.true_peak));
    }
    levels
}

/// Returns the exit code of a job, as it counts for the end of the run.
pub(crate) fn exit(outcome: Option<&JobResult>) -> Exit {
    let Some(outcome) = outcome else { return Exit::Interrupted };
    let errors =
        outcome.files.iter().filter_map(|made| made.as_ref().err()).chain(outcome.beside.as_ref().err());
    errors.map(exit_of).fold(Exit::Well, Exit::and)
}

/// The failure of a run by an error.
pub(crate) fn failure(error: impl Into<RenderError>) -> Failure {
    let error = error.into();
    exit_of(&error).because(error)
}

/// Returns the exit code of an error.
pub(crate) fn exit_of(error: &RenderError) -> Exit {
    match error {
        RenderError::Interrupted => Exit::Interrupted,
        RenderError::Sound(_) => Exit::Sound,
        _ => Exit::Failed,
    }
}
