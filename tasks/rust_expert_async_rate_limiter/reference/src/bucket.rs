//! The permits and the time that has been turned into permits; it knows nothing of who wants them.

use std::time::Duration;

pub struct Bucket {
    burst: u32,
    period: Duration,
    permits: u32,
    /// The beginning of the period that is now going on.
    since: Duration,
}

impl Bucket {
    pub fn full(burst: u32, period: Duration, now: Duration) -> Self {
        Self { burst, period, permits: burst, since: now }
    }

    pub fn burst(&self) -> u32 {
        self.burst
    }

    pub fn permits(&self) -> u32 {
        self.permits
    }

    /// Turns as many whole periods into permits as it takes to hold `wanted`.
    pub fn refill(&mut self, wanted: u32, now: Duration) {
        let missing = wanted.saturating_sub(self.permits);
        let due = (now - self.since).as_nanos() / self.period.as_nanos();
        let added = missing.min(u32::try_from(due).unwrap_or(u32::MAX));
        self.permits += added;
        self.since += self.period * added;
    }

    /// A full bucket saves no time.
    pub fn forget_time_if_full(&mut self, now: Duration) {
        if self.permits == self.burst {
            self.since = now;
        }
    }

    pub fn take(&mut self, permits: u32) -> bool {
        let enough = permits <= self.permits;
        if enough {
            self.permits -= permits;
        }
        enough
    }

    pub fn give_back(&mut self, permits: u32, now: Duration) {
        self.permits = self.burst.min(self.permits.saturating_add(permits));
        self.forget_time_if_full(now);
    }

    /// When `permits` will be there, if none is taken before.
    pub fn ready_at(&self, permits: u32) -> Duration {
        self.since + self.period * permits.saturating_sub(self.permits)
    }
}
