// Package tokenbucket limits rates with a bucket that gains tokens at a steady pace.
package tokenbucket

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrInvalid reports an argument that can never be right.
	ErrInvalid = errors.New("tokenbucket: invalid argument")
	// ErrTooLarge reports a claim for more tokens than the bucket can hold.
	ErrTooLarge = errors.New("tokenbucket: more tokens than the burst")
)

// A Rate is a number of tokens gained in a span of time.
type Rate struct {
	Tokens int64
	Per    time.Duration
}

// A Bucket holds tokens, and the queue of those who wait for them.
type Bucket struct{}

// A Reservation is a claim on tokens that may not be there yet.
type Reservation struct{}

// New makes a full bucket.
func New(rate Rate, burst int64, clock Clock) (*Bucket, error) {
	panic("not implemented")
}

// Allow takes n tokens now, or none.
func (b *Bucket) Allow(n int64) bool {
	panic("not implemented")
}

// Available is the number of whole tokens that Allow could take now.
func (b *Bucket) Available() int64 {
	panic("not implemented")
}

// Pending is the number of claims that are not ready.
func (b *Bucket) Pending() int {
	panic("not implemented")
}

// Reserve claims n tokens behind all earlier claims.
func (b *Bucket) Reserve(n int64) (*Reservation, error) {
	panic("not implemented")
}

// Wait claims n tokens and blocks until they are there or the context ends.
func (b *Bucket) Wait(ctx context.Context, n int64) error {
	panic("not implemented")
}

// Delay is the time until the reservation is ready.
func (r *Reservation) Delay() time.Duration {
	panic("not implemented")
}

// Cancel withdraws the reservation if it is not ready.
func (r *Reservation) Cancel() bool {
	panic("not implemented")
}
