// Package judge plays scenarios in a process of their own and compares what was observed with what the instructions promise.
package judge

import "testing"

func TestEvictsTheLeastRecentlyUsed(t *testing.T) {
	expect(t, play(t, "order"), `{"first": "{0 0}", "a": "{0 0}", "b": null, "c": "{1 0}", "d": "d", "len": 3, "cost": 3}`)
}

func TestPeekAndKeysLeaveTheOrderAlone(t *testing.T) {
	expect(t, play(t, "peek"), `{"peeked": 1, "missing": null, "before": ["c", "b", "a"], "after": ["b", "c", "a"],
		"then": ["d", "b", "c"]}`)
}

func TestEvictsAsMuchAsTheCostNeeds(t *testing.T) {
	expect(t, play(t, "costs"), `{"told": ["b=2 evicted", "c=2 evicted"], "keys": ["big", "a", "d"], "cost": 10,
		"total": 3, "after": 2, "asked": 2}`)
}

func TestReplacingFreesTheOldCostFirst(t *testing.T) {
	expect(t, play(t, "replacing"), `{"fits": ["a=4 replaced"], "keys": ["a", "b"],
		"grown": ["b=5 replaced", "a=5 evicted"], "then": ["b"], "cost": 6}`)
}

func TestRefusesWhatCannotFit(t *testing.T) {
	expect(t, play(t, "refusals"), `{"new": ["ErrInvalid", "ErrInvalid"],
		"refused": ["ErrTooCostly", "ErrTooCostly", "ErrInvalid"], "free": "nil", "keys": ["free", "b", "a"], "a": 4,
		"whole": "nil", "told": ["b=4 evicted", "free=0 evicted", "a=4 evicted"]}`)
}

func TestExpiresToTheNanosecond(t *testing.T) {
	expect(t, play(t, "expiry"), `{"alive": [3, 2, 4], "length": 2, "first": ["a=2 expired", "b=3 expired"],
		"gone": [null, null, false, 2], "keys": ["ever"], "in_the_end": 0,
		"told": ["long=1 expired", "ever=4 replaced", "ever=5 expired"]}`)
}

func TestExpiredEntriesGoBeforeLiveOnes(t *testing.T) {
	expect(t, play(t, "expired_first"), `{"told": ["first=3 expired", "second=3 expired"], "keys": ["new", "old"],
		"cost": 10}`)
}

func TestStaysFastWithManyEntries(t *testing.T) {
	expect(t, play(t, "many_entries"), `{"len": 50000, "last": 99999, "left": 999}`)
}

func TestOnRemoveMayUseTheCache(t *testing.T) {
	expect(t, play(t, "reentrant"), `{"told": ["1 evicted", "2 evicted", "11 removed", "12 removed"],
		"deepest": 1, "lengths": [1, 1], "keys": [4, 3], "chain": 20000}`)
}

func TestReportsInOrderAndOneAtATime(t *testing.T) {
	expect(t, play(t, "queued"), `{"told": ["a=0 removed", "end of a=0 ", "b=1 removed", "c=2 replaced"], "keys": ["c"]}`)
}

func TestSurvivesAPanicInOnRemove(t *testing.T) {
	expect(t, play(t, "panicking"), `{"caught": "on purpose", "first": ["a=1 evicted"], "len": 1,
		"second": ["b=1 evicted", "c=1 evicted"], "third": ["d=3 evicted"], "keys": ["e"]}`)
}

func TestCallersShareOneLoad(t *testing.T) {
	expect(t, play(t, "shared_load"), `{"waiting": [3, 1, 0], "other": 1, "results": [1, 1, 1], "loads": 1, "unused": 0,
		"afterwards": 0, "hit": [1, "nil"], "miss": "context canceled", "keys": ["b", "a"]}`)
}

func TestFailedLoadIsNotKept(t *testing.T) {
	expect(t, play(t, "failed_load"), `{"results": ["no such thing", "no such thing"], "len": 0, "again": 1, "keys": ["a"],
		"too_costly": [11, "nil"]}`)
}

func TestLoadEndsWhenNobodyWaits(t *testing.T) {
	expect(t, play(t, "abandoned_load"), `{"first": "context canceled", "left": 1, "ended_early": 0,
		"second": "context canceled", "ended": 1, "fresh": 1, "len": 0, "third": 1, "stored": 1}`)
}

func TestPutAndRemoveOvertakeALoad(t *testing.T) {
	expect(t, play(t, "overtaken_load"), `{"meanwhile": 7, "loaded": 1, "kept": 7, "refused": "ErrTooCostly", "joined": 1,
		"old": 1, "len": 1, "fresh": 1, "loads": 1, "in_the_end": 2}`)
}

func TestConcurrentUseKeepsTheBooks(t *testing.T) {
	expect(t, play(t, "concurrent_calls"), `{"missing": 0, "cost_off_by": 0, "overlapping": 0, "overdrawn": 0}`)
}
