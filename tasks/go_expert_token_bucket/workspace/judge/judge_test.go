// Package judge plays scenarios in a process of their own and compares what was observed with what the instructions promise.
package judge

import "testing"

func TestStartsFullAndTakesAllOrNothing(t *testing.T) {
	expect(t, play(t, "all_or_nothing"), `{"steps": [5, true, 2, false, 2, true, false, true]}`)
}

func TestRefillsFractionallyWithoutDrift(t *testing.T) {
	expect(t, play(t, "fractions"), `{"early": [0, 1, 2, 3], "late": [239, 240]}`)
}

func TestNeverHoldsMoreThanTheBurst(t *testing.T) {
	expect(t, play(t, "burst"), `{"filled": 3, "taken": true, "then": 2, "beyond": false, "rest": true,
		"tenth_of_a_token": 0, "after_900ms_more": 1}`)
}

func TestLongIdleDoesNotOverflow(t *testing.T) {
	expect(t, play(t, "long_idle"), `{"available": [1000000, 1000000, 1000000, 1000000, 1000000]}`)
}

func TestClockMayStepBack(t *testing.T) {
	expect(t, play(t, "steps_back"), `{"available": [5, 5, 5, 5, 7, 7], "delays": [1, 1, 1, 0, 0], "cancelled": false}`)
}

func TestDelaysAreExactToTheNanosecond(t *testing.T) {
	expect(t, play(t, "delays"), `{"nanoseconds": [0, 3333333334, 6666666667, 10000000000, 1, 0, 20000000000],
		"pending": [3, 3, 3]}`)
}

func TestQueueMayOutgrowTheBurst(t *testing.T) {
	expect(t, play(t, "long_queue"), `{"at_0": [5, 10, 15], "at_12": [0, 0, 3], "pending_at_12": 1, "left": [0, 2, 5]}`)
}

func TestCancelMovesLaterClaimsUp(t *testing.T) {
	expect(t, play(t, "cancel"), `{"before": [4, 6, 7], "first": true, "moved": [0, 2, 3], "pending": 2, "again": false,
		"behind": [2, 3, 4], "middle": true, "closed": [2, 3], "ready": false, "available_at_4": 1}`)
}

func TestReadyReservationCannotBeCancelled(t *testing.T) {
	expect(t, play(t, "cancel_ready"), `{"delay": 0, "at_once": false, "left": 3, "unseen": false, "unseen_left": 0}`)
}

func TestRejectsInvalidArguments(t *testing.T) {
	expect(t, play(t, "invalid"), `{
		"new": ["ErrInvalid", "ErrInvalid", "ErrInvalid", "ErrInvalid", "ErrInvalid", "ErrInvalid", "nil"],
		"reserve": ["ErrInvalid", "ErrTooLarge"], "returned": [false, false],
		"wait": ["ErrInvalid", "ErrTooLarge", "Canceled"], "zero": ["Canceled", "nil"],
		"allow": [false, false], "left": 5, "pending": 0}`)
}

func TestWaitServesInOrderOfArrival(t *testing.T) {
	expect(t, play(t, "wait_order"), `{"served": [[], [], ["a"], ["a", "b"], ["a", "b"], ["a", "b", "c"],
		["a", "b", "c", "d"]]}`)
}

func TestNobodyOvertakesAWaiter(t *testing.T) {
	expect(t, play(t, "no_overtaking"), `{"allowed": false, "available": 0, "delay": [2], "served": ["a"], "early": false,
		"in_the_end": [true, false]}`)
}

func TestCancelledWaitGivesItsTurnAway(t *testing.T) {
	expect(t, play(t, "cancelled_wait"), `{"cancelled": "Canceled", "pending": 2, "at_1": ["b"], "at_2": ["b", "c"],
		"left": 0}`)
}

func TestReadyClaimWinsOverCancellation(t *testing.T) {
	expect(t, play(t, "ready_and_ended"), `{"ready": "nil", "left": 0, "early": "Canceled", "left_at_2": 1}`)
}

func TestLeavesNoTimerOrGoroutine(t *testing.T) {
	expect(t, play(t, "leftovers"), `{"ended": 20, "pending": 0, "timers": 0, "goroutines": 0}`)
}

func TestConcurrentCallsSpendEachTokenOnce(t *testing.T) {
	expect(t, play(t, "concurrent_calls"), `{"taken": 1000, "overspent": 0, "calls_ended": 60, "full_again": 10}`)
}
