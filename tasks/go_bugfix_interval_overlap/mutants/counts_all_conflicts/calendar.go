package rooms

import (
	"errors"
	"sort"
)

var (
	// ErrFull reports that at some moment all rooms are taken.
	ErrFull = errors.New("rooms: all rooms are taken")
	// ErrInvalid reports an empty interval.
	ErrInvalid = errors.New("rooms: empty interval")
	// ErrUnknown reports a booking that does not exist.
	ErrUnknown = errors.New("rooms: no such booking")
)

// A Booking takes one room for an interval.
type Booking struct {
	ID   int
	Name string
	Interval
}

// A Calendar keeps the bookings of a number of rooms.
type Calendar struct {
	capacity int
	lastID   int
	bookings []Booking // ordered by start, end and number
}

// New makes an empty calendar.
func New(capacity int) *Calendar {
	return &Calendar{capacity: capacity}
}

// Book takes a room and returns the number of the booking.
func (c *Calendar) Book(name string, interval Interval) (int, error) {
	if interval.Empty() {
		return 0, ErrInvalid
	}
	if !c.hasRoom(interval) {
		return 0, ErrFull
	}
	c.lastID++
	c.insert(Booking{ID: c.lastID, Name: name, Interval: interval})
	return c.lastID, nil
}

// Cancel removes a booking and tells whether it was there.
func (c *Calendar) Cancel(id int) bool {
	place := c.find(id)
	if place < 0 {
		return false
	}
	c.bookings = append(c.bookings[:place], c.bookings[place+1:]...)
	return true
}

// Move gives a booking another interval.
func (c *Calendar) Move(id int, interval Interval) error {
	place := c.find(id)
	if place < 0 {
		return ErrUnknown
	}
	if interval.Empty() {
		return ErrInvalid
	}
	old := c.bookings[place]
	c.Cancel(id)
	if !c.hasRoom(interval) {
		c.insert(old)
		return ErrFull
	}
	c.insert(Booking{ID: id, Name: old.Name, Interval: interval})
	return nil
}

// Conflicts lists the bookings that overlap an interval.
func (c *Calendar) Conflicts(interval Interval) []Booking {
	var found []Booking
	for _, booking := range c.bookings {
		if booking.Start >= interval.End {
			break // ordered by start, not by end: any booking before this one may reach into the interval
		}
		if booking.Overlaps(interval) {
			found = append(found, booking)
		}
	}
	return found
}

func (c *Calendar) hasRoom(interval Interval) bool {
	return len(c.Conflicts(interval)) < c.capacity
}

func (c *Calendar) find(id int) int {
	for place, booking := range c.bookings {
		if booking.ID == id {
			return place
		}
	}
	return -1
}

func (c *Calendar) insert(added Booking) {
	place := sort.Search(len(c.bookings), func(i int) bool { return before(added, c.bookings[i]) })
	c.bookings = append(c.bookings, Booking{})
	copy(c.bookings[place+1:], c.bookings[place:])
	c.bookings[place] = added
}

func before(a, b Booking) bool {
	if a.Start != b.Start {
		return a.Start < b.Start
	}
	if a.End != b.End {
		return a.End < b.End
	}
	return a.ID < b.ID
}
