//! Compares what the driver observed with what `instructions.md` promises.

mod child;

use child::observe;

const PENDING: &str = "Pending";
const GRANTED: &str = "Ready(Ok(()))";
const TOO_MANY: &str = "Ready(Err(TooMany))";
const CLOSED: &str = "Ready(Err(Closed))";

/// Plays the commands and compares each answer with the one beside it; "" stands for a command that observes nothing.
fn check(steps: &[(&str, &str)]) {
    let script: Vec<&str> = steps.iter().map(|(command, _)| *command).collect();
    let observed = observe("script", &script.join("\n"));
    for (number, (command, expected)) in steps.iter().enumerate() {
        let answer = observed.get(number).map(String::as_str);
        assert_eq!(answer, Some(*expected), "step {} of {}, {command:?}", number + 1, steps.len());
    }
}

#[test]
fn starts_full_and_gains_one_permit_a_period() {
    check(&[
        ("limiter 3 100", ""),
        ("available", "3"),
        ("try 2", "Ok(true)"),
        ("try 2", "Ok(false)"),
        ("try 1", "Ok(true)"),
        ("try 1", "Ok(false)"),
        ("try 0", "Ok(true)"),
        ("at 99", ""),
        ("available", "0"),
        ("at 100", ""),
        ("available", "1"),
        ("at 299", ""),
        ("available", "2"),
        ("at 300", ""),
        ("available", "3"),
        ("at 100000", ""),
        ("available", "3"),
    ]);
}

#[test]
fn part_of_a_period_is_never_lost() {
    check(&[
        ("limiter 3 100", ""),
        ("at 40", ""),
        ("try 3", "Ok(true)"),
        ("at 120", ""),
        ("tick", ""),
        ("at 190", ""),
        ("try 1", "Ok(true)"),
        ("at 239", ""),
        ("available", "0"),
        ("at 240", ""),
        ("try 1", "Ok(true)"),
        ("at 330", ""),
        ("try 1", "Ok(false)"),
        ("at 340", ""),
        ("try 1", "Ok(true)"),
    ]);
}

#[test]
fn a_full_bucket_saves_no_time() {
    check(&[
        ("limiter 2 100", ""),
        ("at 950", ""),
        ("try 1", "Ok(true)"),
        ("at 1049", ""),
        ("available", "1"),
        ("at 1050", ""),
        ("available", "2"),
        ("at 1075", ""),
        ("try 2", "Ok(true)"),
        ("at 1174", ""),
        ("available", "0"),
        ("at 1175", ""),
        ("available", "1"),
    ]);
}

#[test]
fn requests_are_served_in_the_order_of_their_first_poll() {
    check(&[
        ("limiter 2 100", ""),
        ("try 2", "Ok(true)"),
        ("acquire a 1", ""),
        ("acquire b 1", ""),
        ("acquire c 1", ""),
        ("poll b", PENDING),
        ("poll a", PENDING),
        ("poll b", PENDING),
        ("poll c", PENDING),
        ("poll a", PENDING),
        ("at 100", ""),
        ("poll c", PENDING),
        ("poll a", PENDING),
        ("poll b", GRANTED),
        ("at 200", ""),
        ("poll c", PENDING),
        ("poll a", GRANTED),
        ("at 300", ""),
        ("poll c", GRANTED),
    ]);
}

#[test]
fn a_small_request_does_not_overtake_a_large_one() {
    check(&[
        ("limiter 3 100", ""),
        ("try 3", "Ok(true)"),
        ("acquire large 3", ""),
        ("acquire small 1", ""),
        ("acquire none 0", ""),
        ("poll large", PENDING),
        ("poll small", PENDING),
        ("at 200", ""),
        ("available", "2"),
        ("try 1", "Ok(false)"),
        ("try 0", "Ok(false)"),
        ("poll none", PENDING),
        ("poll small", PENDING),
        ("at 300", ""),
        ("poll small", PENDING),
        ("poll large", GRANTED),
        ("at 400", ""),
        ("poll small", GRANTED),
        ("poll none", GRANTED),
        ("try 0", "Ok(true)"),
    ]);
}

#[test]
fn a_waker_is_woken_once_and_only_when_its_request_is_granted() {
    check(&[
        ("limiter 3 100", ""),
        ("try 3", "Ok(true)"),
        ("acquire a 2", ""),
        ("acquire b 1", ""),
        ("acquire c 1", ""),
        ("poll a", PENDING),
        ("poll b", PENDING),
        ("poll c", PENDING),
        ("at 100", ""),
        ("tick", ""),
        ("wakes a", "0"),
        ("at 200", ""),
        ("tick", ""),
        ("tick", ""),
        ("available", "0"),
        ("wakes a", "1"),
        ("wakes b", "0"),
        ("at 300", ""),
        ("poll a", GRANTED),
        ("wakes a", "1"),
        ("wakes b", "1"),
        ("poll b", GRANTED),
        ("at 400", ""),
        ("poll c", GRANTED),
        ("tick", ""),
        ("wakes c", "0"),
    ]);
}

#[test]
fn the_waker_of_the_last_poll_is_the_one_woken() {
    check(&[
        ("limiter 1 100", ""),
        ("try 1", "Ok(true)"),
        ("acquire a 1", ""),
        ("poll a with first", PENDING),
        ("poll a with second", PENDING),
        ("poll a with third", PENDING),
        ("poll a with second", PENDING),
        ("at 100", ""),
        ("tick", ""),
        ("wakes first", "0"),
        ("wakes second", "1"),
        ("wakes third", "0"),
        ("poll a with first", GRANTED),
    ]);
}

#[test]
fn a_long_step_of_time_is_handed_out_as_it_came() {
    check(&[
        ("limiter 2 100", ""),
        ("try 2", "Ok(true)"),
        ("acquire a 2", ""),
        ("acquire b 2", ""),
        ("acquire c 1", ""),
        ("acquire d 2", ""),
        ("poll a", PENDING),
        ("poll b", PENDING),
        ("poll c", PENDING),
        ("poll d", PENDING),
        ("at 630", ""),
        ("tick", ""),
        ("wakes a", "1"),
        ("wakes b", "1"),
        ("wakes c", "1"),
        ("wakes d", "0"),
        ("available", "1"),
        ("at 700", ""),
        ("poll d", GRANTED),
        ("available", "0"),
        ("at 799", ""),
        ("available", "0"),
        ("at 800", ""),
        ("available", "1"),
    ]);
}

#[test]
fn a_request_dropped_while_it_waits_makes_way() {
    check(&[
        ("limiter 3 100", ""),
        ("try 3", "Ok(true)"),
        ("acquire large 3", ""),
        ("acquire small 1", ""),
        ("acquire last 1", ""),
        ("poll large", PENDING),
        ("poll small", PENDING),
        ("poll last", PENDING),
        ("at 150", ""),
        ("tick", ""),
        ("wakes small", "0"),
        ("drop large", ""),
        ("wakes small", "1"),
        ("wakes last", "0"),
        ("wakes large", "0"),
        ("poll small", GRANTED),
        ("drop last", ""),
        ("at 200", ""),
        ("try 1", "Ok(true)"),
    ]);
}

#[test]
fn permits_that_were_granted_but_not_collected_come_back() {
    check(&[
        ("limiter 2 100", ""),
        ("try 2", "Ok(true)"),
        ("acquire a 2", ""),
        ("acquire b 1", ""),
        ("poll a", PENDING),
        ("poll b", PENDING),
        ("at 200", ""),
        ("tick", ""),
        ("wakes a", "1"),
        ("wakes b", "0"),
        ("drop a", ""),
        ("wakes b", "1"),
        ("available", "1"),
        ("poll b", GRANTED),
        ("available", "1"),
        ("limiter 2 100", ""),
        ("try 2", "Ok(true)"),
        ("acquire c 2", ""),
        ("poll c", PENDING),
        ("at 200", ""),
        ("tick", ""),
        ("at 300", ""),
        ("available", "1"),
        ("drop c", ""),
        ("available", "2"),
    ]);
}

#[test]
fn takes_nothing_before_its_first_poll_and_returns_nothing_after_its_last() {
    check(&[
        ("limiter 2 100", ""),
        ("acquire idle 2", ""),
        ("available", "2"),
        ("acquire a 1", ""),
        ("poll a", GRANTED),
        ("available", "1"),
        ("drop a", ""),
        ("available", "1"),
        ("drop idle", ""),
        ("available", "1"),
        ("try 1", "Ok(true)"),
        ("acquire b 1", ""),
        ("poll b", PENDING),
        ("at 100", ""),
        ("poll b", GRANTED),
        ("drop b", ""),
        ("available", "0"),
    ]);
}

#[test]
fn next_wakeup_is_when_the_front_can_go() {
    check(&[
        ("limiter 3 100", ""),
        ("next", "None"),
        ("at 30", ""),
        ("try 3", "Ok(true)"),
        ("next", "None"),
        ("acquire a 2", ""),
        ("next", "None"),
        ("poll a", PENDING),
        ("next", "Some(230ms)"),
        ("at 170", ""),
        ("next", "Some(230ms)"),
        ("acquire b 3", ""),
        ("acquire c 1", ""),
        ("poll b", PENDING),
        ("poll c", PENDING),
        ("at 240", ""),
        ("next", "Some(530ms)"),
        ("wakes a", "1"),
        ("drop b", ""),
        ("next", "Some(330ms)"),
        ("drop c", ""),
        ("next", "None"),
    ]);
}

#[test]
fn closing_ends_those_who_wait_and_takes_no_grant_back() {
    check(&[
        ("limiter 2 100", ""),
        ("try 2", "Ok(true)"),
        ("acquire a 1", ""),
        ("acquire b 1", ""),
        ("acquire c 1", ""),
        ("poll a", PENDING),
        ("poll b", PENDING),
        ("at 100", ""),
        ("close", ""),
        ("wakes a", "1"),
        ("wakes b", "1"),
        ("next", "None"),
        ("poll b", CLOSED),
        ("poll a", GRANTED),
        ("poll c", CLOSED),
        ("acquire d 9", ""),
        ("poll d", CLOSED),
        ("try 0", "Err(Closed)"),
        ("try 9", "Err(Closed)"),
        ("close", ""),
        ("wakes b", "1"),
    ]);
}

#[test]
fn more_than_the_burst_is_refused_without_waiting() {
    check(&[
        ("limiter 3 100", ""),
        ("try 4", "Err(TooMany)"),
        ("try 3", "Ok(true)"),
        ("acquire a 3", ""),
        ("poll a", PENDING),
        ("acquire b 4", ""),
        ("poll b", TOO_MANY),
        ("try 4", "Err(TooMany)"),
        ("at 300", ""),
        ("poll a", GRANTED),
    ]);
}

#[test]
fn no_lock_is_held_while_a_waker_is_woken_or_dropped() {
    assert_eq!(
        observe("calls_back_from_wakers", ""),
        ["0 Ok(false) Some(200ms)", "0 Ok(false) Some(300ms)", "0 Ok(false) Some(300ms)", "0 Err(Closed) None",]
    );
    assert_eq!(
        observe("drops_wakers_that_own_requests", ""),
        [PENDING, PENDING, PENDING, PENDING, "Ok(true)", PENDING, GRANTED, GRANTED, CLOSED]
    );
}

#[test]
fn tasks_and_threads_come_to_their_end() {
    assert_eq!(
        observe("runs_tasks", ""),
        [
            "0 a 2 Ok(())",
            "200 a 3 Ok(())",
            "300 b 1 Ok(())",
            "600 c 3 Ok(())",
            "600 c 4 Err(TooMany)",
            "700 a 1 Ok(())",
            "800 b 1 Ok(())",
            "900 c 1 Ok(())",
            "1000 b 1 Ok(())",
            "1100 b 1 Ok(())",
            "polls 11",
        ]
    );
    assert_eq!(observe("shares_between_threads", ""), ["taken 1000", "served 4", "next None"]);
}
