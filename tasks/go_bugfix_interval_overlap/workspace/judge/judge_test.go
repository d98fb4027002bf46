// Package judge lets a process of its own work with a calendar and compares the results with what the instructions promise.
package judge

import (
	"math/rand"
	"testing"
)

func TestTouchingIntervalsDoNotOverlap(t *testing.T) {
	check(t, 1,
		line{"overlaps 0 10 10 20", "false"}, line{"overlaps 10 20 0 10", "false"}, line{"overlaps 0 10 9 20", "true"},
		line{"overlaps 5 6 0 10", "true"}, line{"overlaps 0 10 5 6", "true"}, line{"overlaps -5 -1 -2 3", "true"},
		line{"book a 9 10", "1"}, line{"book b 10 11", "2"}, line{"book c 8 9", "3"}, line{"book d 8 9", `"ErrFull"`},
		line{"conflicts 10 11", `["2 b 10-11"]`})
}

func TestEmptyIntervalsOverlapNothing(t *testing.T) {
	check(t, 1,
		line{"overlaps 5 5 0 10", "false"}, line{"overlaps 0 10 5 5", "false"}, line{"overlaps 5 5 5 5", "false"},
		line{"overlaps 7 3 0 10", "false"}, line{"overlaps 0 10 7 3", "false"}, line{"book a 0 10", "1"},
		line{"conflicts 5 5", "[]"}, line{"conflicts 7 3", "[]"}, line{"peak 5 5", "0"}, line{"peak 7 3", "0"})
}

func TestConflictsShowLongBookings(t *testing.T) {
	check(t, 3,
		line{"book long 0 100", "1"}, line{"book b 10 20", "2"}, line{"book c 30 40", "3"}, line{"book d 60 70", "4"},
		line{"conflicts 50 65", `["1 long 0-100", "4 d 60-70"]`}, line{"conflicts 80 90", `["1 long 0-100"]`},
		line{"conflicts 100 200", "[]"}, line{"conflicts 15 35", `["1 long 0-100", "2 b 10-20", "3 c 30-40"]`})
}

func TestConflictsAreInOrder(t *testing.T) {
	check(t, 9,
		line{"book a 5 9", "1"}, line{"book b 5 7", "2"}, line{"book c 2 9", "3"}, line{"book d 5 7", "4"}, line{"move 1 4 9", `"nil"`},
		line{"conflicts 0 10", `["3 c 2-9", "1 a 4-9", "2 b 5-7", "4 d 5-7"]`})
}

func TestOnlyWhatIsBookedAtOneMomentCounts(t *testing.T) {
	check(t, 2,
		line{"book a 9 10", "1"}, line{"book b 11 12", "2"}, line{"book c 9 12", "3"}, line{"book d 10 11", "4"},
		line{"book e 9 10", `"ErrFull"`}, line{"book f 8 13", `"ErrFull"`}, line{"book g 12 13", "5"}, line{"peak 0 24", "2"})
}

func TestPeakDoesNotAddTouchingBookings(t *testing.T) {
	check(t, 3,
		line{"book a 2 4", "1"}, line{"book b 0 2", "2"}, line{"book c 4 6", "3"}, line{"peak 0 6", "1"}, line{"book d 1 5", "4"},
		line{"peak 0 6", "2"}, line{"book e 0 1", "5"}, line{"book f 0 1", "6"}, line{"peak 0 6", "3"}, line{"peak 1 6", "2"},
		line{"peak 5 6", "1"}, line{"peak 6 9", "0"})
}

func TestBusyJoinsWhatTouchesAndKeepsTheLongestEnd(t *testing.T) {
	check(t, 3,
		line{"busy", "[]"}, line{"book a 9 18", "1"}, line{"book b 10 12", "2"}, line{"busy", `["9-18"]`}, line{"book c 18 19", "3"},
		line{"book d 21 22", "4"}, line{"book e 6 8", "5"}, line{"busy", `["6-8", "9-19", "21-22"]`})
}

func TestFreeOffersTheLastGap(t *testing.T) {
	check(t, 1,
		line{"free 9 10 1", `"9-10"`}, line{"book a 9 17", "1"}, line{"free 9 18 1", `"17-18"`}, line{"free 9 18 2", "null"},
		line{"book b 17 18", "2"}, line{"free 9 18 1", "null"}, line{"free 9 9 1", "null"}, line{"free 20 10 1", "null"})
}

func TestFreeOffersTheEarliestGap(t *testing.T) {
	check(t, 2,
		line{"book long 0 20", "1"}, line{"book a 1 5", "2"}, line{"book b 6 8", "3"}, line{"free 0 30 1", `"0-1"`},
		line{"free 0 30 2", `"8-10"`}, line{"free 2 30 1", `"5-6"`}, line{"book c 8 18", "4"}, line{"free 1 30 2", `"18-20"`},
		line{"free 1 19 2", "null"})
}

func TestMovedBookingIsNotInItsOwnWay(t *testing.T) {
	check(t, 1,
		line{"book a 9 10", "1"}, line{"move 1 9 11", `"nil"`}, line{"move 1 8 10", `"nil"`}, line{"move 1 8 10", `"nil"`},
		line{"book b 10 11", "2"}, line{"conflicts 0 24", `["1 a 8-10", "2 b 10-11"]`}, line{"busy", `["8-11"]`})
}

func TestFailedMoveChangesNothing(t *testing.T) {
	check(t, 1,
		line{"book a 9 10", "1"}, line{"book b 11 12", "2"}, line{"move 1 11 13", `"ErrFull"`}, line{"move 1 5 5", `"ErrInvalid"`},
		line{"move 1 7 5", `"ErrInvalid"`}, line{"move 3 1 2", `"ErrUnknown"`}, line{"conflicts 0 24", `["1 a 9-10", "2 b 11-12"]`},
		line{"cancel 1", "true"}, line{"move 1 1 2", `"ErrUnknown"`})
}

func TestNumbersAreNotUsedAgain(t *testing.T) {
	check(t, 1,
		line{"book a 5 5", `"ErrInvalid"`}, line{"book b 7 5", `"ErrInvalid"`}, line{"book c 1 2", "1"}, line{"book d 1 2", `"ErrFull"`},
		line{"book e 2 3", "2"}, line{"cancel 2", "true"}, line{"cancel 2", "false"}, line{"book f 2 3", "3"}, line{"conflicts 0 9", `["1 c 1-2", "3 f 2-3"]`})
}

func TestAgreesWithCountingEveryMoment(t *testing.T) {
	for seed := int64(0); seed < 12; seed++ {
		capacity := 1 + int(seed)%4
		t.Logf("day %d with %d rooms", seed, capacity)
		check(t, capacity, randomDay(capacity, rand.New(rand.NewSource(seed)))...)
	}
}
