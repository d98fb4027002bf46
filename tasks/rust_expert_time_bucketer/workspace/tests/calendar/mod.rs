//! A calendar counted day by day, as plainly as possible, over one full cycle of 400 years.

const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// 1970-01-01 as a day of the cycle, which begins on Saturday, 1600-01-01.
const EPOCH: i64 = 135_140;
const SATURDAY: usize = 5;

pub struct Day {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub day_of_year: u32,
}

pub fn cycle() -> Vec<Day> {
    let mut days = Vec::new();
    for year in 1600..2000 {
        let mut day_of_year = 0;
        for month in 1..=12 {
            for day in 1..=length(year, month) {
                day_of_year += 1;
                days.push(Day { year, month, day, day_of_year });
            }
        }
    }
    days
}

fn length(year: i64, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    LENGTHS[month as usize - 1] + u32::from(leap && month == 2)
}

/// The first second of a day of the cycle, UTC.
pub fn timestamp(index: usize) -> i64 {
    (index as i64 - EPOCH) * 86_400
}

/// The index of the Thursday in the same week, which runs from Monday to Sunday.
pub fn thursday(index: usize) -> usize {
    let weekday = (index + SATURDAY) % 7;
    index + 3 - weekday
}
