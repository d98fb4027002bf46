package tokenbucket

import (
	"context"
	"slices"
	"time"
)

// A Reservation is a claim on tokens that may not be there yet.
type Reservation struct {
	bucket *Bucket
	units  int64
	moved  chan struct{} // receives when a claim before this one is withdrawn
}

// Reserve claims n tokens behind all earlier claims.
func (b *Bucket) Reserve(n int64) (*Reservation, error) {
	if err := b.check(n); err != nil {
		return nil, err
	}
	r := &Reservation{bucket: b, units: b.units(n), moved: make(chan struct{}, 1)}
	if n == 0 {
		return r, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	b.level -= r.units
	if b.level < 0 {
		b.queue = append(b.queue, r)
	}
	return r, nil
}

// Wait claims n tokens and blocks until they are there or the context ends.
func (b *Bucket) Wait(ctx context.Context, n int64) error {
	if err := b.check(n); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := b.Reserve(n)
	if err != nil {
		return err
	}
	for {
		delay, ready := r.remaining()
		if delay == 0 {
			return nil
		}
		timer := b.clock.TimerAt(ready)
		select {
		case <-timer.C():
		case <-r.moved:
			timer.Stop()
		case <-ctx.Done():
			if r.Cancel() {
				return ctx.Err()
			}
			return nil
		}
	}
}

// Delay is the time until the reservation is ready.
func (r *Reservation) Delay() time.Duration {
	delay, _ := r.remaining()
	return delay
}

// Cancel withdraws the reservation if it is not ready.
func (r *Reservation) Cancel() bool {
	b := r.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	place := slices.Index(b.queue, r)
	if place < 0 {
		return false
	}
	b.level += r.units
	b.queue = slices.Delete(b.queue, place, place+1)
	for _, later := range b.queue[place:] {
		select {
		case later.moved <- struct{}{}:
		default:
		}
	}
	return true
}

// remaining is the time until the reservation is ready, and the moment when it will be.
func (r *Reservation) remaining() (time.Duration, time.Time) {
	b := r.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	place := slices.Index(b.queue, r)
	if place < 0 {
		return 0, b.seen
	}
	missing := -b.level
	for _, later := range b.queue[place+1:] {
		missing -= later.units
	}
	delay := time.Duration((missing + b.rate.Tokens - 1) / b.rate.Tokens)
	return delay, b.seen.Add(delay)
}
