// Package lru keeps the entries that were used last, up to a limit of cost and age.
package lru

import (
	"container/heap"
	"container/list"
	"errors"
	"sync"
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
type Cache[K comparable, V any] struct {
	config Config[K, V]

	mu         sync.Mutex
	entries    map[K]*entry[K, V]
	order      *list.List // of *entry, the most recently used in front
	deadlines  deadlines[K, V]
	stored     uint64 // how many entries were ever stored: orders those that expire together
	cost       int64
	loads      map[K]*load[V]
	left       []departure[K, V]
	delivering bool
}

type entry[K comparable, V any] struct {
	key      K
	value    V
	cost     int64
	place    *list.Element
	expires  time.Time
	sequence uint64
	index    int // in deadlines, or forever
}

// New makes an empty cache.
func New[K comparable, V any](config Config[K, V]) (*Cache[K, V], error) {
	if config.MaxCost <= 0 {
		return nil, ErrInvalid
	}
	if config.Cost == nil {
		config.Cost = func(K, V) int64 { return 1 }
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.OnRemove == nil {
		config.OnRemove = func(K, V, Reason) {}
	}
	return &Cache[K, V]{
		config: config, entries: map[K]*entry[K, V]{}, order: list.New(), loads: map[K]*load[V]{},
	}, nil
}

// Get returns a value and marks it as used.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.enter()
	defer c.leave()
	return c.get(key)
}

// Peek returns a value and does not mark it as used.
func (c *Cache[K, V]) Peek(key K) (V, bool) {
	c.enter()
	defer c.leave()
	if found := c.entries[key]; found != nil {
		return found.value, true
	}
	var zero V
	return zero, false
}

// Put stores a value for as long as the cache's TTL.
func (c *Cache[K, V]) Put(key K, value V) error {
	return c.PutTTL(key, value, c.config.TTL)
}

// PutTTL stores a value for a time of its own.
func (c *Cache[K, V]) PutTTL(key K, value V, ttl time.Duration) error {
	cost := c.config.Cost(key, value)
	c.enter()
	defer c.leave()
	if cost < 0 {
		return ErrInvalid
	}
	if cost > c.config.MaxCost {
		return ErrTooCostly
	}
	delete(c.loads, key)
	c.store(key, value, cost, ttl)
	return nil
}

// Remove drops a value and tells whether it was there.
func (c *Cache[K, V]) Remove(key K) bool {
	c.enter()
	defer c.leave()
	delete(c.loads, key)
	found := c.entries[key]
	if found != nil {
		c.drop(found, Removed)
	}
	return found != nil
}

// Len is the number of entries.
func (c *Cache[K, V]) Len() int {
	c.enter()
	defer c.leave()
	return len(c.entries)
}

// Cost is the sum of the costs of all entries.
func (c *Cache[K, V]) Cost() int64 {
	c.enter()
	defer c.leave()
	return c.cost
}

// Keys lists all keys, the most recently used first.
func (c *Cache[K, V]) Keys() []K {
	c.enter()
	defer c.leave()
	keys := make([]K, 0, len(c.entries))
	for place := c.order.Front(); place != nil; place = place.Next() {
		keys = append(keys, place.Value.(*entry[K, V]).key)
	}
	return keys
}

func (c *Cache[K, V]) get(key K) (V, bool) {
	if found := c.entries[key]; found != nil {
		c.order.MoveToFront(found.place)
		return found.value, true
	}
	var zero V
	return zero, false
}

func (c *Cache[K, V]) store(key K, value V, cost int64, ttl time.Duration) {
	if old := c.entries[key]; old != nil {
		c.drop(old, Replaced)
	}
	for c.cost > c.config.MaxCost-cost {
		c.drop(c.order.Back().Value.(*entry[K, V]), Evicted)
	}
	c.stored++
	added := &entry[K, V]{key: key, value: value, cost: cost, sequence: c.stored, index: forever}
	added.place = c.order.PushFront(added)
	c.entries[key] = added
	c.cost += cost
	if ttl > 0 {
		added.expires = c.config.Now().Add(ttl)
		heap.Push(&c.deadlines, added)
	}
}

// drop takes an entry out and queues the report of it.
func (c *Cache[K, V]) drop(e *entry[K, V], reason Reason) {
	delete(c.entries, e.key)
	c.order.Remove(e.place)
	c.cost -= e.cost
	if e.index != forever {
		heap.Remove(&c.deadlines, e.index)
	}
	c.left = append(c.left, departure[K, V]{e.key, e.value, reason})
}
