package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"scheduler"
)

// patience bounds what a wrong scheduler can make the driver wait for; a right one is done in microseconds.
const patience = 2 * time.Second

func until(condition func() bool) {
	for end := time.Now().Add(patience); time.Now().Before(end) && !condition(); {
		time.Sleep(50 * time.Microsecond)
	}
}

// pause lets happen what should not happen.
func pause() { time.Sleep(2 * time.Millisecond) }

// A rig is a scheduler with a clock, and notes of what its jobs did.
type rig struct {
	*scheduler.Scheduler
	clock *fakeClock

	mu       sync.Mutex
	started  []string // name@second
	outcomes []string // name due second: error
}

func newRig(workers int) *rig {
	r := &rig{clock: newFakeClock()}
	made, err := scheduler.New(scheduler.Config{Clock: r.clock, Workers: workers, OnDone: r.done})
	if err != nil {
		panic(err)
	}
	r.Scheduler = made
	return r
}

func second(value float64) time.Time { return epoch.Add(time.Duration(value * float64(time.Second))) }

func (r *rig) done(outcome scheduler.Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := outcome.Due.Sub(epoch).Seconds()
	r.outcomes = append(r.outcomes, fmt.Sprintf("%s due %g: %s", outcome.Name, due, name(outcome.Err)))
}

// add adds a job that notes its start and then does the work, if there is any.
func (r *rig) add(job scheduler.Job, work func(ctx context.Context) error) scheduler.ID {
	job.Run = func(ctx context.Context) error {
		r.mu.Lock()
		r.started = append(r.started, fmt.Sprintf("%s@%g", job.Name, r.clock.Now().Sub(epoch).Seconds()))
		r.mu.Unlock()
		if work == nil {
			return nil
		}
		return work(ctx)
	}
	id, err := r.Add(job)
	if err != nil {
		panic(err)
	}
	return id
}

// at moves the clock and waits until nothing is left to do.
func (r *rig) at(seconds float64) {
	r.clock.set(time.Duration(seconds * float64(time.Second)))
	r.settle()
}

func (r *rig) settle() {
	until(func() bool {
		next, some := r.Next()
		return r.Running() == 0 && !(some && !next.After(r.clock.Now()))
	})
	pause()
}

// untilStarted waits until that many jobs have noted their start, and a moment longer.
func (r *rig) untilStarted(count int) {
	until(func() bool { return len(r.starts()) >= count })
	pause()
}

func (r *rig) starts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.started...)
}

func (r *rig) ends() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.outcomes...)
}

// next is the second at which the next job is due, or null.
func (r *rig) next() any {
	moment, some := r.Next()
	if !some {
		return nil
	}
	return moment.Sub(epoch).Seconds()
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// waitFor is work that ends when the gate is opened or its context ends.
func waitFor(gate chan struct{}) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-gate:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func name(err error) string {
	var panicked *scheduler.PanicError
	switch {
	case err == nil:
		return "nil"
	case errors.As(err, &panicked):
		return fmt.Sprint("panic ", panicked.Value)
	case errors.Is(err, scheduler.ErrInvalid):
		return "ErrInvalid"
	case errors.Is(err, scheduler.ErrClosed):
		return "ErrClosed"
	case errors.Is(err, scheduler.ErrExited):
		return "ErrExited"
	}
	return err.Error()
}
