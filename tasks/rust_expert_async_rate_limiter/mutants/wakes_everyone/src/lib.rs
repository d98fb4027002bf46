//! A token bucket whose permits can be awaited. See `instructions.md`.

mod bucket;
mod state;

use state::State;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Where the limiter reads the time; it never goes back and never calls into a limiter.
pub trait Clock: Send + Sync {
    fn now(&self) -> Duration;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireError {
    /// More permits than the bucket can ever hold.
    TooMany,
    /// The limiter was closed first.
    Closed,
}

/// A handle; its clones share one bucket.
#[derive(Clone)]
pub struct RateLimiter {
    state: Arc<Mutex<State>>,
}

impl RateLimiter {
    pub fn new(burst: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(burst, period, clock))) }
    }

    pub fn acquire(&self, permits: u32) -> Acquire {
        Acquire { limiter: self.clone(), permits, stage: Stage::New }
    }

    pub fn try_acquire(&self, permits: u32) -> Result<bool, AcquireError> {
        self.with(|state| state.try_take(permits))
    }

    pub fn available(&self) -> u32 {
        self.with(|state| {
            state.settle();
            state.available()
        })
    }

    pub fn tick(&self) {
        self.with(|state| {
            state.settle();
            state.wake_all();
        });
    }

    pub fn next_wakeup(&self) -> Option<Duration> {
        self.with(|state| {
            state.settle();
            state.next_wakeup()
        })
    }

    pub fn close(&self) {
        self.with(State::close);
    }

    /// Wakers run foreign code, so they are woken after the lock has been let go.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().expect("no code that can panic runs under the lock");
        let result = act(&mut state);
        let woken = state.take_woken();
        drop(state);
        woken.into_iter().for_each(Waker::wake);
        result
    }
}

enum Stage {
    New,
    Queued(u64),
    Done,
}

/// Resolves when the permits have been taken from the bucket.
pub struct Acquire {
    limiter: RateLimiter,
    permits: u32,
    stage: Stage,
}

impl Acquire {
    fn first_poll(&mut self, waker: &mut Option<Waker>) -> Poll<Result<(), AcquireError>> {
        let permits = self.permits;
        let ticket = self.limiter.with(|state| match state.try_take(permits) {
            Ok(true) => Ok(None),
            Ok(false) => Ok(Some(state.join(permits, waker.take()))),
            Err(error) => Err(error),
        });
        match ticket {
            Ok(Some(ticket)) => {
                self.stage = Stage::Queued(ticket);
                Poll::Pending
            }
            Ok(None) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl Future for Acquire {
    type Output = Result<(), AcquireError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut waker = Some(context.waker().clone());
        let (outcome, _stale) = match this.stage {
            Stage::Queued(ticket) => this.limiter.with(|state| state.check(ticket, &mut waker)),
            Stage::New | Stage::Done => (this.first_poll(&mut waker), None),
        };
        if outcome.is_ready() {
            this.stage = Stage::Done;
        }
        outcome
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        if let Stage::Queued(ticket) = self.stage {
            let waker = self.limiter.with(|state| state.leave(ticket, self.permits));
            drop(waker);
        }
    }
}
