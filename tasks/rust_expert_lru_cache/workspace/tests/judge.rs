//! Compares what the driver observed with what `instructions.md` promises.

mod child;
mod model;

use child::observe;

fn seen(scenario: &str) -> Vec<String> {
    observe(scenario, "")
}

#[test]
fn returns_what_was_put_in_and_what_it_replaced() {
    assert_eq!(
        seen("basics"),
        [
            "is_empty: true",
            "insert a: Ok(None)",
            "insert b: Ok(None)",
            "insert a again: Ok(Some(1))",
            "get a: Some(3)",
            "get z: None",
            "remove b: Some(2)",
            "remove b again: None",
            "len: 1",
            "weight: 4",
            "is_empty: false",
        ]
    );
}

#[test]
fn evicts_the_least_recent_only_until_the_weight_fits() {
    assert_eq!(
        seen("eviction"),
        [
            r#"order: ["d", "c", "b", "a"]"#,
            r#"order: ["e", "d", "c"]"#,
            "weight: 10",
            r#"order: ["none", "e", "d", "c"]"#,
            "weight: 10",
            r#"order: ["all", "none"]"#,
            "len: 2",
        ]
    );
}

#[test]
fn get_makes_recent_and_peek_does_not() {
    assert_eq!(
        seen("recency"),
        [
            r#"peek a: Some("a")"#,
            r#"order: ["c", "b", "a"]"#,
            r#"get b: Some("b")"#,
            r#"order: ["b", "c", "a"]"#,
            "peek a: None",
            r#"order: ["d", "b", "c"]"#,
            r#"insert c: Ok(Some("c"))"#,
            r#"order: ["c", "d", "b"]"#,
        ]
    );
}

#[test]
fn a_replaced_entry_frees_its_weight_first() {
    assert_eq!(
        seen("replacement"),
        [
            "insert b: Ok(Some(1))",
            r#"order: ["b", "a"]"#,
            "insert a: Ok(Some(1))",
            "weight: 8",
            "insert b: Ok(Some(2))",
            r#"order: ["b"]"#,
        ]
    );
}

#[test]
fn a_value_too_heavy_comes_back_and_changes_nothing() {
    assert_eq!(
        seen("too_heavy"),
        [
            "insert a: Err(TooHeavy(2))",
            "insert c: Err(TooHeavy(3))",
            "make c: Err(TooHeavy(4))",
            "peek a: Some(1)",
            "weight: 9",
            r#"order: ["b", "a"]"#,
        ]
    );
}

#[test]
fn weights_near_the_largest_number_do_not_overflow() {
    assert_eq!(
        seen("huge_weights"),
        [
            r#"order: ["b", "a"]"#,
            "weight: 18446744073709551615",
            r#"order: ["c"]"#,
            "weight: 18446744073709551614",
            r#"order: ["d"]"#,
            "weight: 18446744073709551615",
        ]
    );
}

#[test]
fn an_entry_expires_at_its_ttl_and_reading_does_not_prolong_it() {
    assert_eq!(
        seen("expiry"),
        [
            "149 get a: Some(1)",
            "149 peek a: Some(1)",
            "150 peek a: None",
            "order: []",
            "150 insert a: Ok(None)",
            "150 get a: Some(2)",
            "200 insert a: Ok(Some(2))",
            "299 remove a: Some(3)",
            "399 remove a: None",
            "399 len: 0",
        ]
    );
}

#[test]
fn the_longest_ttl_means_never() {
    assert_eq!(seen("never"), ["get a: Some(1)", "len: 1", r#"order: ["a"]"#]);
}

#[test]
fn an_expired_entry_costs_no_live_one_its_place() {
    assert_eq!(
        seen("expired_room"),
        [r#"order: ["new", "late", "live"]"#, "weight: 3", "weight: 1", "len: 1", r#"order: ["new"]"#]
    );
}

#[test]
fn iterates_over_live_entries_from_both_ends() {
    assert_eq!(
        seen("both_ends"),
        [
            r#"order: ["a", "e", "d", "c", "b"]"#,
            r#"reversed: [("b", 10), ("c", 20), ("d", 30), ("e", 40), ("a", 0)]"#,
            r#"front: Some(("e", 40))"#,
            r#"back: Some(("c", 20))"#,
            r#"back: Some(("d", 30))"#,
            "front: None",
            "back: None",
        ]
    );
}

#[test]
fn make_runs_on_a_miss_and_life_begins_when_it_returns() {
    assert_eq!(
        seen("make_on_a_miss"),
        [
            r#"a: Ok(1) order: ["a"] calls 1"#,
            r#"b: Ok(2) order: ["b", "a"] calls 2"#,
            r#"a: Ok(1) order: ["a", "b"] calls 2"#,
            "159 peek a: Some(1)",
            "160 peek a: None",
            "160 get b: Some(2)",
        ]
    );
}

#[test]
fn what_expires_during_make_makes_room_for_its_value() {
    assert_eq!(seen("slow_make"), ["made: Ok(3)", r#"order: ["new", "live"]"#]);
}

#[test]
fn a_panicking_make_leaves_the_cache_as_it_was() {
    assert_eq!(
        seen("panicking_make"),
        [
            "panicked: true",
            r#"order: ["c", "b", "a"]"#,
            "len: 3",
            "weight: 3",
            "get d: None",
            "dropped: []",
            "make d: Ok(d)",
            r#"order: ["d", "c", "b"]"#,
            r#"dropped: ["a"]"#,
        ]
    );
}

#[test]
fn each_value_is_dropped_once_and_in_time() {
    assert_eq!(
        seen("drops"),
        [
            r#"evicted: ["a"]"#,
            "replaced: []",
            r#"the old value let go: ["b"]"#,
            r#"removed: ["c"]"#,
            "refused: []",
            r#"the refused value let go: ["e"]"#,
            "peeked at an expired one: []",
            r#"counted: ["b2", "d"]"#,
            r#"looked for another: ["f"]"#,
            r#"the cache dropped: ["g"]"#,
        ]
    );
}

#[test]
fn agrees_with_a_plain_list_over_many_operations() {
    let script = model::script(4_000);
    let expected = model::play(&script);
    let observed = observe("operations", &script.join("\n"));
    for (number, operation) in script.iter().enumerate() {
        assert_eq!(observed.get(number), expected.get(number), "operation {number}, {operation:?}");
    }
}

#[test]
fn stays_fast_with_a_hundred_thousand_entries() {
    assert_eq!(
        seen("many"),
        ["hits: 100000", "len: 100000", "weight: 50000", "last: Some((199999, 199999))", "left: 0", "weight: 0",]
    );
}
