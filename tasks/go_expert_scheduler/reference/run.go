package scheduler

import (
	"container/heap"
	"context"
	"time"
)

// loop starts what is due, and sleeps until something else is or something has changed.
func (s *Scheduler) loop() {
	for {
		due, open := s.startDue()
		if !open {
			return
		}
		if due.IsZero() {
			<-s.awake
			continue
		}
		timer := s.config.Clock.TimerAt(due)
		select {
		case <-timer.C():
		case <-s.awake:
			timer.Stop()
		}
	}
}

// startDue gives due jobs to free workers and returns when to look again: zero if only a change can bring work.
func (s *Scheduler) startDue() (due time.Time, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Clock.Now()
	for len(s.waiting) > 0 && s.running() < s.config.Workers {
		if s.waiting[0].due.After(now) {
			return s.waiting[0].due, true
		}
		e := heap.Pop(&s.waiting).(*entry)
		ctx, end := context.WithCancel(context.Background())
		e.end = end
		go s.run(ctx, e)
	}
	return time.Time{}, !s.closed
}

// run calls the job. What follows is deferred, so that it happens after a panic and after runtime.Goexit as well.
func (s *Scheduler) run(ctx context.Context, e *entry) {
	err := ErrExited
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value}
		}
		s.finish(e, err)
	}()
	err = e.job.Run(ctx)
}

func (s *Scheduler) finish(e *entry, err error) {
	now := s.config.Clock.Now()
	s.config.OnDone(Outcome{ID: e.id, Name: e.job.Name, Due: e.due, Err: err})
	s.mu.Lock()
	defer s.mu.Unlock()
	e.end()
	if e.job.Every > 0 && !e.cancelled && !s.closed {
		e.due = e.nextDue(now)
		heap.Push(&s.waiting, e)
	} else {
		delete(s.jobs, e.id)
	}
	if s.closed && len(s.jobs) == 0 {
		close(s.idle)
	}
	s.wake()
}
