// Package rooms keeps bookings of a group of like rooms.
package rooms

// An Interval holds the moments from Start up to, and without, End.
type Interval struct {
	Start int
	End   int
}

// Empty tells whether the interval holds no moment.
func (a Interval) Empty() bool { return a.End <= a.Start }

// Overlaps tells whether there is a moment that both intervals hold.
func (a Interval) Overlaps(b Interval) bool {
	return !a.Empty() && !b.Empty() && a.Start < b.End && b.Start < a.End
}
