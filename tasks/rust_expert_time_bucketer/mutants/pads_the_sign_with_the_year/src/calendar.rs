//! The Gregorian calendar over local seconds, which are counted from 1970-01-01T00:00:00 on the local clock.

use crate::Unit;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const DAYS_IN_400_YEARS: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01. Years that begin in March have their leap day at the end.
const MARCH_0000_TO_1970: i64 = 719_468;

struct Date {
    year: i64,
    month: i64,
    day: i64,
}

/// The local second at which the unit that holds `local` starts.
pub fn start_of(unit: Unit, local: i64) -> i64 {
    let day = local.div_euclid(DAY);
    let date = date_of(day);
    match unit {
        Unit::Hour => local - local.rem_euclid(HOUR),
        Unit::Day => day * DAY,
        Unit::IsoWeek => (day - weekday(day)) * DAY,
        Unit::Month => day_of(date.year, date.month) * DAY,
        Unit::Quarter => day_of(date.year, first_month_of_quarter(date.month)) * DAY,
        Unit::Year => day_of(date.year, 1) * DAY,
    }
}

/// The local second at which the unit after the one that starts at `start` begins.
pub fn next_start(unit: Unit, start: i64) -> i64 {
    let date = date_of(start.div_euclid(DAY));
    match unit {
        Unit::Hour => start + HOUR,
        Unit::Day => start + DAY,
        Unit::IsoWeek => start + 7 * DAY,
        Unit::Month => day_of(date.year, date.month + 1) * DAY,
        Unit::Quarter => day_of(date.year, date.month + 3) * DAY,
        Unit::Year => day_of(date.year + 1, 1) * DAY,
    }
}

pub fn label(unit: Unit, start: i64) -> String {
    let day = start.div_euclid(DAY);
    let date = date_of(day);
    let (year, month) = (year_label(date.year), date.month);
    match unit {
        Unit::Hour => format!("{year}-{month:02}-{:02}T{:02}", date.day, start.rem_euclid(DAY) / HOUR),
        Unit::Day => format!("{year}-{month:02}-{:02}", date.day),
        Unit::IsoWeek => week_label(day + 3),
        Unit::Month => format!("{year}-{month:02}"),
        Unit::Quarter => format!("{year}-Q{}", (month + 2) / 3),
        Unit::Year => year,
    }
}

fn week_label(thursday: i64) -> String {
    let year = date_of(thursday).year;
    let week = (thursday - day_of(year, 1)) / 7 + 1;
    format!("{}-W{week:02}", year_label(year))
}

fn year_label(year: i64) -> String {
    format!("{year:04}")
}

/// 0 for Monday; 1970-01-01 was a Thursday.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

fn first_month_of_quarter(month: i64) -> i64 {
    month - (month - 1) % 3
}

/// The first day of a month; months beyond December count into the next year.
fn day_of(year: i64, month: i64) -> i64 {
    let months = year * 12 + (month - 1) - 2;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + days_before(month) - MARCH_0000_TO_1970
}

/// Days before a month counted from March, whose lengths repeat as 31, 30, 31, 30, 31.
fn days_before(month: i64) -> i64 {
    (month * 153 + 2) / 5
}

fn date_of(day: i64) -> Date {
    let since_march_0000 = day + MARCH_0000_TO_1970;
    let cycle = since_march_0000.div_euclid(DAYS_IN_400_YEARS);
    let in_cycle = since_march_0000.rem_euclid(DAYS_IN_400_YEARS);
    let year_in_cycle = (in_cycle - in_cycle / 1_460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (year_in_cycle * 365 + year_in_cycle / 4 - year_in_cycle / 100);
    let month = (in_year * 5 + 2) / 153;
    Date {
        year: cycle * 400 + year_in_cycle + i64::from(month >= 10),
        month: (month + 2) % 12 + 1,
        day: in_year - days_before(month) + 1,
    }
}
