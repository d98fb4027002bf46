package scheduler

import (
	"context"
	"time"
)

const notQueued = -1

// An entry is a job with its next, or present, due moment.
type entry struct {
	id        ID
	job       Job
	due       time.Time
	index     int // in the queue, or notQueued
	end       context.CancelFunc
	cancelled bool
}

func (e *entry) running() bool { return e.index == notQueued }

// nextDue is the first moment of the grid after both the given one and the present due moment.
func (e *entry) nextDue(now time.Time) time.Time {
	if now.Before(e.due) {
		return e.due.Add(e.job.Every)
	}
	missed := now.Sub(e.due) / e.job.Every
	return e.due.Add((missed + 1) * e.job.Every)
}

// queue is a heap of the waiting jobs, the one to run first in front.
type queue []*entry

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if !a.due.Equal(b.due) {
		return a.due.Before(b.due)
	}
	return a.id < b.id
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *queue) Push(added any) {
	e := added.(*entry)
	e.index = len(*q)
	*q = append(*q, e)
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	e.index = notQueued
	return e
}
