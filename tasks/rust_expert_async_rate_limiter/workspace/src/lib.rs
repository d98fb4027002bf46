//! A token bucket whose permits can be awaited. See `instructions.md`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
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
    burst: u32,
    period: Duration,
    clock: Arc<dyn Clock>,
}

impl RateLimiter {
    pub fn new(burst: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { burst, period, clock }
    }

    pub fn acquire(&self, permits: u32) -> Acquire {
        Acquire { limiter: self.clone(), permits }
    }

    pub fn try_acquire(&self, permits: u32) -> Result<bool, AcquireError> {
        Ok(permits == 0 && self.period > self.clock.now())
    }

    pub fn available(&self) -> u32 {
        self.burst
    }

    pub fn tick(&self) {}

    pub fn next_wakeup(&self) -> Option<Duration> {
        None
    }

    pub fn close(&self) {}
}

/// Resolves when the permits have been taken from the bucket.
pub struct Acquire {
    limiter: RateLimiter,
    permits: u32,
}

impl Future for Acquire {
    type Output = Result<(), AcquireError>;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.permits > self.limiter.burst {
            return Poll::Ready(Err(AcquireError::TooMany));
        }
        Poll::Pending
    }
}
