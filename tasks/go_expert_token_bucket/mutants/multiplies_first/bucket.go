// Package tokenbucket limits rates with a bucket that gains tokens at a steady pace.
package tokenbucket

import (
	"errors"
	"sync"
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
//
// Amounts are kept in units of 1/Per of a token, so that each nanosecond adds exactly rate.Tokens units.
type Bucket struct {
	mu    sync.Mutex
	rate  Rate
	clock Clock
	full  int64
	level int64 // what is held less what is claimed; negative while claims are pending
	seen  time.Time
	queue []*Reservation
}

// New makes a full bucket.
func New(rate Rate, burst int64, clock Clock) (*Bucket, error) {
	if rate.Tokens <= 0 || rate.Per <= 0 || burst <= 0 || clock == nil {
		return nil, ErrInvalid
	}
	full := burst * int64(rate.Per)
	return &Bucket{rate: rate, clock: clock, full: full, level: full, seen: clock.Now()}, nil
}

// Allow takes n tokens now, or none.
func (b *Bucket) Allow(n int64) bool {
	if n == 0 {
		return true
	}
	if b.check(n) != nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	if b.level < b.units(n) {
		return false
	}
	b.level -= b.units(n)
	return true
}

// Available is the number of whole tokens that Allow could take now.
func (b *Bucket) Available() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	return max(b.level, 0) / int64(b.rate.Per)
}

// Pending is the number of claims that are not ready.
func (b *Bucket) Pending() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.advance()
	return len(b.queue)
}

func (b *Bucket) check(n int64) error {
	if n < 0 {
		return ErrInvalid
	}
	if n > b.full/int64(b.rate.Per) {
		return ErrTooLarge
	}
	return nil
}

func (b *Bucket) units(n int64) int64 { return n * int64(b.rate.Per) }

// advance counts the time since the latest reading and takes the claims that became ready off the queue.
func (b *Bucket) advance() {
	now := b.clock.Now()
	if elapsed := int64(now.Sub(b.seen)); elapsed > 0 {
		b.seen = now
		b.level = min(b.full, b.level+elapsed*b.rate.Tokens)
	}
	behind := int64(0)
	for i := len(b.queue) - 1; i >= 0; i-- {
		if b.level+behind >= 0 {
			b.queue = append([]*Reservation(nil), b.queue[i+1:]...)
			return
		}
		behind += b.queue[i].units
	}
}
