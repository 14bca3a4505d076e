//! The shard of a batch that this process is, by what an array scheduler says in the environment.
//!
//! Each scheduler starts the same command many times and tells the processes apart with two or four variables.
//! Reads them through a function; must not look at the environment itself, nor know what a shard is made of.

use super::shard::Shard;

/// An array scheduler, which starts many of us.
struct Scheduler {
    name: &'static str,
    /// The variable that says which process this is.
    index: &'static str,
    /// The variable that says how many processes there are.
    count: &'static str,
    /// The way to set the number of processes where the scheduler does not.
    remedy: &'static str,
    /// The variables with the lowest and the highest index, where indices are the user's; else they begin at 0.
    bounds: Option<[&'static str; 2]>,
}

const SCHEDULERS: [Scheduler; 5] = [
    // A job array: <https://slurm.schedmd.com/job_array.html>.
    Scheduler {
        bounds: Some(["SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"]),
        ..scheduler("Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT")
    },
    // An array job; "only set in child array jobs":
    // <https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html>.
    scheduler("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
    // Tasks: <https://cloud.google.com/batch/docs/create-run-basic-job>.
    scheduler("Google Batch", "BATCH_TASK_INDEX", "BATCH_TASK_COUNT"),
    // A job: <https://cloud.google.com/run/docs/container-contract>.
    scheduler("Cloud Run", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"),
    // An Indexed Job: <https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/>. A pod is told its
    // index but not the `completions` of its Job, and the Downward API has no field for them, so the manifest must say
    // it again, in a variable of ours.
    Scheduler {
        remedy: "set it in the manifest to the `completions` of the Job",
        ..scheduler("Kubernetes", "JOB_COMPLETION_INDEX", "NIDRA_SHARDS")
    },
];

const fn scheduler(name: &'static str, index: &'static str, count: &'static str) -> Scheduler {
    Scheduler { name, index, count, remedy: "set it", bounds: None }
}

/// A shard, and the scheduler that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The share of the batch that is this process's.
    pub shard: Shard,
    /// The name of the scheduler that started it.
    pub scheduler: &'static str,
}

/// The reason that the environment does not say which shard this is. Rendering everything on every machine, or
/// leaving a part to none, would be worse than to stop. All are got round by `--shard`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SchedulerError(String);

/// Returns the shard that this process is, or nothing where no scheduler has started us.
///
/// `variable` looks a variable of the environment up; one that is empty counts as not set.
///
/// # Errors
/// If a scheduler says only half of it, or something that cannot be, or if two say different things.
pub fn assigned_shard(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Assigned>, SchedulerError> {
    let mut found: Option<Assigned> = None;
    for scheduler in SCHEDULERS {
        let Some(shard) = shard_by(&scheduler, variable)? else { continue };
        match found {
            // One inside the other, perhaps.
            Some(other) if other.shard != shard => {
                let Assigned { shard: first, scheduler: by } = other;
                let others = format!("and {} says {shard}; write --shard I/N", scheduler.name);
                return Err(SchedulerError(format!("{by} says this is shard {first}, {others}")));
            }
            Some(_) => {}
            None => found = Some(Assigned { shard, scheduler: scheduler.name }),
        }
    }
    Ok(found)
}

/// Returns the shard that a scheduler says, if it has started us.
fn shard_by(
    scheduler: &Scheduler,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Shard>, SchedulerError> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let number = |name: &str, value: &str| {
        let refused =
            || format!("{name} is '{value}', not a whole number; write --shard I/N to do without it");
        value.parse::<u32>().map_err(|_| SchedulerError(refused()))
    };
    let half = |name: &str, value: &str, missing: &str, remedy: &str| {
        SchedulerError(format!(
            "{name} is '{value}', but {missing} is not set; {remedy}, or write --shard I/N"
        ))
    };
    let Scheduler { index: index_name, count: count_name, remedy, .. } = *scheduler;
    let (index, count) = match (set(index_name), set(count_name)) {
        (None, None) => return Ok(None),
        (Some(index), None) => return Err(half(index_name, &index, count_name, remedy)),
        (None, Some(count)) => return Err(half(count_name, &count, index_name, "set it")),
        (Some(index), Some(count)) => (number(index_name, &index)?, number(count_name, &count)?),
    };
    if let Some([min, max]) = scheduler.bounds {
        let bound = |name| match set(name) {
            Some(value) => number(name, &value),
            None => Err(half(index_name, &index.to_string(), name, "set it")),
        };
        return spaced(index, count, bound(min)?, bound(max)?).map(Some);
    }
    let outside = || {
        let counted = format!("but {count_name} is {count}, and shards count from 0; write --shard I/N");
        SchedulerError(format!("{index_name} is {index}, {counted}"))
    };
    Shard::new(index, count).ok_or_else(outside).map(Some)
}

/// The shard of a Slurm task. Ids are the user's: `--array=1-8`, `0-14:2` or `3,5,9`. Evenly spaced ones are
/// counted off from the lowest. Of others a task knows the lowest, the highest and their number, but not its
/// own place among them; at least one task of such an array lies off the even spacing and says so here.
fn spaced(id: u32, count: u32, min: u32, max: u32) -> Result<Shard, SchedulerError> {
    let gaps = || {
        SchedulerError(format!(
            "the ids of this Slurm array have gaps: SLURM_ARRAY_TASK_ID is {id}, one of {count} from {min} to {max}; \
             number them evenly, as in --array=0-7, or write --shard I/N"
        ))
    };
    let (Some(width), Some(offset)) = (max.checked_sub(min), id.checked_sub(min)) else { return Err(gaps()) };
    let intervals = count.saturating_sub(1);
    let step = width.checked_div(intervals).unwrap_or(1);
    let even = u64::from(step) * u64::from(intervals) == u64::from(width) && step > 0 && offset % step == 0;
    Shard::new(offset / step.max(1), count).filter(|_| even).ok_or_else(gaps)
}

#[cfg(test)]
mod tests;
