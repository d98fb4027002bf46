// Package scheduler runs jobs when they are due.
package scheduler

import (
	"context"
	"errors"
	"fmt"
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
type Scheduler struct{}

// New starts a scheduler.
func New(config Config) (*Scheduler, error) {
	panic("not implemented")
}

// Add takes a job.
func (s *Scheduler) Add(job Job) (ID, error) {
	panic("not implemented")
}

// Cancel takes a waiting job out, or ends the context of a running one.
func (s *Scheduler) Cancel(id ID) bool {
	panic("not implemented")
}

// Next is the earliest due moment of all waiting jobs.
func (s *Scheduler) Next() (time.Time, bool) {
	panic("not implemented")
}

// Waiting is the number of jobs that wait.
func (s *Scheduler) Waiting() int {
	panic("not implemented")
}

// Running is the number of jobs that run.
func (s *Scheduler) Running() int {
	panic("not implemented")
}

// Shutdown starts no more jobs and waits for those that run.
func (s *Scheduler) Shutdown(ctx context.Context) error {
	panic("not implemented")
}
