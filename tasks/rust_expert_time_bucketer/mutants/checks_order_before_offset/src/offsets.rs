//! The local clock: which offset holds when, and which readings it has reached.

/// Why a list of offsets makes no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    OffsetOutOfRange { offset: i32 },
    NotIncreasing { index: usize },
}

#[derive(Clone, Debug)]
struct Stretch {
    start: i64,
    offset: i64,
    /// The furthest reading before this stretch.
    reached: i64,
}

/// The offset of a local clock from UTC, and the instants at which it changes.
#[derive(Clone, Debug)]
pub struct OffsetTable {
    stretches: Vec<Stretch>,
}

impl OffsetTable {
    pub fn new(base: i32, changes: &[(i64, i32)]) -> Result<Self, TableError> {
        let mut last = Stretch { start: i64::MIN, offset: checked(base)?, reached: i64::MIN };
        let mut stretches = Vec::with_capacity(changes.len() + 1);
        for (index, &(start, offset)) in changes.iter().enumerate() {
            if start <= last.start {
                return Err(TableError::NotIncreasing { index });
            }
            let offset = checked(offset)?;
            let reached = last.reached.max(start - 1 + last.offset);
            stretches.push(last);
            last = Stretch { start, offset, reached };
        }
        stretches.push(last);
        Ok(Self { stretches })
    }

    /// The latest reading of the local clock up to and at `timestamp`.
    pub fn furthest_reading(&self, timestamp: i64) -> i64 {
        let after = self.stretches.partition_point(|stretch| stretch.start <= timestamp);
        let stretch = &self.stretches[after - 1];
        stretch.reached.max(timestamp + stretch.offset)
    }

    /// The first timestamp at which the furthest reading is `local` or later.
    pub fn first_at_or_after(&self, local: i64) -> i64 {
        let after = self.stretches.partition_point(|stretch| stretch.reached < local);
        let stretch = &self.stretches[after - 1];
        stretch.start.max(local - stretch.offset)
    }
}

fn checked(offset: i32) -> Result<i64, TableError> {
    if (-86_399..=86_399).contains(&offset) {
        Ok(i64::from(offset))
    } else {
        Err(TableError::OffsetOutOfRange { offset })
    }
}
