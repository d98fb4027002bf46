//! What the handles and futures of one limiter share: the bucket, the queue, and whom to wake.

use crate::bucket::Bucket;
use crate::{AcquireError, Clock};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

struct Waiter {
    permits: u32,
    waker: Option<Waker>,
}

pub struct State {
    clock: Arc<dyn Clock>,
    bucket: Bucket,
    next_ticket: u64,
    waiting: BTreeMap<u64, Waiter>,
    granted: BTreeSet<u64>,
    closed: bool,
    /// To be woken by the caller once it has let go of the lock.
    woken: Vec<Waker>,
}

impl State {
    pub fn new(burst: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        let bucket = Bucket::full(burst, period, clock.now());
        Self {
            clock,
            bucket,
            next_ticket: 0,
            waiting: BTreeMap::new(),
            granted: BTreeSet::new(),
            closed: false,
            woken: Vec::new(),
        }
    }

    pub fn take_woken(&mut self) -> Vec<Waker> {
        mem::take(&mut self.woken)
    }

    pub fn available(&self) -> u32 {
        self.bucket.permits()
    }

    /// Hands out what has come since the last call, to each request in turn.
    pub fn settle(&mut self) {
        let now = self.clock.now();
        while let Some(front) = self.waiting.first_entry() {
            let permits = front.get().permits;
            self.bucket.refill(permits, now);
            if !self.bucket.take(permits) {
                return;
            }
            let (ticket, waiter) = front.remove_entry();
            self.granted.insert(ticket);
            self.woken.extend(waiter.waker);
        }
        self.bucket.refill(self.bucket.burst(), now);
        self.bucket.forget_time_if_full(now);
    }

    pub fn try_take(&mut self, permits: u32) -> Result<bool, AcquireError> {
        self.settle();
        if self.closed {
            return Err(AcquireError::Closed);
        }
        if permits > self.bucket.burst() {
            return Err(AcquireError::TooMany);
        }
        Ok(self.waiting.is_empty() && self.bucket.take(permits))
    }

    pub fn join(&mut self, permits: u32, waker: Option<Waker>) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting.insert(ticket, Waiter { permits, waker });
        ticket
    }

    /// Keeps the waker if the request still waits, and returns the one of an earlier poll: to be dropped unlocked.
    pub fn check(&mut self, ticket: u64, waker: &mut Option<Waker>) -> (Poll<Result<(), AcquireError>>, Option<Waker>) {
        let stale = self.waiting.get_mut(&ticket).and_then(|waiter| waiter.waker.take());
        self.settle();
        if let Some(waiter) = self.waiting.get_mut(&ticket) {
            waiter.waker = stale.or_else(|| waker.take());
            return (Poll::Pending, None);
        }
        let granted = self.granted.remove(&ticket);
        (Poll::Ready(if granted { Ok(()) } else { Err(AcquireError::Closed) }), stale)
    }

    /// Forgets a request and returns its waker: the caller drops it unlocked.
    pub fn leave(&mut self, ticket: u64, permits: u32) -> Option<Waker> {
        self.settle();
        let waiter = self.waiting.remove(&ticket);
        if self.granted.remove(&ticket) {
            self.bucket.give_back(permits, self.clock.now());
        }
        self.settle();
        waiter.and_then(|waiter| waiter.waker)
    }

    pub fn next_wakeup(&self) -> Option<Duration> {
        let (_, front) = self.waiting.first_key_value()?;
        Some(self.bucket.ready_at(front.permits))
    }

    pub fn close(&mut self) {
        self.settle();
        self.closed = true;
        let ended = mem::take(&mut self.waiting);
        self.woken.extend(ended.into_values().filter_map(|waiter| waiter.waker));
    }
}
