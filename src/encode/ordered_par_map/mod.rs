//! Work done on all cores, and its results handed on in order: how every encoder is driven.
//!
//! The caller only waits. All computing, the handing on too, is done by the threads of one pool, so that several
//! tracks at once share the cores: while one track's encoder is busy with what cannot be divided, the other threads
//! make what it takes next, or work for another track. No thread of the pool ever waits for another item.
//!
//! The first to come is served first. A thread of the pool prefers what it has queued itself to what comes from
//! outside, so a queue that feeds itself would keep all other callers waiting until it ends. So it is the caller, who
//! is outside, that queues each item, and the items of all callers and [`in_pool`] are one queue.
//!
//! Must not know what is made.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::iter::Fuse;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use rayon::Yield;

/// Items in the making or waiting to be taken, for each thread: a slow one keeps no other waiting for long, and few are
/// in memory.
const ITEMS_PER_THREAD: usize = 4;

/// Makes something of each item in the pool and hands the results on in the order of the items, from whichever
/// thread has made the next. Early items are begun before late ones. Memory holds a few results a thread.
///
/// Waits until all is done. A caller that is of the pool itself works meanwhile, maybe for others; what comes from
/// outside the pool then has to wait for it.
///
/// # Errors
/// The first error of `take`. After it nothing is begun any more.
///
/// # Panics
/// If `make` or `take` does. What is begun by then is finished.
pub fn ordered_par_map<I, R: Send, E: Send>(
    items: I,
    make: impl Fn(I::Item) -> R + Sync,
    take: impl FnMut(R) -> Result<(), E> + Send,
) -> Result<(), E>
where
    I: IntoIterator<Item: Send, IntoIter: Send>,
{
    let window = rayon::current_num_threads() * ITEMS_PER_THREAD;
    let mut items = items.into_iter().fuse();
    let first: Vec<I::Item> = items.by_ref().take(window).collect();
    let consumer = Consumer { take, next: 0, items, begun: first.len() };
    let job = Job {
        make,
        turn: window,
        state: Mutex::new(State { made: BTreeMap::new(), consumer: Some(consumer), error: None }),
    };
    let (sender, orders) = channel();
    for (number, item) in first.into_iter().enumerate() {
        order(&sender, Task::Make(number, item));
    }
    drop(sender);
    // "In place": the scope of a caller from outside takes no thread of the pool to wait in.
    rayon::in_place_scope_fifo(|scope| {
        while let Some(Order { task, orders }) = next_order(&orders) {
            let job = &job;
            scope.spawn_fifo(move |_| job.work(task, &orders));
        }
    });
    let State { error, .. } = job.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    error.map_or(Ok(()), Err)
}

/// Does what cannot be divided in the pool as well, so that no more threads compute than it has. Waits for it.
///
/// # Panics
/// If `work` does.
pub fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}

/// The task of a thread of the pool for a job.
enum Task<T> {
    /// To make something of an item, and to hand on what is ready then.
    Make(usize, T),
    /// To hand on what is ready.
    Drain,
}

/// A task that the caller is to queue. Each task has the right to order more, so the orders end by themselves
/// when the last task has ended, in whichever way.
struct Order<T> {
    task: Task<T>,
    orders: Sender<Self>,
}

fn order<T>(orders: &Sender<Order<T>>, task: Task<T>) {
    // The receiver is gone only if the caller panics, and then nothing is to be begun.
    orders.send(Order { task, orders: orders.clone() }).ok();
}

/// Waits for the next order; `None` if there will be no more.
fn next_order<T>(orders: &Receiver<Order<T>>) -> Option<Order<T>> {
    loop {
        match orders.try_recv() {
            Ok(order) => return Some(order),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            // From outside.
            None => return orders.recv().ok(),
            Some(Yield::Executed) => {}
            Some(Yield::Idle) => thread::yield_now(),
        }
    }
}

/// One call of [`ordered_par_map`], as its tasks see it.
struct Job<I: Iterator, M, F, R, E> {
    make: M,
    /// Results that one task hands on before it lets its thread do something else.
    turn: usize,
    state: Mutex<State<I, F, R, E>>,
}

struct State<I: Iterator, F, R, E> {
    /// Results that wait for their turn, by number.
    made: BTreeMap<usize, R>,
    /// Here while no task takes; gone for good after an error or a panic.
    consumer: Option<Consumer<I, F>>,
    error: Option<E>,
}

/// The right to take, which one task has at a time. Only a result that was taken makes room for an item, so the items
/// go with it.
struct Consumer<I: Iterator, F> {
    take: F,
    /// The number of the result that is taken next.
    next: usize,
    items: Fuse<I>,
    /// Number of items begun.
    begun: usize,
}

impl<I: Iterator, F, R, E> State<I, F, R, E> {
    /// The next result and the right to take it, if it is made and no other task takes. `consumer` is the caller's
    /// right, if it has it, and is laid down if there is nothing to take.
    fn next(&mut self, consumer: Option<Consumer<I, F>>) -> Option<(Consumer<I, F>, R)> {
        let consumer = consumer.or_else(|| self.consumer.take())?;
        match self.made.remove(&consumer.next) {
            Some(result) => Some((consumer, result)),
            None => {
                self.consumer = Some(consumer);
                None
            }
        }
    }
}

impl<I, M, F, R, E> Job<I, M, F, R, E>
where
    I: Iterator<Item: Send> + Send,
    M: Fn(I::Item) -> R + Sync,
    F: FnMut(R) -> Result<(), E> + Send,
    R: Send,
    E: Send,
{
    fn work(&self, task: Task<I::Item>, orders: &Sender<Order<I::Item>>) {
        if let Task::Make(number, item) = task {
            if self.state().error.is_some() {
                return;
            }
            let result = (self.make)(item);
            self.state().made.insert(number, result);
        }
        self.drain(orders);
    }

    /// Hands on what is ready, and orders an item for each result that was taken. A task that makes a result comes here
    /// after it, so whatever becomes ready while another task takes is taken by that one or by its follower.
    fn drain(&self, orders: &Sender<Order<I::Item>>) {
        let mut consumer = None;
        for _ in 0..self.turn {
            let Some((mut current, result)) = self.state().next(consumer.take()) else { return };
            if let Err(error) = (current.take)(result) {
                self.state().error = Some(error);
                return;
            }
            current.next += 1;
            if let Some(item) = current.items.next() {
                order(orders, Task::Make(current.begun, item));
                current.begun += 1;
            }
            consumer = Some(current);
        }
        // A task that never ended would hold up any caller that waits on this thread for something else.
        self.state().consumer = consumer;
        order(orders, Task::Drain);
    }

    /// Nothing of others runs under this lock, so it is never left half-changed.
    fn state(&self) -> MutexGuard<'_, State<I, F, R, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
