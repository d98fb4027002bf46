package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"lru"
)

// patience bounds what a wrong cache can make the driver wait for; a right one is done in microseconds.
const patience = 2 * time.Second

func until(condition func() bool) {
	for end := time.Now().Add(patience); time.Now().Before(end) && !condition(); {
		time.Sleep(50 * time.Microsecond)
	}
}

// A source is a load that waits until it is told to go on.
type source struct {
	calls   atomic.Int64
	ended   atomic.Int64 // how many of the contexts have ended
	release chan struct{}
	fails   bool
}

func newSource() *source { return &source{release: make(chan struct{})} }

func (s *source) load(ctx context.Context) (int64, error) {
	call := s.calls.Add(1)
	go func() {
		<-ctx.Done()
		s.ended.Add(1)
	}()
	<-s.release
	if s.fails {
		return 0, errors.New("no such thing")
	}
	return call, nil
}

// A call is a GetOrLoad in progress.
type call struct {
	cancel context.CancelFunc
	mu     sync.Mutex
	result any
}

// begin starts a GetOrLoad and returns once it waits for a load.
func begin(cache *lru.Cache[string, int64], key string, from *source) *call {
	ctx, cancel := context.WithCancel(context.Background())
	started := &call{cancel: cancel, result: "waiting"}
	before := cache.Loading(key)
	go func() {
		value, err := cache.GetOrLoad(ctx, key, from.load)
		started.mu.Lock()
		defer started.mu.Unlock()
		if started.result = any(value); err != nil {
			started.result = name(err)
		}
	}()
	until(func() bool { return cache.Loading(key) > before || started.now() != "waiting" })
	return started
}

func (c *call) now() any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.result
}

// end waits for the call and returns its value or the name of its error.
func (c *call) end() any {
	until(func() bool { return c.now() != "waiting" })
	return c.now()
}

func ends(calls ...*call) []any {
	results := []any{}
	for _, one := range calls {
		results = append(results, one.end())
	}
	return results
}

func sharedLoad() observation {
	cache, _, _ := newCostly(10)
	a, b, unused := newSource(), newSource(), newSource()
	first, second, third := begin(cache, "a", a), begin(cache, "a", unused), begin(cache, "a", unused)
	other := begin(cache, "b", b)
	waiting := []int{cache.Loading("a"), cache.Loading("b"), cache.Loading("x")}
	close(b.release)
	otherEnd := other.end()
	close(a.release)
	results := ends(first, second, third)
	ended, end := context.WithCancel(context.Background())
	end()
	hit, err := cache.GetOrLoad(ended, "a", unused.load)
	_, missErr := cache.GetOrLoad(ended, "y", unused.load)
	cache.Get("b")
	return observation{
		"waiting": waiting, "other": otherEnd, "results": results, "loads": a.calls.Load(), "unused": unused.calls.Load(),
		"afterwards": cache.Loading("a"), "hit": []any{hit, name(err)}, "miss": name(missErr), "keys": cache.Keys(),
	}
}

func failedLoad() observation {
	cache, _, _ := newCostly(10)
	broken, works := newSource(), newSource()
	broken.fails = true
	first, second := begin(cache, "a", broken), begin(cache, "a", broken)
	close(broken.release)
	results := ends(first, second)
	length := cache.Len()
	close(works.release)
	big, err := cache.GetOrLoad(context.Background(), "big", func(context.Context) (int64, error) { return 11, nil })
	return observation{
		"results": results, "len": length, "again": begin(cache, "a", works).end(), "keys": cache.Keys(),
		"too_costly": []any{big, name(err)},
	}
}

func abandonedLoad() observation {
	cache, _, _ := newCostly(10)
	slow, next := newSource(), newSource()
	first, second := begin(cache, "a", slow), begin(cache, "a", slow)
	first.cancel()
	firstEnd := first.end()
	time.Sleep(time.Millisecond)
	left, endedEarly := cache.Loading("a"), slow.ended.Load()
	second.cancel()
	secondEnd := second.end()
	until(func() bool { return slow.ended.Load() == 1 })
	ended := slow.ended.Load()
	third := begin(cache, "a", next)
	until(func() bool { return next.calls.Load() == 1 })
	fresh := next.calls.Load()
	close(slow.release)
	time.Sleep(time.Millisecond)
	length := cache.Len()
	close(next.release)
	return observation{
		"first": firstEnd, "left": left, "ended_early": endedEarly, "second": secondEnd, "ended": ended, "fresh": fresh,
		"len": length, "third": third.end(), "stored": cache.Len(),
	}
}

func overtakenLoad() observation {
	cache, _, _ := newCostly(10)
	late := newSource()
	waiting := begin(cache, "a", late)
	cache.Put("a", 7)
	meanwhile := lookup(cache.Get("a"))
	close(late.release)
	loaded := waiting.end()
	removedLate, next := newSource(), newSource()
	old := begin(cache, "b", removedLate)
	refused := name(cache.Put("b", 11))
	joined := cache.Loading("b")
	cache.Remove("b")
	fresh := begin(cache, "b", next)
	close(removedLate.release)
	oldEnd := old.end()
	length := cache.Len()
	close(next.release)
	freshEnd := fresh.end()
	return observation{
		"meanwhile": meanwhile, "loaded": loaded, "kept": lookup(cache.Get("a")), "refused": refused, "joined": joined,
		"old": oldEnd, "len": length, "fresh": freshEnd, "loads": next.calls.Load(), "in_the_end": cache.Len(),
	}
}
