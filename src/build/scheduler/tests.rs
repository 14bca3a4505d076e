//! What schedulers say, and what is made of it.

use super::*;

/// The page for those who run nidra on such an engine.
const PAGE: &str = include_str!("../../../docs/scale.md");

/// The fenced blocks of a kind.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    let blocks = PAGE.split(fence.as_str()).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap()).collect()
}

/// `expected` is the shard and who said so, or words of the error, or nothing.
#[track_caller]
fn check(environment: &[(&str, &str)], expected: &str) {
    let variable =
        |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    match assigned_shard(&variable) {
        Ok(None) => assert_eq!(expected, ""),
        Ok(Some(Assigned { shard, scheduler })) => assert_eq!(format!("{shard} by {scheduler}"), expected),
        Err(error) => assert!(
            !expected.is_empty() && error.to_string().contains(expected),
            "'{error}' does not say '{expected}'"
        ),
    }
}

#[track_caller]
fn check_slurm(id: &str, count: &str, min: &str, max: &str, expected: &str) {
    check(
        &[
            ("SLURM_ARRAY_TASK_ID", id),
            ("SLURM_ARRAY_TASK_COUNT", count),
            ("SLURM_ARRAY_TASK_MIN", min),
            ("SLURM_ARRAY_TASK_MAX", max),
        ],
        expected,
    );
}

#[test]
fn without_a_scheduler_there_is_no_shard() {
    check(&[("PATH", "/bin"), ("SLURM_JOB_ID", "36")], "");
}

#[test]
fn aws_google_and_cloud_run_say_both_numbers() {
    check(&[("AWS_BATCH_JOB_ARRAY_INDEX", "3"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")], "3/8 by AWS Batch");
    check(&[("BATCH_TASK_INDEX", "0"), ("BATCH_TASK_COUNT", "8")], "0/8 by Google Batch");
    check(&[("CLOUD_RUN_TASK_INDEX", "7"), ("CLOUD_RUN_TASK_COUNT", "8")], "7/8 by Cloud Run");
}

#[test]
fn kubernetes_needs_the_number_of_shards_in_the_manifest() {
    check(&[("JOB_COMPLETION_INDEX", "3"), ("NIDRA_SHARDS", "8")], "3/8 by Kubernetes");
    check(&[("JOB_COMPLETION_INDEX", "3")], "JOB_COMPLETION_INDEX is '3', but NIDRA_SHARDS is not set");
    check(&[("NIDRA_SHARDS", "8")], "NIDRA_SHARDS is '8', but JOB_COMPLETION_INDEX is not set");
}

#[test]
fn slurm_arrays_begin_where_they_like() {
    check_slurm("0", "8", "0", "7", "0/8 by Slurm");
    check_slurm("1", "8", "1", "8", "0/8 by Slurm");
    check_slurm("8", "8", "1", "8", "7/8 by Slurm");
    check_slurm("5", "1", "5", "5", "0/1 by Slurm");
}

#[test]
fn slurm_arrays_may_have_steps() {
    check_slurm("3", "4", "1", "7", "1/4 by Slurm");
    check_slurm("7", "4", "1", "7", "3/4 by Slurm");
    // Two shards that are tried again are halves of a batch that is mostly done.
    check_slurm("6", "2", "3", "6", "1/2 by Slurm");
}

#[test]
fn slurm_arrays_with_gaps_are_refused() {
    check_slurm("2", "3", "1", "6", "SLURM_ARRAY_TASK_ID is 2, one of 3 from 1 to 6");
    check_slurm("0", "4", "0", "8", "have gaps");
    check_slurm("0", "9", "0", "7", "have gaps");
    check_slurm("0", "0", "0", "0", "have gaps");
    check_slurm("9", "8", "0", "7", "have gaps");
    check_slurm("0", "2", "1", "2", "have gaps");
}

/// What no task can see of itself, one of its fellows does.
#[test]
fn of_a_slurm_array_with_gaps_some_task_always_fails() {
    for ids in 1_u32..1 << 9 {
        let ids: Vec<u32> = (0..9).filter(|id| ids & (1 << id) != 0).collect();
        let (count, min, max) = (u32::try_from(ids.len()).unwrap(), ids[0], *ids.last().unwrap());
        let shards: Result<Vec<Shard>, _> = ids.iter().map(|id| spaced(*id, count, min, max)).collect();
        let even = ids.windows(3).all(|three| three[1] - three[0] == three[2] - three[1]);
        assert_eq!(shards.is_ok(), even, "{ids:?}");
        for (place, shard) in shards.into_iter().flatten().enumerate() {
            assert_eq!((shard.index() as usize, shard.count().get()), (place, count), "{ids:?}");
        }
    }
}

#[test]
fn a_slurm_task_without_its_bounds_is_refused() {
    check(
        &[("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_TASK_COUNT", "8"), ("SLURM_ARRAY_TASK_MIN", "0")],
        "SLURM_ARRAY_TASK_ID is '3', but SLURM_ARRAY_TASK_MAX is not set",
    );
}

#[test]
fn half_of_what_a_scheduler_says_is_refused() {
    check(&[("AWS_BATCH_JOB_ARRAY_INDEX", "3")], "but AWS_BATCH_JOB_ARRAY_SIZE is not set");
    check(&[("BATCH_TASK_COUNT", "8")], "BATCH_TASK_COUNT is '8', but BATCH_TASK_INDEX is not set");
}

#[test]
fn an_empty_variable_is_not_set() {
    check(&[("JOB_COMPLETION_INDEX", ""), ("NIDRA_SHARDS", "")], "");
    check(&[("JOB_COMPLETION_INDEX", "2"), ("NIDRA_SHARDS", "")], "NIDRA_SHARDS is not set");
}

#[test]
fn what_is_no_number_is_named() {
    check(
        &[("BATCH_TASK_INDEX", "three"), ("BATCH_TASK_COUNT", "8")],
        "BATCH_TASK_INDEX is 'three', not a whole number",
    );
    check(&[("JOB_COMPLETION_INDEX", "1"), ("NIDRA_SHARDS", "-8")], "NIDRA_SHARDS is '-8'");
    check(
        &[("BATCH_TASK_INDEX", "1"), ("BATCH_TASK_COUNT", "4294967296")],
        "BATCH_TASK_COUNT is '4294967296'",
    );
}

#[test]
fn an_index_beyond_the_count_is_refused() {
    check(
        &[("JOB_COMPLETION_INDEX", "8"), ("NIDRA_SHARDS", "8")],
        "JOB_COMPLETION_INDEX is 8, but NIDRA_SHARDS is 8, and shards count from 0",
    );
    check(&[("BATCH_TASK_INDEX", "0"), ("BATCH_TASK_COUNT", "0")], "BATCH_TASK_COUNT is 0");
}

#[test]
fn two_schedulers_must_agree() {
    let aws = [("AWS_BATCH_JOB_ARRAY_INDEX", "3"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")];
    let kubernetes = [("JOB_COMPLETION_INDEX", "3"), ("NIDRA_SHARDS", "8")];
    check(&[aws, kubernetes].concat(), "3/8 by AWS Batch");
    let other = [("JOB_COMPLETION_INDEX", "0"), ("NIDRA_SHARDS", "2")];
    check(&[aws, other].concat(), "AWS Batch says this is shard 3/8, and Kubernetes says 0/2");
}

#[test]
fn every_variable_that_is_read_is_documented() {
    for scheduler in SCHEDULERS {
        for variable in [scheduler.index, scheduler.count] {
            assert!(PAGE.contains(&format!("`{variable}`")), "docs/scale.md does not explain {variable}");
        }
        assert!(PAGE.contains(scheduler.name), "docs/scale.md does not speak of {}", scheduler.name);
    }
}

#[test]
fn the_kubernetes_manifest_says_the_number_of_shards_twice_alike() {
    let [manifest] = blocks("yaml")[..] else { panic!("docs/scale.md has another number of manifests") };
    let after = |key: &str| {
        let rest = manifest.split(key).nth(1).unwrap_or_else(|| panic!("no {key} in the manifest"));
        rest.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).unwrap().to_owned()
    };
    assert!(manifest.contains("completionMode: Indexed"));
    assert_eq!(after("completions: "), after("value: "));
    assert_eq!(manifest.matches("name: NIDRA_SHARDS").count(), 1);
}

#[test]
fn the_job_definitions_are_json() {
    let blocks = blocks("json");
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        serde_json::from_str::<serde_json::Value>(block).unwrap();
    }
}
