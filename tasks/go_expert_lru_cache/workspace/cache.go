// Package lru keeps the entries that were used last, up to a limit of cost and age.
package lru

import (
	"context"
	"errors"
	"time"
)

// A Reason tells why an entry left the cache.
type Reason string

const (
	// Evicted entries made room for another one.
	Evicted Reason = "evicted"
	// Expired entries outlived their time.
	Expired Reason = "expired"
	// Replaced entries were overwritten.
	Replaced Reason = "replaced"
	// Removed entries were removed by hand.
	Removed Reason = "removed"
)

var (
	// ErrInvalid reports a limit or a cost that can never be right.
	ErrInvalid = errors.New("lru: invalid argument")
	// ErrTooCostly reports an entry that costs more than the whole cache may.
	ErrTooCostly = errors.New("lru: entry costs more than the cache may")
)

// Config describes a cache.
type Config[K comparable, V any] struct {
	MaxCost  int64
	Cost     func(key K, value V) int64
	TTL      time.Duration
	Now      func() time.Time
	OnRemove func(key K, value V, reason Reason)
}

// A Cache holds the entries that were used last.
type Cache[K comparable, V any] struct{}

// New makes an empty cache.
func New[K comparable, V any](config Config[K, V]) (*Cache[K, V], error) {
	panic("not implemented")
}

// Get returns a value and marks it as used.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	panic("not implemented")
}

// Peek returns a value and does not mark it as used.
func (c *Cache[K, V]) Peek(key K) (V, bool) {
	panic("not implemented")
}

// Put stores a value for as long as the cache's TTL.
func (c *Cache[K, V]) Put(key K, value V) error {
	panic("not implemented")
}

// PutTTL stores a value for a time of its own.
func (c *Cache[K, V]) PutTTL(key K, value V, ttl time.Duration) error {
	panic("not implemented")
}

// Remove drops a value and tells whether it was there.
func (c *Cache[K, V]) Remove(key K) bool {
	panic("not implemented")
}

// Len is the number of entries.
func (c *Cache[K, V]) Len() int {
	panic("not implemented")
}

// Cost is the sum of the costs of all entries.
func (c *Cache[K, V]) Cost() int64 {
	panic("not implemented")
}

// Keys lists all keys, the most recently used first.
func (c *Cache[K, V]) Keys() []K {
	panic("not implemented")
}

// GetOrLoad returns a value, loading it if it is missing.
func (c *Cache[K, V]) GetOrLoad(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
	panic("not implemented")
}

// Loading is the number of calls that wait for the load of a key.
func (c *Cache[K, V]) Loading(key K) int {
	panic("not implemented")
}
