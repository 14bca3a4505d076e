//! The sounding stretches of a track, on the grid of an encoder's blocks: what the block encoders have in common.
//!
//! Must not know frames, samples or formats.

use std::ops::Range;

use crate::units::FramePos;

/// The runs of blocks in which something sounds: in order, apart by `gap` blocks at least, so that what lies
/// closer is one run. Block `n` holds the frames from `n * block`.
pub(super) fn sounding(
    regions: &[Range<FramePos>],
    block: u64,
    gap: u64,
) -> impl Iterator<Item = Range<u64>> + '_ {
    let mut blocks =
        regions.iter().map(move |region| region.start.0 / block..region.end.0.div_ceil(block)).peekable();
    std::iter::from_fn(move || {
        let mut run = blocks.next()?;
        while let Some(next) = blocks.next_if(|next| next.start < run.end + gap.max(1)) {
            run.end = run.end.max(next.end);
        }
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(regions: &[(u64, u64)], gap: u64, expected: &[(u64, u64)]) {
        let regions: Vec<_> = regions.iter().map(|&(start, end)| FramePos(start)..FramePos(end)).collect();
        let runs: Vec<_> = sounding(&regions, 10, gap).map(|run| (run.start, run.end)).collect();
        assert_eq!(runs, expected);
    }

    #[test]
    fn a_block_sounds_where_any_of_its_frames_does() {
        check(&[], 0, &[]);
        check(&[(0, 1)], 0, &[(0, 1)]);
        check(&[(9, 11)], 0, &[(0, 2)]);
        check(&[(10, 20), (40, 41)], 0, &[(1, 2), (4, 5)]);
    }

    #[test]
    fn runs_that_are_too_close_are_one() {
        check(&[(1, 2), (5, 6), (9, 12)], 0, &[(0, 2)]);
        check(&[(0, 10), (20, 30)], 1, &[(0, 1), (2, 3)]);
        check(&[(0, 10), (20, 30), (50, 60)], 2, &[(0, 3), (5, 6)]);
    }
}
