package judge

import (
	"fmt"
	"math/rand"
	"sort"
)

const horizon = 40

// A model of a calendar that looks at every single moment.
type model struct {
	capacity int
	lastID   int
	bookings []entry
}

type entry struct{ id, start, end int }

func (m *model) at(moment, except int) int {
	count := 0
	for _, one := range m.bookings {
		if one.id != except && one.start <= moment && moment < one.end {
			count++
		}
	}
	return count
}

func (m *model) peak(start, end, except int) int {
	peak := 0
	for moment := start; moment < end; moment++ {
		peak = max(peak, m.at(moment, except))
	}
	return peak
}

func (m *model) book(start, end int) string {
	if end <= start {
		return `"ErrInvalid"`
	}
	if m.peak(start, end, 0) >= m.capacity {
		return `"ErrFull"`
	}
	m.lastID++
	m.bookings = append(m.bookings, entry{m.lastID, start, end})
	return fmt.Sprint(m.lastID)
}

func (m *model) place(id int) int {
	for i, one := range m.bookings {
		if one.id == id {
			return i
		}
	}
	return -1
}

func (m *model) cancel(id int) string {
	place := m.place(id)
	if place < 0 {
		return "false"
	}
	m.bookings = append(m.bookings[:place], m.bookings[place+1:]...)
	return "true"
}

func (m *model) move(id, start, end int) string {
	place := m.place(id)
	if place < 0 {
		return `"ErrUnknown"`
	}
	if end <= start {
		return `"ErrInvalid"`
	}
	if m.peak(start, end, id) >= m.capacity {
		return `"ErrFull"`
	}
	m.bookings[place] = entry{id, start, end}
	return `"nil"`
}

func (m *model) conflicts(start, end int) string {
	found := []entry{}
	for _, one := range m.bookings {
		if max(one.start, start) < min(one.end, end) {
			found = append(found, one)
		}
	}
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		if a.start != b.start {
			return a.start < b.start
		}
		if a.end != b.end {
			return a.end < b.end
		}
		return a.id < b.id
	})
	list := []string{}
	for _, one := range found {
		list = append(list, fmt.Sprintf("%d x %d-%d", one.id, one.start, one.end))
	}
	return compact(list)
}

func (m *model) busy() string {
	list := []string{}
	start := -1
	for moment := 0; moment <= horizon; moment++ {
		booked := m.at(moment, 0) > 0
		if booked && start < 0 {
			start = moment
		}
		if !booked && start >= 0 {
			list = append(list, fmt.Sprintf("%d-%d", start, moment))
			start = -1
		}
	}
	return compact(list)
}

func (m *model) free(start, end, length int) string {
	for ; start+length <= end; start++ {
		if m.peak(start, start+length, 0) < m.capacity {
			return fmt.Sprintf(`"%d-%d"`, start, start+length)
		}
	}
	return "null"
}

// randomDay makes commands at random and what has to come of them.
func randomDay(capacity int, chance *rand.Rand) []line {
	m := &model{capacity: capacity}
	lines := []line{}
	for len(lines) < 400 {
		start := chance.Intn(horizon - 1)
		end := min(horizon, start+chance.Intn(12))
		id, length := 1+chance.Intn(m.lastID+1), 1+chance.Intn(8)
		switch chance.Intn(9) {
		case 0, 1, 2:
			lines = append(lines, line{fmt.Sprintf("book x %d %d", start, end), m.book(start, end)})
		case 3:
			lines = append(lines, line{fmt.Sprintf("cancel %d", id), m.cancel(id)})
		case 4:
			lines = append(lines, line{fmt.Sprintf("move %d %d %d", id, start, end), m.move(id, start, end)})
		case 5:
			lines = append(lines, line{fmt.Sprintf("conflicts %d %d", start, end), m.conflicts(start, end)})
		case 6:
			lines = append(lines, line{fmt.Sprintf("peak %d %d", start, end), fmt.Sprint(m.peak(start, end, 0))})
		case 7:
			lines = append(lines, line{"busy", m.busy()})
		case 8:
			lines = append(lines, line{fmt.Sprintf("free %d %d %d", start, horizon, length), m.free(start, horizon, length)})
		}
	}
	return lines
}
