//! The progress of a batch: on a terminal one bar a running track and one for the whole, elsewhere one sentence a
//! track.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::report::sentences;
use crate::build::{Job, JobEvent, JobResult};
use crate::cli::ui::output::{on_terminal, say_all};
use crate::text::visible;
use crate::units::Frames;

/// Current tracks are not named one by one on a terminal if they are more than this.
const MAX_CURRENT_NAMED: usize = 10;

/// The tracks that are told of.
pub(crate) enum ReportedJobs {
    All,
    /// Those that were made, and failures but these, which were told of before.
    New(BTreeSet<Vec<String>>),
}

/// Display of a batch while it runs.
pub(crate) struct Progress<'a> {
    jobs: &'a [Job],
    told: ReportedJobs,
    bars: Option<Bars>,
}

struct Bars {
    all: MultiProgress,
    whole: ProgressBar,
    ended: AtomicUsize,
    running: Mutex<BTreeMap<usize, ProgressBar>>,
}

impl<'a> Progress<'a> {
    /// Bars on a terminal, if there is anything to do.
    pub(crate) fn begin(jobs: &'a [Job], told: ReportedJobs) -> Self {
        let bars = on_terminal().then(|| Bars::begin(jobs, &told));
        Self { jobs, told, bars }
    }

    /// Shows what happens to a job.
    pub(crate) fn tell(&self, number: usize, event: JobEvent<'_>) {
        let job = &self.jobs[number];
        match (event, &self.bars) {
            (JobEvent::Begun(length), Some(bars)) => bars.begin_one(number, job, length),
            (JobEvent::Progress(done), Some(bars)) => bars.progress(number, done),
            (JobEvent::Begun(_) | JobEvent::Progress(_), None) => {}
            (JobEvent::Ended(outcome), Some(bars)) => {
                bars.end_one(number, job);
                bars.count(bars.ended.fetch_add(1, Ordering::Relaxed) + 1, self.jobs.len());
                let text = self.text(job, outcome);
                bars.all.suspend(|| say_all(text));
            }
            (JobEvent::Ended(outcome), None) => say_all(self.text(job, outcome)),
        }
    }

    /// Returns the sentences on a job, if it is told of.
    fn text(&self, job: &Job, outcome: &JobResult) -> Vec<String> {
        let text = sentences(job, outcome);
        let is_told = match &self.told {
            ReportedJobs::All => !outcome.is_current() || !is_terse(self.jobs),
            ReportedJobs::New(known) => !outcome.is_current() && !known.contains(&text),
        };
        if is_told { text } else { Vec::new() }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bars) = &self.bars {
            bars.running().values().chain([&bars.whole]).for_each(ProgressBar::finish_and_clear);
        }
    }
}

impl Bars {
    fn begin(jobs: &[Job], told: &ReportedJobs) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let length = jobs.iter().map(in_all).sum();
        // One track is the whole; and a run with a few new tracks would only make it flash.
        let whole = if jobs.len() > 1 && matches!(told, ReportedJobs::All) {
            all.add(ProgressBar::new(length))
        } else {
            ProgressBar::hidden()
        };
        whole.set_style(style("{msg} {wide_bar} {percent}%, {eta} left"));
        let bars = Self { all, whole, ended: AtomicUsize::new(0), running: Mutex::default() };
        bars.count(0, jobs.len());
        bars
    }

    fn begin_one(&self, number: usize, job: &Job, length: Frames) {
        // The whole has its place at the bottom, if it is shown.
        let bar = match self.whole.is_hidden() {
            true => self.all.add(ProgressBar::new(length.0)),
            false => self.all.insert_before(&self.whole, ProgressBar::new(length.0)),
        };
        bar.set_style(style("{msg} {wide_bar} {percent}%, {eta} left"));
        bar.set_message(visible(&job.track.name));
        // Files that are there already are done.
        self.whole.inc(in_all(job).saturating_sub(length.0));
        self.running().insert(number, bar);
    }

    fn count(&self, ended: usize, jobs: usize) {
        self.whole.set_message(format!("{ended} of {jobs} tracks"));
    }

    fn progress(&self, number: usize, done: Frames) {
        if let Some(bar) = self.running().get(&number) {
            self.whole.inc(done.0.saturating_sub(bar.position()));
            bar.set_position(done.0);
        }
    }

    fn end_one(&self, number: usize, job: &Job) {
        match self.running().remove(&number) {
            Some(bar) => {
                self.whole.inc(bar.length().unwrap_or(0).saturating_sub(bar.position()));
                bar.finish_and_clear();
                self.all.remove(&bar);
            }
            None => self.whole.inc(in_all(job)),
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<usize, ProgressBar>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// True if current tracks are named at the end only.
pub(crate) fn is_terse(jobs: &[Job]) -> bool {
    on_terminal() && jobs.len() > MAX_CURRENT_NAMED
}

/// The frames of all files of a job.
fn in_all(job: &Job) -> u64 {
    job.track.timeline.length.0 * job.files.len() as u64
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
