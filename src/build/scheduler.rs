//! The shard of a batch that this process is, by what an array scheduler says in the environment.
//!
//! Each scheduler starts the same command many times and tells the processes apart with two or four variables.
//! Reads them through a function; must not look at the environment itself, nor know what a shard is made of.

use super::shard::Shard;

/// An array scheduler, which starts many of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// A Slurm job array.
    Slurm,
    /// An array job of AWS Batch.
    AwsBatch,
    /// The tasks of Google Cloud Batch.
    GoogleBatch,
    /// A job of Google Cloud Run.
    CloudRun,
    /// An Indexed Job of Kubernetes.
    Kubernetes,
}

impl Scheduler {
    const ALL: [Self; 5] = [Self::Slurm, Self::AwsBatch, Self::GoogleBatch, Self::CloudRun, Self::Kubernetes];

    /// The variable that says which process this is.
    ///
    /// Slurm: <https://slurm.schedmd.com/job_array.html>. AWS, from 0, "only set in child array jobs":
    /// <https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html>. Google Batch, from 0:
    /// <https://cloud.google.com/batch/docs/create-run-basic-job>. Cloud Run, from 0:
    /// <https://cloud.google.com/run/docs/container-contract>. Kubernetes, from 0:
    /// <https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/>.
    const fn index(self) -> &'static str {
        match self {
            Self::Slurm => "SLURM_ARRAY_TASK_ID",
            Self::AwsBatch => "AWS_BATCH_JOB_ARRAY_INDEX",
            Self::GoogleBatch => "BATCH_TASK_INDEX",
            Self::CloudRun => "CLOUD_RUN_TASK_INDEX",
            Self::Kubernetes => "JOB_COMPLETION_INDEX",
        }
    }

    /// The variable that says how many processes there are; the pages are those of [`Scheduler::index`].
    ///
    /// Kubernetes tells a pod its index but not the `completions` of its Job, and its Downward API has no field
    /// for them, so the manifest must say it again, in a variable of ours.
    const fn count(self) -> &'static str {
        match self {
            Self::Slurm => "SLURM_ARRAY_TASK_COUNT",
            Self::AwsBatch => "AWS_BATCH_JOB_ARRAY_SIZE",
            Self::GoogleBatch => "BATCH_TASK_COUNT",
            Self::CloudRun => "CLOUD_RUN_TASK_COUNT",
            Self::Kubernetes => "NIDRA_SHARDS",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Slurm => "Slurm",
            Self::AwsBatch => "AWS Batch",
            Self::GoogleBatch => "Google Batch",
            Self::CloudRun => "Cloud Run",
            Self::Kubernetes => "Kubernetes",
        }
    }
}

impl std::fmt::Display for Scheduler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A shard, and the scheduler that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The share of the batch that is this process's.
    pub shard: Shard,
    /// The scheduler that started it.
    pub scheduler: Scheduler,
}

/// The reason that the environment does not say which shard this is. Rendering everything on every machine, or
/// leaving a part to none, would be worse than to stop. All are got round by `--shard`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchedulerError {
    /// One of two variables is missing.
    #[error("{variable} is '{value}', but {missing} is not set; set it, or write --shard I/N")]
    Half {
        /// The variable that is set.
        variable: &'static str,
        /// Its value.
        value: String,
        /// The variable that is not.
        missing: &'static str,
    },
    /// Kubernetes says which pod this is, and nothing says how many there are.
    #[error(
        "JOB_COMPLETION_INDEX is '{index}', but NIDRA_SHARDS is not set; set it in the manifest to the \
         `completions` of the Job, or write --shard I/N"
    )]
    Completions {
        /// The index of the pod.
        index: String,
    },
    /// Not a whole number, or too large a one.
    #[error("{variable} is '{value}', not a whole number; write --shard I/N to do without it")]
    NotANumber {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
    },
    /// An index that is not below the count.
    #[error(
        "{variable} is {index}, but {count_variable} is {count}, and shards count from 0; write --shard I/N"
    )]
    Outside {
        /// The variable of the index.
        variable: &'static str,
        /// The index.
        index: u32,
        /// The variable of the count.
        count_variable: &'static str,
        /// The count.
        count: u32,
    },
    /// Array ids that do not follow one another evenly: which of them there are, Slurm does not say.
    #[error(
        "the ids of this Slurm array have gaps: SLURM_ARRAY_TASK_ID is {id}, one of {count} from {min} to {max}; \
         number them evenly, as in --array=0-7, or write --shard I/N"
    )]
    Gaps {
        /// This task's.
        id: u32,
        /// The number of tasks.
        count: u32,
        /// The lowest id.
        min: u32,
        /// The highest id.
        max: u32,
    },
    /// Two schedulers, one inside the other, perhaps.
    #[error("{} says this is shard {}, and {} says {}; write --shard I/N", .0.scheduler, .0.shard, .1.scheduler, .1.shard)]
    Two(Assigned, Assigned),
}

/// Returns the shard that this process is, or nothing where no scheduler has started us.
///
/// `variable` looks a variable of the environment up; one that is empty counts as not set.
///
/// # Errors
/// If a scheduler says only half of it, or something that cannot be, or if two say different things.
pub fn assigned_shard(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Assigned>, SchedulerError> {
    let mut found: Option<Assigned> = None;
    for scheduler in Scheduler::ALL {
        let Some(shard) = shard_by(scheduler, variable)? else { continue };
        let this = Assigned { shard, scheduler };
        match found {
            Some(other) if other.shard != shard => return Err(SchedulerError::Two(other, this)),
            Some(_) => {}
            None => found = Some(this),
        }
    }
    Ok(found)
}

fn shard_by(
    scheduler: Scheduler,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Shard>, SchedulerError> {
    let set =
        |name: &'static str| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    let (index, count) = match (set(scheduler.index()), set(scheduler.count())) {
        (None, None) => return Ok(None),
        (Some((_, index)), None) if scheduler == Scheduler::Kubernetes => {
            return Err(SchedulerError::Completions { index });
        }
        (Some((variable, value)), None) => {
            return Err(SchedulerError::Half { variable, value, missing: scheduler.count() });
        }
        (None, Some((variable, value))) => {
            return Err(SchedulerError::Half { variable, value, missing: scheduler.index() });
        }
        (Some(index), Some(count)) => (number(index)?, number(count)?),
    };
    if scheduler == Scheduler::Slurm {
        let bound = |name| {
            set(name).map_or_else(
                || {
                    Err(SchedulerError::Half {
                        variable: scheduler.index(),
                        value: index.to_string(),
                        missing: name,
                    })
                },
                number,
            )
        };
        return slurm(index, count, bound("SLURM_ARRAY_TASK_MIN")?, bound("SLURM_ARRAY_TASK_MAX")?).map(Some);
    }
    let outside = SchedulerError::Outside {
        variable: scheduler.index(),
        index,
        count_variable: scheduler.count(),
        count,
    };
    Shard::new(index, count).ok_or(outside).map(Some)
}

/// The shard of a Slurm task. Ids are the user's: `--array=1-8`, `0-14:2` or `3,5,9`. Evenly spaced ones are
/// counted off from the lowest. Of others a task knows the lowest, the highest and their number, but not its
/// own place among them; at least one task of such an array lies off the even spacing and says so here.
fn slurm(id: u32, count: u32, min: u32, max: u32) -> Result<Shard, SchedulerError> {
    let gaps = SchedulerError::Gaps { id, count, min, max };
    let (Some(width), Some(offset)) = (max.checked_sub(min), id.checked_sub(min)) else { return Err(gaps) };
    let intervals = count.saturating_sub(1);
    let step = width.checked_div(intervals).unwrap_or(1);
    let even = u64::from(step) * u64::from(intervals) == u64::from(width) && step > 0 && offset % step == 0;
    if !even {
        return Err(gaps);
    }
    Shard::new(offset / step, count).ok_or(gaps)
}

fn number((variable, value): (&'static str, String)) -> Result<u32, SchedulerError> {
    value.parse().map_err(|_| SchedulerError::NotANumber { variable, value })
}

#[cfg(test)]
mod tests;
