//! Compares what the driver observed with what `instructions.md` promises.

mod calendar;
mod child;

fn play(script: &[&str]) -> Vec<String> {
    child::observe("script", &script.join("\n"))
}

#[test]
fn days_before_1970_start_at_midnight_too() {
    let script = ["unit day", "bucket 0", "bucket -1", "bucket -86400", "bucket -86401"];
    let expected = ["1970-01-01 0 86400", "1969-12-31 -86400 0", "1969-12-31 -86400 0", "1969-12-30 -172800 -86400"];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_bucket_holds_its_start_and_not_its_end() {
    let script = [
        "unit hour",
        "bucket 3599",
        "bucket 3600",
        "bucket -3601",
        "unit year",
        "bucket -1",
        "bucket 31535999",
        "bucket 31536000",
    ];
    let expected = [
        "1970-01-01T00 0 3600",
        "1970-01-01T01 3600 7200",
        "1969-12-31T22 -7200 -3600",
        "1969 -31536000 0",
        "1970 0 31536000",
        "1971 31536000 63072000",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn leap_days_follow_the_gregorian_rule() {
    let script = [
        "unit month",
        "bucket -2206310400",
        "bucket 951782400",
        "bucket 1709164800",
        "bucket 4107456000",
        "unit day",
        "bucket 951782400",
        "bucket 4107542399",
        "unit year",
        "bucket 1709164800",
    ];
    let expected = [
        "1900-02 -2206310400 -2203891200",
        "2000-02 949363200 951868800",
        "2024-02 1706745600 1709251200",
        "2100-02 4105123200 4107542400",
        "2000-02-29 951782400 951868800",
        "2100-02-28 4107456000 4107542400",
        "2024 1704067200 1735689600",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn quarters_start_every_third_month() {
    let expected = [
        "2023-Q4 1696118400 1704067200",
        "2024-Q1 1704067200 1711929600",
        "2024-Q2 1711929600 1719792000",
        "2024-Q3 1719792000 1727740800",
        "2024-Q4 1727740800 1735689600",
    ];
    assert_eq!(play(&["unit quarter", "range 1704067199 1735689600"]), expected);
}

#[test]
fn a_week_belongs_to_the_year_of_its_thursday() {
    let script = [
        "unit week",
        "bucket 0",
        "bucket 1609632000",
        "bucket 1609718400",
        "bucket 1546214400",
        "bucket 1451606400",
        "bucket 1735516800",
        "bucket 1735516799",
    ];
    let expected = [
        "1970-W01 -259200 345600",
        "2020-W53 1609113600 1609718400",
        "2021-W01 1609718400 1610323200",
        "2019-W01 1546214400 1546819200",
        "2015-W53 1451260800 1451865600",
        "2025-W01 1735516800 1736121600",
        "2024-W52 1734912000 1735516800",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn years_outside_four_digits_are_written_in_full() {
    let script = [
        "unit year",
        "bucket -62167219200",
        "bucket -62167219201",
        "bucket 253402300800",
        "unit day",
        "bucket 1000000000000",
        "bucket -1000000000000",
        "unit week",
        "bucket -62167219201",
        "unit hour",
        "bucket -62167219201",
        "unit quarter",
        "bucket -62167219201",
    ];
    let expected = [
        "0000 -62167219200 -62135596800",
        "-0001 -62198755200 -62167219200",
        "10000 253402300800 253433923200",
        "33658-09-27 999999993600 1000000080000",
        "-29719-04-05 -1000000080000 -999999993600",
        "-0001-W52 -62167651200 -62167046400",
        "-0001-12-31T23 -62167222800 -62167219200",
        "-0001-Q4 -62175168000 -62167219200",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn an_offset_moves_the_edges() {
    let script = ["offsets 20700", "unit day", "bucket 0", "offsets -12600", "unit month", "bucket 0", "bucket 12600"];
    let expected = ["1970-01-01 -20700 65700", "1969-12 -2665800 12600", "1970-01 12600 2691000"];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_clock_put_forward_skips_the_hour_and_shortens_the_day() {
    let script = [
        "offsets 3600 7200:7200",
        "unit hour",
        "range 3600 10800",
        "unit day",
        "bucket 7200",
        "bucket 79200",
        "offsets 37800 55800:39600",
        "unit hour",
        "range 52200 59400",
    ];
    let expected = [
        "1970-01-01T02 3600 7200",
        "1970-01-01T04 7200 10800",
        "1970-01-01 -3600 79200",
        "1970-01-02 79200 165600",
        "1970-01-02T01 52200 55800",
        "1970-01-02T02 55800 57600",
        "1970-01-02T03 57600 61200",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_clock_put_back_stays_in_the_hour_it_reached() {
    let script = [
        "offsets 7200 3600:3600",
        "unit hour",
        "range 3599 7201",
        "unit day",
        "bucket 3600",
        "offsets 7200 3601:3600",
        "unit hour",
        "bucket 3601",
        "offsets 7200 4500:3600",
        "bucket 3599",
        "bucket 4500",
        "bucket 10799",
        "bucket 10800",
    ];
    let expected = [
        "1970-01-01T02 0 7200",
        "1970-01-01T03 7200 10800",
        "1970-01-01 -7200 82800",
        "1970-01-01T03 3600 10800",
        "1970-01-01T02 0 3600",
        "1970-01-01T03 3600 10800",
        "1970-01-01T03 3600 10800",
        "1970-01-01T04 10800 14400",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_clock_put_back_over_midnight_stays_in_the_day_it_reached() {
    let script = [
        "unit day",
        "offsets -10800 97200:-14400",
        "range 97199 100801",
        "offsets -10800 99000:-14400",
        "range 97199 99001",
        "bucket 100799",
        "offsets 0 2679000:-3600",
        "unit month",
        "bucket 2679000",
    ];
    let expected = [
        "1970-01-01 10800 100800",
        "1970-01-02 100800 187200",
        "1970-01-01 10800 97200",
        "1970-01-02 97200 187200",
        "1970-01-02 97200 187200",
        "1970-02 2678400 5101200",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_day_that_the_clock_jumps_over_has_no_bucket() {
    let script = ["offsets -36000 1325239200:50400", "unit day", "range 1325152800 1325325601"];
    let expected =
        ["2011-12-29 1325152800 1325239200", "2011-12-31 1325239200 1325325600", "2012-01-01 1325325600 1325412000"];
    assert_eq!(play(&script), expected);
}

#[test]
fn changes_in_quick_succession_count_together() {
    let script = [
        "unit hour",
        "offsets 0 1000:-3600 2000:-7200 3000:600",
        "range 0 6601",
        "offsets 7200 3600:3600 5400:0",
        "range 0 10801",
    ];
    let expected = [
        "1970-01-01T00 0 3000",
        "1970-01-01T01 3000 6600",
        "1970-01-01T02 6600 10200",
        "1970-01-01T02 0 10800",
        "1970-01-01T03 10800 14400",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_range_has_every_bucket_it_touches_in_full() {
    let touching = ["unit day", "range 86399 86401"];
    assert_eq!(play(&touching), ["1970-01-01 0 86400", "1970-01-02 86400 172800"]);
    assert_eq!(play(&["unit day", "range 86400 172800"]), ["1970-01-02 86400 172800"]);
    assert!(play(&["unit day", "range 5 5", "range 9 5"]).is_empty());
}

#[test]
fn counts_the_samples_inside_the_range_only() {
    let script = [
        "unit hour",
        "count 1800 9000 8999 1799 1800 3600 3599 3600 9000 -5 100000 7199",
        "count 0 10800 10799 0",
        "count 5 5 5",
    ];
    let expected = [
        "1970-01-01T00 2",
        "1970-01-01T01 3",
        "1970-01-01T02 1",
        "1970-01-01T00 1",
        "1970-01-01T01 0",
        "1970-01-01T02 1",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn a_faulty_table_is_refused_for_its_first_fault() {
    let script = [
        "offsets 86399 0:-86399",
        "offsets 86400",
        "offsets -86400",
        "offsets 0 5:1 5:2",
        "offsets 0 9:0 8:90000",
        "offsets 0 9:0 8:0 7:90000",
        "offsets 90000 5:0 5:0",
    ];
    let expected = [
        "OffsetOutOfRange { offset: 86400 }",
        "OffsetOutOfRange { offset: -86400 }",
        "NotIncreasing { index: 1 }",
        "OffsetOutOfRange { offset: 90000 }",
        "NotIncreasing { index: 1 }",
        "OffsetOutOfRange { offset: 90000 }",
    ];
    assert_eq!(play(&script), expected);
}

#[test]
fn agrees_with_a_calendar_counted_day_by_day() {
    let days = calendar::cycle();
    let chosen: Vec<usize> = (7..days.len() - 7).step_by(17).collect();
    let ask = |unit: &str| {
        let questions = chosen.iter().map(|&index| format!("\nbucket {}", calendar::timestamp(index) + 43_210));
        child::observe("script", &questions.fold(format!("unit {unit}"), |script, question| script + &question))
    };
    let (of_days, of_weeks) = (ask("day"), ask("week"));
    assert_eq!((of_days.len(), of_weeks.len()), (chosen.len(), chosen.len()));
    for (number, &index) in chosen.iter().enumerate() {
        let (day, thursday) = (&days[index], &days[calendar::thursday(index)]);
        let (start, monday) = (calendar::timestamp(index), calendar::timestamp(calendar::thursday(index) - 3));
        let date = format!("{}-{:02}-{:02} {start} {}", day.year, day.month, day.day, start + 86_400);
        let number_of_week = (thursday.day_of_year - 1) / 7 + 1;
        let week = format!("{}-W{number_of_week:02} {monday} {}", thursday.year, monday + 7 * 86_400);
        assert_eq!((&of_days[number], &of_weeks[number]), (&date, &week));
    }
}
