// Command driver plays one scenario with a cache and prints what it observed as a JSON object.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"lru"
)

type observation map[string]any

var scenarios = map[string]func() observation{
	"order":            order,
	"peek":             peek,
	"costs":            costs,
	"replacing":        replacing,
	"refusals":         refusals,
	"expiry":           expiry,
	"expired_first":    expiredFirst,
	"many_entries":     manyEntries,
	"reentrant":        reentrant,
	"queued":           queued,
	"panicking":        panicking,
	"shared_load":      sharedLoad,
	"failed_load":      failedLoad,
	"abandoned_load":   abandonedLoad,
	"overtaken_load":   overtakenLoad,
	"concurrent_calls": concurrentCalls,
}

func main() {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	scenario, known := scenarios[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "unknown scenario", os.Args[1])
		os.Exit(2)
	}
	text, err := json.Marshal(scenario())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Fprintf(stdout, "\n%s\n", text)
}

// A fakeClock moves only when it is told to.
type fakeClock struct{ now time.Time }

func newFakeClock() *fakeClock { return &fakeClock{time.Unix(1_700_000_000, 0)} }

func (c *fakeClock) Now() time.Time { return c.now }

func (c *fakeClock) advance(step time.Duration) { c.now = c.now.Add(step) }

func newCache[K comparable, V any](config lru.Config[K, V]) *lru.Cache[K, V] {
	cache, err := lru.New(config)
	if err != nil {
		panic(err)
	}
	return cache
}

// lookup is what Get returned: the value, or null.
func lookup[V any](value V, found bool) any {
	if !found {
		return nil
	}
	return value
}

func name(err error) string {
	switch {
	case err == nil:
		return "nil"
	case errors.Is(err, lru.ErrInvalid):
		return "ErrInvalid"
	case errors.Is(err, lru.ErrTooCostly):
		return "ErrTooCostly"
	}
	return err.Error()
}
