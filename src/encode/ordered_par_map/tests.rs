//! Order, memory, threads, errors and panics.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// A count of what there is, and the most there was.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

struct Counted<'g>(&'g Gauge, u64);

impl Gauge {
    fn counted(&self, value: u64) -> Counted<'_> {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Counted(self, value)
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Work that takes as long as `amount` is large, and that no compiler leaves out.
fn work(amount: u64) -> u64 {
    (0..amount * 100).fold(amount, |sum, n| std::hint::black_box(sum.wrapping_mul(31).wrapping_add(n)))
}

proptest! {
    #[test]
    fn results_come_in_order_and_never_more_than_the_window_are_alive(
        costs in prop::collection::vec((0u64..200, 0u64..200), 0..150), threads in 1usize..5,
    ) {
        let alive = Gauge::default();
        let mut taken = Vec::new();
        pool(threads).install(|| ordered_par_map::<_, _, ()>(
            costs.iter().zip(0..),
            |(&(make, take), number)| {
                let result = alive.counted(number);
                work(make);
                (result, take)
            },
            |(result, take)| {
                work(take);
                taken.push(result.1);
                Ok(())
            },
        )).unwrap();
        prop_assert!(alive.most() <= threads * ITEMS_PER_THREAD, "{}", alive.most());
        prop_assert_eq!(taken, (0..costs.len() as u64).collect::<Vec<_>>());
    }
}

/// Two calls at once, each from a thread that `enter`s the pool in its way.
#[track_caller]
fn check_two_at_once(threads: usize, enter: impl Fn(&(dyn Fn() + Sync)) + Sync) {
    let busy = Gauge::default();
    let call = || {
        let mut taken = 0;
        let made = ordered_par_map::<_, _, ()>(
            0..300u64,
            |n| {
                let _busy = busy.counted(n);
                work(n % 50)
            },
            |result| {
                let _busy = busy.counted(result);
                work(30);
                taken += 1;
                Ok(())
            },
        );
        assert_eq!((made, taken), (Ok(()), 300));
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| enter(&call));
        }
    });
    assert!((1..=threads).contains(&busy.most()), "{} at once on {threads}", busy.most());
}

#[test]
fn two_calls_at_once_never_use_more_threads_than_the_pool_has() {
    for threads in 1..=2 {
        let pool = pool(threads);
        check_two_at_once(threads, |call| pool.install(call));
    }
    check_two_at_once(rayon::current_num_threads(), |call| call());
}

#[test]
fn an_error_ends_work_that_has_no_end_and_nothing_is_begun_after_it() {
    for threads in 1..=3 {
        let (begun, mut taken) = (AtomicUsize::new(0), 0);
        let ended = pool(threads).install(|| {
            ordered_par_map(
                0..,
                |n: u32| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    n
                },
                |n| {
                    taken += 1;
                    if n == 30 { Err("enough") } else { Ok(()) }
                },
            )
        });
        assert_eq!((ended, taken), (Err("enough"), 31));
        assert!(begun.into_inner() <= 30 + threads * ITEMS_PER_THREAD);
    }
}

#[test]
fn items_are_made_in_the_room_of_those_taken_while_another_is_being_taken() {
    const THREADS: usize = 2;
    const WINDOW: usize = THREADS * ITEMS_PER_THREAD;
    // Four are taken, so four beyond the first window are made while the fifth is.
    let (made, mut seen) = (AtomicUsize::new(0), 0);
    let taken: Result<(), ()> = pool(THREADS).install(|| {
        ordered_par_map(
            0..2 * WINDOW,
            |n| {
                made.fetch_add(1, Ordering::SeqCst);
                n
            },
            |n| {
                let mut patience = 10_000_000;
                while n == 4 && made.load(Ordering::SeqCst) < WINDOW + 4 && patience > 0 {
                    std::thread::yield_now();
                    patience -= 1;
                }
                seen += patience.min(1);
                Ok(())
            },
        )
    });
    assert_eq!((taken, seen), (Ok(()), 2 * WINDOW));
}

#[track_caller]
fn check_panic(threads: usize, make: fn(u32) -> u32, take: fn(u32) -> Result<(), ()>) {
    let call = || pool(threads).install(|| ordered_par_map(0.., make, take));
    let panic = std::panic::catch_unwind(call).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"broken"));
}

#[test]
fn a_panic_comes_through_and_hangs_nobody() {
    let broken = |n| if n == 20 { std::panic::panic_any("broken") } else { n };
    for threads in 1..=3 {
        check_panic(threads, broken, |_| Ok(()));
        check_panic(threads, |n| n, |n| if n == 20 { std::panic::panic_any("broken") } else { Ok(()) });
    }
}

#[test]
fn work_in_the_pool_is_done_by_a_thread_of_it() {
    let outside =
        std::thread::spawn(|| (rayon::current_thread_index(), in_pool(rayon::current_thread_index)));
    let (before, within) = outside.join().unwrap();
    assert!(before.is_none() && within.is_some());
}

#[test]
fn who_comes_while_two_long_calls_keep_all_threads_busy_is_served_before_they_end() {
    const MAX_YIELDS: u64 = 100_000;
    let threads = rayon::current_num_threads() as u64;
    let (taken, served) = (AtomicU64::new(0), AtomicBool::new(false));
    // As many calls as threads, each with work until another is served, but not for ever.
    let call = || {
        let going = || !served.load(Ordering::SeqCst) && taken.load(Ordering::SeqCst) < MAX_YIELDS;
        let made = ordered_par_map::<_, _, ()>(
            (0..).take_while(|_| going()),
            |n| work(n % 50),
            |_| {
                taken.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        );
        assert_eq!(made, Ok(()));
    };
    let before = std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(call)));
        // Until what they have put in line at first is done.
        while taken.load(Ordering::SeqCst) < 2 * threads * threads * ITEMS_PER_THREAD as u64 {
            std::thread::yield_now();
        }
        let before = in_pool(|| taken.load(Ordering::SeqCst));
        served.store(true, Ordering::SeqCst);
        before
    });
    assert!(before < MAX_YIELDS, "served after {before}");
}
