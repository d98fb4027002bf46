//! Sorts timestamps into the buckets of a local calendar. See `instructions.md`.

mod calendar;
mod offsets;

pub use offsets::{OffsetTable, TableError};

/// How large the buckets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Hour,
    Day,
    IsoWeek,
    Month,
    Quarter,
    Year,
}

/// The timestamps from `start` up to, and without, `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub start: i64,
    pub end: i64,
    pub label: String,
}

pub struct Bucketer {
    unit: Unit,
    table: OffsetTable,
}

impl Bucketer {
    pub fn new(unit: Unit, table: OffsetTable) -> Self {
        Self { unit, table }
    }

    pub fn bucket(&self, timestamp: i64) -> Bucket {
        let start = calendar::start_of(self.unit, self.table.furthest_reading(timestamp));
        Bucket {
            start: self.table.first_at_or_after(start),
            end: self.table.first_at_or_after(calendar::next_start(self.unit, start)),
            label: calendar::label(self.unit, start),
        }
    }

    pub fn range(&self, from: i64, to: i64) -> Vec<Bucket> {
        let mut buckets = Vec::new();
        let mut timestamp = from;
        while timestamp < to {
            let bucket = self.bucket(timestamp);
            timestamp = bucket.end;
            buckets.push(bucket);
        }
        buckets
    }

    pub fn count(&self, from: i64, to: i64, samples: impl IntoIterator<Item = i64>) -> Vec<(Bucket, usize)> {
        let mut counted: Vec<_> = self.range(from, to).into_iter().map(|bucket| (bucket, 0)).collect();
        for sample in samples.into_iter().filter(|sample| (from..to).contains(sample)) {
            let index = counted.partition_point(|(bucket, _)| bucket.end <= sample);
            counted[index].1 += 1;
        }
        counted
    }
}
