package rooms

import "sort"

// Peak is the largest number of bookings at one moment of an interval.
func (c *Calendar) Peak(within Interval) int {
	type event struct{ at, change int }
	var events []event
	for _, booking := range c.Conflicts(within) {
		events = append(events, event{max(booking.Start, within.Start), 1}, event{min(booking.End, within.End), -1})
	}
	sort.Slice(events, func(i, j int) bool {
		if events[i].at != events[j].at {
			return events[i].at < events[j].at
		}
		return events[i].change < events[j].change // a room that becomes free can be taken at the same moment
	})
	count, peak := 0, 0
	for _, event := range events {
		count += event.change
		if count > peak {
			peak = count
		}
	}
	return peak
}

// Busy lists the moments that have any booking.
func (c *Calendar) Busy() []Interval {
	var busy []Interval
	for _, booking := range c.bookings {
		last := len(busy) - 1
		if last >= 0 && booking.Start <= busy[last].End {
			busy[last].End = max(busy[last].End, booking.End)
		} else {
			busy = append(busy, booking.Interval)
		}
	}
	return busy
}

// Free returns the earliest interval of a length at each moment of which a room is free.
func (c *Calendar) Free(within Interval, length int) (Interval, bool) {
	starts := []int{within.Start}
	for _, booking := range c.Conflicts(within) {
		starts = append(starts, booking.End)
	}
	sort.Ints(starts)
	for _, start := range starts {
		candidate := Interval{start, start + length}
		if candidate.End < within.End && c.hasRoom(candidate) {
			return candidate, true
		}
	}
	return Interval{}, false
}
