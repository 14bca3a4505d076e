//! Sharing frames among elastic pauses: by weight, within bounds, to the last frame.
//!
//! Integer arithmetic only. Must not know what a pause is.

use crate::units::Frames;

/// One elastic pause, or as many alike as `times` says (the same pause in passes of equal length).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) weight: u32,
    pub(crate) min: Frames,
    pub(crate) max: Frames,
    pub(crate) times: u64,
}

/// The result of sharing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// The length of each pause.
    pub(crate) lengths: Vec<Frames>,
    /// The fit of the lengths to the total.
    pub(crate) fit: Fit,
}

/// The fit of lengths to a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// But for fewer frames than the largest `times`, which no equal pauses can take.
    Met {
        /// Frames that are left.
        rest: Frames,
    },
    /// All pauses are at their minimum, and it is still that much too long.
    Over(Frames),
    /// All pauses are at their maximum, and that much is left.
    Under(Frames),
}

/// Gives every slot a length so that all together are `total` frames.
///
/// Weights divide the total as in the flexible boxes of CSS (CSS Flexbox 1, section 9.7): what a
/// bound takes from one pause goes to the others. What does not divide evenly goes one frame each
/// to the largest remainders, the earlier pause first.
pub(crate) fn share(total: Frames, slots: &[Slot]) -> Shares {
    let at = |bound: fn(&Slot) -> Frames| slots.iter().map(bound).collect::<Vec<_>>();
    let (least, most) = (sum(slots, |s| s.min), sum(slots, |s| if s.weight == 0 { s.min } else { s.max }));
    let wanted = u128::from(total.0);
    if wanted < least {
        return Shares { lengths: at(|s| s.min), fit: Fit::Over(frames(least - wanted)) };
    }
    if wanted > most {
        let lengths = at(|s| if s.weight == 0 { s.min } else { s.max });
        return Shares { lengths, fit: Fit::Under(frames(wanted - most)) };
    }
    let mut lengths: Vec<Option<Frames>> =
        slots.iter().map(|slot| (slot.weight == 0).then_some(slot.min)).collect();
    loop {
        let (pool, weight) = pool(wanted, slots, &lengths);
        if weight == 0 {
            break;
        }
        let fair = |slot: &Slot| frames(pool * u128::from(slot.weight) / weight);
        if !freeze(slots, &mut lengths, fair) {
            return finish(pool, weight, slots, lengths);
        }
    }
    let lengths: Vec<Frames> = lengths.into_iter().map(Option::unwrap_or_default).collect();
    let used: u128 = slots.iter().zip(&lengths).map(|(s, l)| u128::from(l.0) * u128::from(s.times)).sum();
    Shares { lengths, fit: Fit::Met { rest: frames(wanted.saturating_sub(used)) } }
}

fn sum(slots: &[Slot], bound: impl Fn(&Slot) -> Frames) -> u128 {
    slots.iter().map(|slot| u128::from(bound(slot).0) * u128::from(slot.times)).sum()
}

fn frames(n: u128) -> Frames {
    Frames(u64::try_from(n).unwrap_or(u64::MAX))
}

/// Returns the frames that the frozen slots leave, and the weight of the others.
fn pool(wanted: u128, slots: &[Slot], lengths: &[Option<Frames>]) -> (u128, u128) {
    let mut pool = wanted;
    let mut weight = 0;
    for (slot, length) in slots.iter().zip(lengths) {
        let times = u128::from(slot.times);
        match length {
            Some(length) => pool = pool.saturating_sub(u128::from(length.0) * times),
            None => weight += u128::from(slot.weight) * times,
        }
    }
    (pool, weight)
}

/// Freezes the slots whose fair share breaks a bound: those below their minimum if more is missing
/// than is left over, else those above their maximum. False if no bound is broken.
fn freeze(slots: &[Slot], lengths: &mut [Option<Frames>], fair: impl Fn(&Slot) -> Frames) -> bool {
    let (mut missing, mut left_over) = (0u128, 0u128);
    for (slot, length) in slots.iter().zip(lengths.iter()) {
        if length.is_none() {
            let share = fair(slot);
            missing += u128::from(slot.min.saturating_sub(share).0) * u128::from(slot.times);
            left_over += u128::from(share.saturating_sub(slot.max).0) * u128::from(slot.times);
        }
    }
    if missing == 0 && left_over == 0 {
        return false;
    }
    for (slot, length) in slots.iter().zip(lengths.iter_mut()) {
        if length.is_some() {
            continue;
        }
        let share = fair(slot);
        if missing >= left_over && share < slot.min {
            *length = Some(slot.min);
        }
        if left_over >= missing && share > slot.max {
            *length = Some(slot.max);
        }
    }
    true
}

/// The last round: whole frames by weight, then one more for the largest remainders.
fn finish(pool: u128, weight: u128, slots: &[Slot], mut lengths: Vec<Option<Frames>>) -> Shares {
    let mut rest = pool;
    let mut remainders = Vec::new();
    for (index, slot) in slots.iter().enumerate() {
        if lengths[index].is_none() {
            let scaled = pool * u128::from(slot.weight);
            lengths[index] = Some(frames(scaled / weight));
            rest -= scaled / weight * u128::from(slot.times);
            remainders.push((scaled % weight, index));
        }
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Equal pauses grow together, so a second round may be needed where one of them was too wide for the rest.
    let mut grown = true;
    while grown && rest > 0 {
        grown = false;
        for &(_, index) in &remainders {
            let (times, max) = (u128::from(slots[index].times), slots[index].max);
            if let Some(length) = lengths[index].as_mut()
                && times <= rest
                && *length < max
            {
                *length += Frames(1);
                rest -= times;
                grown = true;
            }
        }
    }
    Shares {
        lengths: lengths.into_iter().map(Option::unwrap_or_default).collect(),
        fit: Fit::Met { rest: frames(rest) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_MAX: u64 = 1 << 40;

    /// Slots are (weight, min, max).
    #[track_caller]
    fn check(total: u64, slots: &[(u32, u64, u64)], lengths: &[u64], fit: Fit) {
        let slots: Vec<_> = slots
            .iter()
            .map(|&(weight, min, max)| Slot { weight, min: Frames(min), max: Frames(max), times: 1 })
            .collect();
        let lengths = lengths.iter().copied().map(Frames).collect();
        assert_eq!(share(Frames(total), &slots), Shares { lengths, fit });
    }

    const MET: Fit = Fit::Met { rest: Frames::ZERO };

    #[test]
    fn pauses_share_by_weight() {
        check(90, &[(1, 0, NO_MAX), (2, 0, NO_MAX)], &[30, 60], MET);
    }

    #[test]
    fn the_largest_remainders_take_what_does_not_divide() {
        check(10, &[(1, 0, NO_MAX), (1, 0, NO_MAX), (1, 0, NO_MAX)], &[4, 3, 3], MET);
        check(11, &[(1, 0, NO_MAX), (1, 0, NO_MAX), (1, 0, NO_MAX)], &[4, 4, 3], MET);
        check(10, &[(1, 0, NO_MAX), (2, 0, NO_MAX)], &[3, 7], MET);
    }

    #[test]
    fn what_a_bound_takes_goes_to_the_others() {
        check(90, &[(1, 0, 10), (1, 0, NO_MAX), (1, 0, NO_MAX)], &[10, 40, 40], MET);
        check(90, &[(1, 50, NO_MAX), (1, 0, NO_MAX), (1, 0, NO_MAX)], &[50, 20, 20], MET);
        check(100, &[(1, 60, NO_MAX), (1, 0, 10), (1, 0, NO_MAX)], &[60, 10, 30], MET);
    }

    #[test]
    fn what_cannot_be_met_says_by_how_much() {
        check(10, &[(1, 8, NO_MAX), (1, 8, NO_MAX)], &[8, 8], Fit::Over(Frames(6)));
        check(30, &[(1, 0, 10), (1, 0, 10)], &[10, 10], Fit::Under(Frames(10)));
        check(5, &[], &[], Fit::Under(Frames(5)));
        check(0, &[], &[], MET);
        check(5, &[(0, 2, NO_MAX)], &[2], Fit::Under(Frames(3)));
    }

    proptest::proptest! {
        #[test]
        fn shares_are_exact_and_within_bounds(
            total in 0u64..200_000,
            raw in proptest::collection::vec((0u32..5, 0u64..5000, 0u64..20_000, 1u64..4), 1..12),
        ) {
            let slots: Vec<_> = raw
                .iter()
                .map(|&(weight, min, span, times)| Slot { weight, min: Frames(min), max: Frames(min + span), times })
                .collect();
            let shares = share(Frames(total), &slots);
            let used: u64 = slots.iter().zip(&shares.lengths).map(|(s, l)| l.0 * s.times).sum();
            for (slot, length) in slots.iter().zip(&shares.lengths) {
                proptest::prop_assert!(*length >= slot.min && *length <= slot.max);
            }
            match shares.fit {
                Fit::Met { rest } => {
                    proptest::prop_assert_eq!(used + rest.0, total);
                    proptest::prop_assert!(rest.0 < slots.iter().map(|s| s.times).max().unwrap_or(1).max(1) || rest.0 == 0);
                }
                Fit::Over(by) => proptest::prop_assert_eq!(used, total + by.0),
                Fit::Under(by) => proptest::prop_assert_eq!(used + by.0, total),
            }
        }
    }
}
