//! Runs of an encoder's blocks in which something sounds: what the lossy encoders have in common.
//!
//! Must not know frames, samples or formats.

use std::ops::Range;

/// Ranges of blocks, in order, of which those less than `gap` blocks apart are one; `gap` is at least one.
pub(super) fn merged(ranges: impl Iterator<Item = Range<u64>>, gap: u64) -> impl Iterator<Item = Range<u64>> {
    let mut ranges = ranges.peekable();
    std::iter::from_fn(move || {
        let mut run = ranges.next()?;
        while let Some(next) = ranges.next_if(|next| next.start < run.end + gap) {
            run.end = run.end.max(next.end);
        }
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ranges: &[(u64, u64)], gap: u64, expected: &[(u64, u64)]) {
        let ranges = ranges.iter().map(|&(start, end)| start..end);
        let runs: Vec<_> = merged(ranges, gap).map(|run| (run.start, run.end)).collect();
        assert_eq!(runs, expected);
    }

    #[test]
    fn ranges_that_are_too_close_are_one_run() {
        check(&[], 1, &[]);
        check(&[(0, 1), (0, 1), (0, 2)], 1, &[(0, 2)]);
        check(&[(0, 1), (1, 2), (4, 5)], 1, &[(0, 2), (4, 5)]);
        check(&[(0, 1), (2, 3), (5, 6)], 2, &[(0, 3), (5, 6)]);
    }
}
