package lru

import "context"

// A load is a value on its way, and those who wait for it.
type load[V any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	value   V
	err     error
}

// GetOrLoad returns a value, loading it if it is missing.
func (c *Cache[K, V]) GetOrLoad(ctx context.Context, key K, fetch func(context.Context) (V, error)) (V, error) {
	value, found, awaited := c.getOrJoin(ctx, key, fetch)
	if found {
		return value, nil
	}
	if awaited == nil {
		return value, ctx.Err()
	}
	select {
	case <-awaited.done:
		return awaited.value, awaited.err
	case <-ctx.Done():
		c.giveUp(key, awaited)
		return value, ctx.Err()
	}
}

// Loading is the number of calls that wait for the load of a key.
func (c *Cache[K, V]) Loading(key K) int {
	c.enter()
	defer c.leave()
	if running := c.loads[key]; running != nil {
		return running.waiting
	}
	return 0
}

// getOrJoin returns the value, or the load to wait for, or neither if the context has ended.
func (c *Cache[K, V]) getOrJoin(
	ctx context.Context, key K, fetch func(context.Context) (V, error),
) (V, bool, *load[V]) {
	c.enter()
	defer c.leave()
	value, found := c.get(key)
	if found || ctx.Err() != nil {
		return value, found, nil
	}
	running := c.loads[key]
	if running == nil {
		fetchCtx, cancel := context.WithCancel(context.Background())
		running = &load[V]{done: make(chan struct{}), cancel: cancel}
		c.loads[key] = running
		go c.run(fetchCtx, key, running, fetch)
	}
	running.waiting++
	return value, false, running
}

func (c *Cache[K, V]) run(ctx context.Context, key K, l *load[V], fetch func(context.Context) (V, error)) {
	defer l.cancel()
	value, err := fetch(ctx)
	cost := int64(-1)
	if err == nil {
		cost = c.config.Cost(key, value)
	}
	defer close(l.done)
	c.enter()
	defer c.leave()
	if c.loads[key] == l {
		delete(c.loads, key)
		if cost >= 0 && cost <= c.config.MaxCost {
			c.store(key, value, cost, c.config.TTL)
		}
	}
	l.value, l.err = value, err
}

// giveUp ends the load when nobody is left who waits for it.
func (c *Cache[K, V]) giveUp(key K, l *load[V]) {
	c.enter()
	defer c.leave()
	l.waiting--
	if l.waiting > 0 {
		return
	}
	l.cancel()
	if c.loads[key] == l {
		delete(c.loads, key)
	}
}
