//! Many tracks at once, each made only if it is not there already as it would be made.
//!
//! A few threads take a track each and mostly wait; all that takes time is done by the one pool, so that as many
//! threads work as were asked for, however many tracks are on their way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::provenance::Provenance;
use super::render::{RenderError, Target, render};
use super::sidecars::{SidecarState, Sidecars, sidecar_state};
use super::track::Track;
use crate::encode::{Condition, Format, TrackFile, in_pool};
use crate::master::Report;
use crate::output::{Overwrite, clear_leftovers};
use crate::units::Frames;

/// A track and the files it is to be.
pub struct Job {
    /// The track.
    pub track: Track,
    /// Its files, at least one, of one name; what lies beside it has the same name.
    pub files: Vec<(Format, PathBuf)>,
}

impl Job {
    /// Its first file, after which the files beside it are named.
    pub fn file(&self) -> &Path {
        self.files.first().map_or(Path::new(""), |(_, path)| path)
    }
}

/// The files of a batch that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildPolicy {
    /// Those that are not there as they would be made, over tracks of nidra's. That one is whole is told by its length.
    Changed,
    /// The same, and a track is whole if all of its bytes are as they were written.
    ChangedOrDamaged,
    /// All, over anything.
    All,
}

impl RebuildPolicy {
    /// The files that may be replaced.
    pub const fn overwrite(self) -> Overwrite {
        match self {
            Self::Changed | Self::ChangedOrDamaged => Overwrite::Ours,
            Self::All => Overwrite::Anything,
        }
    }
}

/// The outcome of a job.
#[derive(Debug)]
pub struct JobResult {
    /// Each of its files, in order.
    pub files: Vec<Result<RenderResult, RenderError>>,
    /// The files beside the track, if all its files are there.
    pub beside: Result<Vec<PathBuf>, RenderError>,
    /// Files that would be the same if they were made now, but that another program has changed since. They are left as
    /// they are.
    pub edited: Vec<PathBuf>,
}

impl JobResult {
    /// Returns the result for a file, by its number; if nothing was tried, the error of what lies beside it and cannot
    /// be made.
    pub fn file(&self, index: usize) -> Result<&RenderResult, &RenderError> {
        match (self.files.get(index), &self.beside) {
            (Some(made), _) => made.as_ref(),
            (None, Err(error)) => Err(error),
            (None, Ok(_)) => Err(&RenderError::Interrupted),
        }
    }

    /// True if nothing had to be made.
    pub fn is_current(&self) -> bool {
        self.files.iter().all(|made| matches!(made, Ok(RenderResult::UpToDate)))
    }
}

/// The result for a file that is there.
#[derive(Clone, Debug, PartialEq)]
pub enum RenderResult {
    /// It was rendered.
    Rendered(Report),
    /// It was there.
    UpToDate,
}

/// An event in the work on a job.
pub enum JobEvent<'a> {
    /// It is worked on; it has so many frames in all its files.
    Begun(Frames),
    /// So many of them are done.
    Progress(Frames),
    /// It came to an end.
    Ended(&'a JobResult),
}

/// Makes tracks, as many at a time as keep the pool busy, and calls `tell` with the number of a job and what
/// happens to it. Clears what runs that were killed have left. A job that fails leaves the others alone. Once `stop` is
/// raised the outcome of a job that was not begun is `None`.
pub fn batch(
    jobs: &[Job],
    policy: RebuildPolicy,
    stop: &AtomicBool,
    tell: &(dyn Fn(usize, JobEvent<'_>) + Sync),
) -> Vec<Option<JobResult>> {
    let files = jobs.iter().flat_map(|job| &job.files);
    for folder in files.filter_map(|(_, path)| path.parent()).collect::<BTreeSet<&Path>>() {
        clear_leftovers(folder);
    }
    let outcomes: Vec<OnceLock<JobResult>> = jobs.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let drive = || {
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(number) else { return };
            let outcome = make(job, policy, stop, &|event| tell(number, event));
            tell(number, JobEvent::Ended(&outcome));
            outcomes[number].get_or_init(|| outcome);
        }
    };
    // One more than the pool has threads, so that there is work while one waits for the disk.
    let drivers = (rayon::current_num_threads() + 1).min(jobs.len());
    std::thread::scope(|scope| (0..drivers).for_each(|_| drop(scope.spawn(drive))));
    outcomes.into_iter().map(OnceLock::into_inner).collect()
}

fn make(
    job: &Job,
    policy: RebuildPolicy,
    stop: &AtomicBool,
    tell: &(dyn Fn(JobEvent<'_>) + Sync),
) -> JobResult {
    let Job { track, files } = job;
    let overwrite = policy.overwrite();
    let found: Vec<Found> = in_pool(|| files.iter().map(|file| Found::of(track, file, policy)).collect());
    let edited: BTreeSet<PathBuf> = found.iter().flat_map(|found| found.edited.iter().cloned()).collect();
    let edited: Vec<PathBuf> = edited.into_iter().collect();
    if found.iter().all(|found| found.state == State::Current) {
        let files = found.iter().map(|_| Ok(RenderResult::UpToDate)).collect();
        return JobResult { files, beside: Ok(track.sidecar_files(job.file())), edited };
    }
    let due = found.iter().filter(|found| found.state == State::Due).count();
    tell(JobEvent::Begun(track.timeline.length * due as u64));
    let sidecars = match in_pool(|| Sidecars::make(track, job.file(), overwrite, &edited)) {
        Ok(sidecars) => sidecars,
        Err(error) => return JobResult { files: Vec::new(), beside: Err(error.into()), edited },
    };
    let mut before = Frames::ZERO;
    let made: Vec<_> = files
        .iter()
        .zip(found)
        .map(|((format, path), found)| match found.state {
            State::Current | State::SidecarsStale => Ok(RenderResult::UpToDate),
            State::Due => {
                let mut progress = |done: Frames| tell(JobEvent::Progress(before + done));
                let target = Target::File(path, overwrite, &sidecars);
                let rendered = render(track, *format, target, stop, &mut progress);
                before += track.timeline.length;
                rendered.map(RenderResult::Rendered)
            }
        })
        .collect();
    let beside = match made.iter().all(Result::is_ok) {
        true => sidecars.write().map(|()| sidecars.paths()).map_err(RenderError::from),
        false => Ok(Vec::new()),
    };
    JobResult { files: made, beside, edited }
}

/// The state of a file of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is what would be made, and so is all that lies beside it.
    Current,
    /// It is what would be made; something beside it is not.
    SidecarsStale,
    /// It is not there, or not what would be made.
    Due,
}

/// A file of a track as it is found.
struct Found {
    state: State,
    /// The file itself or files beside it that another program has changed.
    edited: Vec<PathBuf>,
}

impl Found {
    const DUE: Self = Self { state: State::Due, edited: Vec::new() };

    /// Looks at a file. What cannot be read is not what would be made; to make it will say why.
    fn of(track: &Track, (format, path): &(Format, PathBuf), policy: RebuildPolicy) -> Self {
        if policy == RebuildPolicy::All {
            return Self::DUE;
        }
        let Some(mut file) = TrackFile::open(path).ok().flatten() else { return Self::DUE };
        let made = Provenance::parse(file.line());
        let Some(made) = made.filter(|made| made.is_current(&track.provenance(*format))) else {
            return Self::DUE;
        };
        let mut found = Self { state: State::Current, edited: Vec::new() };
        for kind in track.sidecars() {
            match sidecar_state(track, kind, path, &made) {
                SidecarState::Current => {}
                SidecarState::Stale => found.state = State::SidecarsStale,
                SidecarState::Edited => found.edited.push(track.sidecar_file(kind, path)),
            }
        }
        let condition = match policy {
            RebuildPolicy::Changed if file.has_its_length() => Ok(Condition::Intact),
            _ => file.condition(),
        };
        match condition {
            Ok(Condition::Intact) => {}
            Ok(Condition::Edited | Condition::Remade) => found.edited.push(path.clone()),
            // To make it again is refused where it was edited, which names it.
            Ok(Condition::Damaged(_) | Condition::EditedAndDamaged(_) | Condition::Unknown) | Err(_) => {
                found.state = State::Due;
            }
        }
        found
    }
}
