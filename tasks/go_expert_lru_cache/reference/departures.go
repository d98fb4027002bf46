package lru

// A departure is an entry that left and is still to be reported.
type departure[K comparable, V any] struct {
	key    K
	value  V
	reason Reason
}

// enter locks the cache and drops what has expired.
func (c *Cache[K, V]) enter() {
	c.mu.Lock()
	now := c.config.Now()
	for len(c.deadlines) > 0 && !c.deadlines[0].expires.After(now) {
		c.drop(c.deadlines[0], Expired)
	}
}

// leave reports what has left, unless somebody is doing so already, and unlocks the cache.
func (c *Cache[K, V]) leave() {
	defer c.mu.Unlock()
	if c.delivering {
		return
	}
	c.delivering = true
	defer func() { c.delivering = false }()
	for len(c.left) > 0 {
		next := c.left[0]
		c.left = c.left[1:]
		c.report(next)
	}
}

// report calls OnRemove without the lock, and has it again even after a panic.
func (c *Cache[K, V]) report(d departure[K, V]) {
	c.mu.Unlock()
	defer c.mu.Lock()
	c.config.OnRemove(d.key, d.value, d.reason)
}
