// Package scheduler runs jobs when they are due.
package scheduler

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var (
	// ErrInvalid reports a configuration or a job that can never be right.
	ErrInvalid = errors.New("scheduler: invalid argument")
	// ErrClosed reports that the scheduler takes no more jobs.
	ErrClosed = errors.New("scheduler: closed")
	// ErrExited is the outcome of a job that ended its goroutine.
	ErrExited = errors.New("scheduler: job exited its goroutine")
)

// An ID names a job.
type ID int64

// A Job is something to run at a moment, and perhaps again at equal distances.
type Job struct {
	Name     string
	At       time.Time
	Every    time.Duration
	Priority int
	Run      func(ctx context.Context) error
}

// An Outcome tells how a run ended.
type Outcome struct {
	ID   ID
	Name string
	Due  time.Time
	Err  error
}

// Config describes a scheduler.
type Config struct {
	Clock   Clock
	Workers int
	OnDone  func(Outcome)
}

// A PanicError is the outcome of a job that panicked.
type PanicError struct{ Value any }

func (e *PanicError) Error() string { return fmt.Sprintf("scheduler: job panicked: %v", e.Value) }

// A Scheduler runs jobs when they are due.
type Scheduler struct {
	config Config
	awake  chan struct{} // tells the loop that something has changed
	idle   chan struct{} // closed when the scheduler is, and nothing runs

	mu      sync.Mutex
	lastID  ID
	waiting queue
	jobs    map[ID]*entry // all that wait or run
	closed  bool
}

// New starts a scheduler.
func New(config Config) (*Scheduler, error) {
	if config.Clock == nil || config.Workers < 1 {
		return nil, ErrInvalid
	}
	if config.OnDone == nil {
		config.OnDone = func(Outcome) {}
	}
	s := &Scheduler{
		config: config, awake: make(chan struct{}, 1), idle: make(chan struct{}), jobs: map[ID]*entry{},
	}
	go s.loop()
	return s, nil
}

// Add takes a job.
func (s *Scheduler) Add(job Job) (ID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, ErrClosed
	}
	if job.Run == nil || job.Every < 0 {
		return 0, ErrInvalid
	}
	s.lastID++
	e := &entry{id: s.lastID, job: job, due: job.At}
	s.jobs[e.id] = e
	heap.Push(&s.waiting, e)
	s.wake()
	return e.id, nil
}

// Cancel takes a waiting job out, or ends the context of a running one.
func (s *Scheduler) Cancel(id ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.jobs[id]
	if e == nil || e.cancelled {
		return false
	}
	e.cancelled = true
	if e.running() {
		e.end()
	} else {
	}
	return true
}

// Next is the earliest due moment of all waiting jobs.
func (s *Scheduler) Next() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return time.Time{}, false
	}
	return s.waiting[0].due, true
}

// Waiting is the number of jobs that wait.
func (s *Scheduler) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting)
}

// Running is the number of jobs that run.
func (s *Scheduler) Running() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running()
}

// Shutdown starts no more jobs and waits for those that run.
func (s *Scheduler) Shutdown(ctx context.Context) error {
	s.close()
	select {
	case <-s.idle:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.jobs {
		e.end()
	}
	if len(s.jobs) == 0 {
		return nil
	}
	return ctx.Err()
}

func (s *Scheduler) running() int { return len(s.jobs) - len(s.waiting) }

func (s *Scheduler) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	for _, e := range s.waiting {
		delete(s.jobs, e.id)
	}
	s.waiting = nil
	if len(s.jobs) == 0 {
		close(s.idle)
	}
	s.wake()
}

func (s *Scheduler) wake() {
	select {
	case s.awake <- struct{}{}:
	default:
	}
}
