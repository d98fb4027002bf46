//! Compares what the driver observed with what `instructions.md` promises.

mod child;

/// How far the ten largest primes lie below 2^64.
const BELOW_THE_END: [u64; 10] = [59, 83, 95, 179, 189, 257, 279, 323, 353, 363];

fn check(questions: &[(String, String)]) {
    let script: Vec<&str> = questions.iter().map(|(question, _)| question.as_str()).collect();
    let answers = child::observe("questions", &script.join("\n"));
    for (number, (question, expected)) in questions.iter().enumerate() {
        assert_eq!(answers.get(number), Some(expected), "{question}");
    }
}

fn check_primality(numbers: impl IntoIterator<Item = u64>, expected: bool) {
    let ask = |number| (format!("is_prime {number}"), expected.to_string());
    check(&numbers.into_iter().map(ask).collect::<Vec<_>>());
}

fn check_next(pairs: &[(u64, Option<u64>)]) {
    let ask = |(number, next): &(u64, Option<u64>)| (format!("next_prime {number}"), format!("{next:?}"));
    check(&pairs.iter().map(ask).collect::<Vec<_>>());
}

fn check_between(ranges: &[(u64, u64, &[u64])]) {
    let ask =
        |(first, last, primes): &(u64, u64, &[u64])| (format!("primes_between {first} {last}"), format!("{primes:?}"));
    check(&ranges.iter().map(ask).collect::<Vec<_>>());
}

fn from_the_end(distance: u64) -> u64 {
    u64::MAX - (distance - 1)
}

#[test]
fn small_numbers_are_told_apart() {
    let is_prime = |number: u64| number > 1 && (2..number).all(|divisor| number % divisor != 0);
    let (primes, others): (Vec<u64>, Vec<u64>) = (0..3_000).partition(|&number| is_prime(number));
    check_primality(primes, true);
    check_primality(others, false);
}

#[test]
fn the_largest_primes_are_recognised() {
    check_primality(BELOW_THE_END.map(from_the_end), true);
    check_primality([4_294_967_291, 4_294_967_311, 9_223_372_036_854_775_837, 4_611_686_018_427_388_039], true);
}

#[test]
fn everything_else_at_the_end_is_composite() {
    check_primality((1..=363).filter(|distance| !BELOW_THE_END.contains(distance)).map(from_the_end), false);
}

#[test]
fn squares_and_products_of_large_primes_are_composite() {
    let (large, larger, beyond) = (4_294_967_279_u64, 4_294_967_291, 4_294_967_311);
    check_primality([9, 25, 1_369, 1_681, 65_521 * 65_521, large * large, larger * larger, large * larger], false);
    check_primality([3 * beyond, 65_521 * beyond, 41 * 43, 37 * larger], false);
}

#[test]
fn composites_that_pass_with_few_bases_are_found_out() {
    let fools = [
        2_047,
        1_373_653,
        25_326_001,
        3_215_031_751,
        2_152_302_898_747,
        3_474_749_660_383,
        341_550_071_728_321,
        3_825_123_056_546_413_051,
    ];
    check_primality(fools, false);
}

#[test]
fn carmichael_numbers_are_found_out() {
    check_primality([561, 1_105, 1_729, 2_465, 41_041], false);
    check_primality([1_307_351_018_993_397_769, 17_997_792_568_973_364_241, 18_118_463_305_678_126_129], false);
}

#[test]
fn the_next_prime_is_found_across_gaps() {
    check_next(&[
        (0, Some(2)),
        (1, Some(2)),
        (2, Some(3)),
        (7, Some(11)),
        (113, Some(127)),
        (1_327, Some(1_361)),
        (31_397, Some(31_469)),
        (4_294_967_291, Some(4_294_967_311)),
        (9_223_372_036_854_775_808, Some(9_223_372_036_854_775_837)),
    ]);
}

#[test]
fn there_is_no_next_prime_at_the_end() {
    check_next(&[
        (from_the_end(83), Some(from_the_end(59))),
        (from_the_end(60), Some(from_the_end(59))),
        (from_the_end(59), None),
        (from_the_end(2), None),
        (u64::MAX, None),
    ]);
}

#[test]
fn both_ends_of_a_range_are_included() {
    check_between(&[
        (0, 12, &[2, 3, 5, 7, 11]),
        (11, 13, &[11, 13]),
        (13, 13, &[13]),
        (14, 16, &[]),
        (5, 4, &[]),
        (u64::MAX, 0, &[]),
    ]);
}

#[test]
fn a_range_may_reach_the_last_number() {
    let primes: Vec<u64> = BELOW_THE_END.iter().rev().map(|&distance| from_the_end(distance)).collect();
    check_between(&[
        (from_the_end(364), u64::MAX, &primes),
        (u64::MAX, u64::MAX, &[]),
        (from_the_end(58), u64::MAX, &[]),
    ]);
}
