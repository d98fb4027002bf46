package main

import (
	"sort"
	"sync"
	"time"

	"scheduler"
)

var epoch = time.Unix(1_700_000_000, 0)

// A fakeClock moves only when it is told to.
type fakeClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*fakeTimer]struct{}
}

type fakeTimer struct {
	clock *fakeClock
	at    time.Time
	fires chan time.Time
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: epoch, timers: map[*fakeTimer]struct{}{}}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) TimerAt(t time.Time) scheduler.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &fakeTimer{clock: c, at: t, fires: make(chan time.Time, 1)}
	c.timers[timer] = struct{}{}
	c.fireDue()
	return timer
}

// set moves the clock to a time after the epoch and fires the timers that are due.
func (c *fakeClock) set(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = epoch.Add(offset)
	c.fireDue()
}

func (c *fakeClock) fireDue() {
	for timer := range c.timers {
		if !timer.at.After(c.now) {
			timer.fires <- c.now
			delete(c.timers, timer)
		}
	}
}

// armed lists the seconds at which running timers are due.
func (c *fakeClock) armed() []float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []float64{}
	for timer := range c.timers {
		list = append(list, timer.at.Sub(epoch).Seconds())
	}
	sort.Float64s(list)
	return list
}

func (t *fakeTimer) C() <-chan time.Time { return t.fires }

func (t *fakeTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, running := t.clock.timers[t]
	delete(t.clock.timers, t)
	return running
}
