//! Compares what the driver observed with what `instructions.md` promises.

mod child;

use std::collections::VecDeque;

fn seen(scenario: &str) -> Vec<String> {
    child::observe(scenario, "")
}

#[test]
fn cuts_the_items_into_chunks_in_order() {
    assert_eq!(
        seen("forwards"),
        [
            "six by two: [[1, 2], [3, 4], [5, 6]]",
            "six by one: [[1], [2], [3], [4], [5], [6]]",
            r#"strings: [["to", "be"], ["or", "not"]]"#,
            "endless: [['x', 'x', 'x'], ['x', 'x', 'x']]",
        ]
    );
}

#[test]
fn only_the_last_chunk_is_short_and_none_is_empty() {
    assert_eq!(
        seen("short_last"),
        [
            "seven by three: [[1, 2, 3], [4, 5, 6], [7]]",
            "two by five: [[1, 2]]",
            "none by five: []",
            "by the largest: [[1, 2, 3, 4]]",
        ]
    );
}

#[test]
fn a_chunk_size_of_zero_panics_at_once() {
    let notes = seen("zero");
    assert!(notes[0].contains("chunk size"), "{notes:?}");
    assert_eq!(notes[1], r#"asked: """#);
}

#[test]
fn pulls_only_what_a_chunk_needs() {
    assert_eq!(
        seen("lazy"),
        [
            "hint: (3, Some(3))",
            r#"asked: """#,
            "front: Some([1, 2, 3])",
            r#"asked: "fff""#,
            "back: Some([7, 8])",
            r#"asked: "bb""#,
            "back: Some([4, 5, 6])",
            r#"asked: "bbb""#,
        ]
    );
}

#[test]
fn a_source_that_has_ended_is_never_asked_again() {
    assert_eq!(
        seen("after_the_end"),
        [
            "front: Some([1, 2])",
            "front: Some([3])",
            "hint: (0, Some(0))",
            "front: None",
            "back: None",
            "len: 0",
            "front: None",
            r#"asked: "ffff""#,
            "even: [Some([1, 2]), None, None, None, None]",
            "hint: (0, Some(0))",
            r#"asked: "fff""#,
        ]
    );
}

#[test]
fn size_hint_counts_the_chunks_that_are_left() {
    assert_eq!(
        seen("hints"),
        [
            "seven by three: (3, Some(3))",
            "seven by three: (2, Some(2))",
            "seven by three: (1, Some(1))",
            "seven by three: (0, Some(0))",
            "seven by three: (0, Some(0))",
            "filtered: (0, Some(3))",
            "endless: (9223372036854775808, None)",
            "unknown: (0, None)",
            "some: (1, Some(3))",
            "at least: (2, None)",
        ]
    );
}

#[test]
fn size_hint_does_not_overflow() {
    assert_eq!(
        seen("huge_hints"),
        [
            "by one: true",
            "by two: true",
            "by the largest: (1, Some(1))",
            "one less by the largest: (1, None)",
            "one by the largest: (1, Some(1))",
            "none by the largest: (0, Some(0))",
        ]
    );
}

#[test]
fn len_is_exact_at_every_step() {
    assert_eq!(seen("lengths"), ["lengths: [0, 1, 1, 2, 3]", "steps: [4, 3, 2, 1, 0]"]);
}

#[test]
fn the_same_chunks_come_from_the_back() {
    assert_eq!(
        seen("backwards"),
        ["eight: [[6, 7], [3, 4, 5], [0, 1, 2]]", "six: [[3, 4, 5], [0, 1, 2]]", "two: [[0, 1]]", "none: []",]
    );
}

#[test]
fn both_ends_meet_in_every_mixture() {
    let mut script = Vec::new();
    let mut expected = Vec::new();
    for (items, size) in (0..9_u32).flat_map(|items| (1..5_usize).map(move |size| (items, size))) {
        for mixture in 0..32 {
            let ends: String = (0..5).map(|bit| if mixture >> bit & 1 == 0 { 'f' } else { 'b' }).collect();
            script.push(format!("{items} {size} {ends}"));
            expected.push(taken(items, size, &ends));
        }
    }
    let observed = child::observe("mixtures", &script.join("\n"));
    for (number, mixture) in script.iter().enumerate() {
        assert_eq!(observed.get(number), expected.get(number), "{mixture}");
    }
}

fn taken(items: u32, size: usize, ends: &str) -> String {
    let items: Vec<u32> = (0..items).collect();
    let mut chunks: VecDeque<&[u32]> = items.chunks(size).collect();
    let got: Vec<_> = ends.chars().map(|end| if end == 'f' { chunks.pop_front() } else { chunks.pop_back() }).collect();
    format!("{got:?}")
}

#[test]
fn no_hint_is_trusted_with_memory() {
    assert_eq!(
        seen("memory"),
        ["greedy: [[7, 7, 7, 7, 7]]", "small: [[7, 7, 7], [7, 7]]", "modest: [[7, 7, 7, 7, 7]]"]
    );
}

#[test]
fn the_rest_of_the_source_comes_back_whole() {
    assert_eq!(
        seen("rest"),
        [
            "taken: (Some([1, 2]), Some([3, 4]))",
            "rest: [5, 6, 7, 8, 9]",
            "borrowed: [[1, 2, 3, 4]]",
            "rest: [5, 6, 7, 8, 9]",
            "ends: (Some([1, 2]), Some([9]))",
            "rest: [3, 4, 5, 6, 7, 8]",
        ]
    );
}

#[test]
fn a_clone_goes_on_by_itself() {
    assert_eq!(seen("clones"), ["second: [[5]]", "first: [[3, 4], [5]]", "drained: 2", "clone of the ended: None"]);
}

#[test]
fn skipping_follows_the_same_chunks() {
    assert_eq!(
        seen("skipping"),
        ["nth: Some([4, 5, 6])", "pulled: 6", "skip: [[7, 8, 9], [13, 14, 15]]", "last: Some([19, 20])", "count: 7",]
    );
}
