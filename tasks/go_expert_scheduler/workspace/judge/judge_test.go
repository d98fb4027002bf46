// Package judge plays scenarios in a process of their own and compares what was observed with what the instructions promise.
package judge

import "testing"

func TestStartsJobsWhenTheyAreDue(t *testing.T) {
	expect(t, play(t, "due"), `{"started": [["past@0"], ["past@0"], ["past@0", "a@1"], ["past@0", "a@1", "b@3", "c@3"]],
		"next": [null, 1, 1, 2, null], "outcomes": ["past due -5: nil", "a due 1: nil", "b due 2: nil", "c due 3: nil"],
		"waiting": 0}`)
}

func TestDueTogetherGoByPriorityThenOrder(t *testing.T) {
	expect(t, play(t, "priorities"), `{"started": ["e@2", "b@2", "c@2", "f@2", "a@2", "d@2"]}`)
}

func TestFreeWorkersTakeTheFirstDue(t *testing.T) {
	expect(t, play(t, "workers"), `{"first": ["a@1", "b@1"], "running": 2, "waiting": 2, "full": 2, "third": ["early@1"],
		"outcomes": ["a due 1: nil", "b due 1: nil", "c due 1: nil", "d due 1: nil", "early due 0.5: nil"],
		"in_the_end": [0, 0]}`)
}

func TestRecurringJobKeepsToItsGrid(t *testing.T) {
	expect(t, play(t, "grid"), `{"started": ["a@5", "a@15", "a@27.5", "a@35", "a@45"], "next": [15, 25, 35, 45, 55],
		"outcomes": ["a due 5: nil", "a due 15: nil", "a due 25: nil", "a due 35: nil", "a due 45: nil"], "waiting": 1}`)
}

func TestMissedRunsAreSkipped(t *testing.T) {
	expect(t, play(t, "missed"), `{"meanwhile": ["a@10"], "started": ["a@10", "a@50", "a@85"],
		"outcomes": ["a due 10: nil", "a due 50: nil", "a due 60: nil"], "next": [null, 50, 50, 60, 90]}`)
}

func TestClockMayStepBack(t *testing.T) {
	expect(t, play(t, "steps_back"), `{"started": ["a@10", "a@20"], "next": [20, 20, 20, 20, 30]}`)
}

func TestKeepsOneTimerForTheFirstJob(t *testing.T) {
	expect(t, play(t, "one_timer"), `{"timers": [[], [10], [5], [5], [7], [10], []], "started": ["middle@7"]}`)
}

func TestRejectsInvalidArguments(t *testing.T) {
	expect(t, play(t, "invalid"), `{"errors": ["ErrInvalid", "ErrInvalid", "ErrInvalid", "ErrInvalid", "nil"],
		"waiting": 0}`)
}

func TestCancelledJobNeverRuns(t *testing.T) {
	expect(t, play(t, "cancel_waiting"), `{"results": [true, false, false, false, true], "waiting": 0,
		"started": ["b@1", "busy@2"], "outcomes": ["b due 1: nil", "busy due 2: nil"]}`)
}

func TestCancelReachesARunningJob(t *testing.T) {
	expect(t, play(t, "cancel_running"), `{"results": [true, false, false], "waiting": 0, "started": ["a@1", "self@2"],
		"outcomes": ["a due 1: context canceled", "self due 2: true false context canceled"]}`)
}

func TestPanicsAndExitsAreContained(t *testing.T) {
	expect(t, play(t, "accidents"), `{"outcomes": ["a due 1: panic boom", "b due 2: ErrExited", "c due 3: failed",
		"d due 4: nil", "a due 11: panic boom", "b due 12: ErrExited", "c due 13: failed", "d due 14: nil"],
		"waiting": 4, "running": 0}`)
}

func TestJobsMayAddJobs(t *testing.T) {
	expect(t, play(t, "nested"), `{"inside": [1, 3], "early": ["outer@1", "first@1", "second@1"],
		"started": ["outer@1", "first@1", "second@1", "later@2"], "told": 50}`)
}

func TestShutdownWaitsForRunningJobs(t *testing.T) {
	expect(t, play(t, "shutdown_waits"), `{"early": 0, "waiting": 0, "add": "ErrClosed", "result": "nil", "again": "nil",
		"started": ["a@1", "b@1"], "outcomes": ["a due 1: nil", "b due 1: nil"]}`)
}

func TestShutdownCancelsWhenItsContextEnds(t *testing.T) {
	expect(t, play(t, "shutdown_ends"), `{"first": "context canceled", "running": 1, "second": "nil",
		"outcomes": ["a due 1: context canceled", "b due 1: context canceled"], "left": 0}`)
}

func TestShutdownLeavesNothingBehind(t *testing.T) {
	expect(t, play(t, "leftovers"), `{"errors": {"nil": 20}, "timers": 0, "goroutines": 0}`)
}

func TestConcurrentUseLosesNoJob(t *testing.T) {
	expect(t, play(t, "concurrent_use"), `{"lost": 0, "twice": 0, "over_the_limit": 0, "waiting": 0,
		"outcomes_missing": 0}`)
}
