//! One share of a batch, so that many machines can divide it among themselves.
//!
//! Every machine works out the same division from the same costs and takes its own share; nothing passes
//! between them. Must not know what a track is, nor where a shard's number comes from: that is `scheduler`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroU32;

/// One share of a batch: number `index` of `count`, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Less than `count`.
    index: u32,
    count: NonZeroU32,
}

impl Shard {
    /// All of the batch, undivided.
    pub const WHOLE: Self = Self { index: 0, count: NonZeroU32::MIN };

    /// Share `index` of `count`; `None` unless `index < count`.
    pub const fn new(index: u32, count: u32) -> Option<Self> {
        match NonZeroU32::new(count) {
            Some(count) if index < count.get() => Some(Self { index, count }),
            _ => None,
        }
    }

    /// Its number, from 0.
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Returns the number of shares.
    pub const fn count(self) -> NonZeroU32 {
        self.count
    }

    /// Returns, for each item of a batch in their order, true if it is this shard's, divided as by [`shares`].
    pub fn takes(self, costs: &[Cost]) -> Vec<bool> {
        shares(costs, self.count).into_iter().map(|share| share == self.index).collect()
    }
}

/// `3/8`, as it is typed.
impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// The work that an item takes: milliseconds of one core, estimated. Only the proportions matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost(pub u64);

/// Divides a batch: the share, from 0, that takes each item.
///
/// The same for equal costs on every machine, so every shard must be given all items in the same order, also
/// those that are done already or cannot be done: shards that began at different times would otherwise see
/// different batches, and leave an item to each other. An item with a cost of 0 has its share like any other.
///
/// Longest first, each to the share that has least so far, ties by order (Graham, "Bounds on Multiprocessing
/// Timing Anomalies", SIAM J. Appl. Math. 17, 1969): the largest share is at most 4/3 of the best there is,
/// and at most the mean and one item. A hundred items a share come within a percent of the mean.
pub fn shares(costs: &[Cost], count: NonZeroU32) -> Vec<u32> {
    // Shares beyond the number of items stay empty.
    let used = u32::try_from(costs.len()).unwrap_or(u32::MAX).min(count.get());
    let mut least: BinaryHeap<Reverse<(u128, u32)>> = (0..used).map(|share| Reverse((0, share))).collect();
    let mut longest_first: Vec<usize> = (0..costs.len()).collect();
    longest_first.sort_by_key(|&item| Reverse(costs[item]));
    let mut shares = vec![0; costs.len()];
    for item in longest_first {
        let Some(mut top) = least.peek_mut() else { break };
        let Reverse((load, share)) = *top;
        shares[item] = share;
        *top = Reverse((load + u128::from(costs[item].0), share));
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(costs: &[u64], count: u32, expected: &[u32]) {
        let costs: Vec<Cost> = costs.iter().copied().map(Cost).collect();
        assert_eq!(shares(&costs, NonZeroU32::new(count).unwrap()), expected);
    }

    fn loads(costs: &[Cost], count: NonZeroU32) -> Vec<u128> {
        let mut loads = vec![0; count.get() as usize];
        for (cost, share) in costs.iter().zip(shares(costs, count)) {
            loads[share as usize] += u128::from(cost.0);
        }
        loads
    }

    /// The largest share of the best division there is, by trying all.
    fn best(costs: &[Cost], loads: &mut [u128]) -> u128 {
        let Some((cost, rest)) = costs.split_first() else {
            return loads.iter().copied().max().unwrap();
        };
        let cost = u128::from(cost.0);
        (0..loads.len())
            .map(|share| {
                loads[share] += cost;
                let best = best(rest, loads);
                loads[share] -= cost;
                best
            })
            .min()
            .unwrap()
    }

    #[test]
    fn the_longest_item_goes_first_and_each_to_the_share_with_least() {
        check(&[2, 7, 4, 5], 2, &[0, 0, 1, 1]);
    }

    #[test]
    fn equal_items_go_round_in_their_order() {
        check(&[5, 5, 5, 5, 5], 3, &[0, 1, 2, 0, 1]);
    }

    #[test]
    fn items_that_cost_nothing_have_a_share_too() {
        check(&[0, 0, 9], 2, &[1, 1, 0]);
    }

    #[test]
    fn one_share_takes_everything() {
        check(&[3, 1, 2], 1, &[0, 0, 0]);
    }

    #[test]
    fn shares_without_an_item_stay_empty_and_cost_nothing_to_have() {
        check(&[1, 2], u32::MAX, &[1, 0]);
        check(&[], 8, &[]);
    }

    #[test]
    fn costs_may_be_as_large_as_they_are() {
        check(&[u64::MAX, u64::MAX, u64::MAX, 1], 2, &[0, 1, 0, 1]);
        check(&[1 << 40, 1 << 32, 1 << 32], 2, &[0, 1, 1]);
    }

    #[test]
    fn a_shard_is_counted_from_zero_and_less_than_their_number() {
        let shard = Shard::new(7, 8).unwrap();
        assert_eq!((shard.index(), shard.count().get(), shard.to_string().as_str()), (7, 8, "7/8"));
        assert_eq!(Shard::new(8, 8), None);
        assert_eq!(Shard::new(0, 0), None);
        assert_eq!(Shard::new(0, 1), Some(Shard::WHOLE));
    }

    proptest! {
        #[test]
        fn shards_are_disjoint_and_together_complete(
            costs in prop::collection::vec(any::<u64>().prop_map(Cost), 0..200), count in 1_u32..20,
        ) {
            let mut takers = vec![0; costs.len()];
            for index in 0..count {
                let takes = Shard::new(index, count).unwrap().takes(&costs);
                prop_assert_eq!(takes.len(), costs.len());
                for (takers, takes) in takers.iter_mut().zip(takes) {
                    *takers += u32::from(takes);
                }
            }
            prop_assert!(takers.iter().all(|&takers| takers == 1), "{takers:?}");
        }

        #[test]
        fn no_share_has_more_than_the_mean_and_one_item(
            costs in prop::collection::vec((0..100_000_u64).prop_map(Cost), 1..200), count in 1_u32..20,
        ) {
            let loads = loads(&costs, NonZeroU32::new(count).unwrap());
            let (sum, count) = (loads.iter().sum::<u128>(), u128::from(count));
            let longest = u128::from(costs.iter().max().unwrap().0);
            prop_assert!(loads.iter().max().unwrap() * count <= sum + longest * (count - 1));
        }

        #[test]
        fn the_largest_share_is_at_most_four_thirds_of_the_best_there_is(
            costs in prop::collection::vec((0..50_u64).prop_map(Cost), 1..8), count in 1_u32..4,
        ) {
            let largest = loads(&costs, NonZeroU32::new(count).unwrap()).into_iter().max().unwrap();
            let best = best(&costs, &mut vec![0; count as usize]);
            prop_assert!(largest * 3 <= best * 4, "{largest} against {best}");
        }
    }
}
