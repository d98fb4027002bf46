package main

import (
	"fmt"
	"time"

	"lru"
)

// A journal notes what OnRemove was told.
type journal struct{ lines []string }

func (j *journal) note(key string, value int64, reason lru.Reason) {
	j.lines = append(j.lines, fmt.Sprintf("%s=%d %s", key, value, reason))
}

func (j *journal) take() []string {
	lines := append([]string{}, j.lines...)
	j.lines = nil
	return lines
}

// newCostly makes a cache in which an entry costs what its value says.
func newCostly(limit int64) (*lru.Cache[string, int64], *fakeClock, *journal) {
	clock, told := newFakeClock(), &journal{}
	cache := newCache(lru.Config[string, int64]{
		MaxCost: limit, Now: clock.Now, OnRemove: told.note,
		Cost: func(_ string, value int64) int64 { return value },
	})
	return cache, clock, told
}

func order() observation {
	type point struct{ x, y int }
	cache := newCache(lru.Config[point, string]{MaxCost: 3})
	a, b, c, d := point{0, 0}, point{0, 1}, point{1, 0}, point{1, 1}
	for _, key := range []point{a, b, c} {
		cache.Put(key, fmt.Sprint(key))
	}
	first := lookup(cache.Get(a))
	cache.Put(d, "d")
	return observation{
		"first": first, "a": lookup(cache.Get(a)), "b": lookup(cache.Get(b)), "c": lookup(cache.Get(c)),
		"d": lookup(cache.Get(d)), "len": cache.Len(), "cost": cache.Cost(),
	}
}

func peek() observation {
	cache, _, _ := newCostly(3)
	for _, key := range []string{"a", "b", "c"} {
		cache.Put(key, 1)
	}
	peeked, missing := lookup(cache.Peek("a")), lookup(cache.Peek("x"))
	before := cache.Keys()
	cache.Get("b")
	after := cache.Keys()
	cache.Put("d", 1)
	return observation{"peeked": peeked, "missing": missing, "before": before, "after": after, "then": cache.Keys()}
}

func costs() observation {
	cache, _, told := newCostly(10)
	for _, key := range []string{"a", "b", "c", "d"} {
		cache.Put(key, 2)
	}
	cache.Get("a")
	cache.Put("big", 6)
	asked := 0
	var counting *lru.Cache[string, int]
	counting = newCache(lru.Config[string, int]{MaxCost: 10, Cost: func(key string, _ int) int64 {
		asked++
		counting.Get(key)
		return int64(asked)
	}})
	counting.Put("a", 0)
	counting.Put("b", 0)
	total := counting.Cost()
	counting.Remove("a")
	return observation{
		"told": told.take(), "keys": cache.Keys(), "cost": cache.Cost(), "total": total, "after": counting.Cost(),
		"asked": asked,
	}
}

func replacing() observation {
	cache, _, told := newCostly(10)
	cache.Put("a", 4)
	cache.Put("b", 5)
	cache.Put("a", 5)
	fits := told.take()
	keys := cache.Keys()
	cache.Put("b", 6)
	return observation{"fits": fits, "keys": keys, "grown": told.take(), "then": cache.Keys(), "cost": cache.Cost()}
}

func refusals() observation {
	_, none := lru.New(lru.Config[string, int]{})
	_, negative := lru.New(lru.Config[string, int]{MaxCost: -1})
	cache, _, told := newCostly(10)
	cache.Put("a", 4)
	cache.Put("b", 4)
	refused := []string{name(cache.Put("c", 11)), name(cache.Put("a", 11)), name(cache.PutTTL("a", -1, time.Second))}
	free := name(cache.Put("free", 0))
	return observation{
		"new": []string{name(none), name(negative)}, "refused": refused, "free": free, "keys": cache.Keys(),
		"a": lookup(cache.Get("a")), "whole": name(cache.Put("w", 10)), "told": told.take(),
	}
}

func expiry() observation {
	clock, told := newFakeClock(), &journal{}
	cache := newCache(lru.Config[string, int64]{MaxCost: 10, TTL: time.Second, Now: clock.Now, OnRemove: told.note})
	cache.PutTTL("long", 1, 2*time.Second)
	cache.Put("a", 2)
	cache.Put("b", 3)
	cache.PutTTL("ever", 4, 0)
	clock.advance(time.Second - 1)
	alive := []any{lookup(cache.Get("b")), lookup(cache.Get("a")), cache.Len()}
	clock.advance(1)
	length := cache.Len()
	first := told.take()
	gone := []any{lookup(cache.Peek("a")), lookup(cache.Get("b")), cache.Remove("a"), cache.Cost()}
	clock.advance(time.Second)
	keys := cache.Keys()
	cache.Put("ever", 5)
	clock.advance(time.Second)
	return observation{
		"alive": alive, "length": length, "first": first, "gone": gone, "keys": keys, "in_the_end": cache.Len(),
		"told": told.take(),
	}
}

func expiredFirst() observation {
	cache, clock, told := newCostly(10)
	cache.Put("old", 3)
	cache.PutTTL("second", 3, 2*time.Second)
	cache.PutTTL("first", 3, time.Second)
	clock.advance(3 * time.Second)
	cache.Put("new", 7)
	return observation{"told": told.take(), "keys": cache.Keys(), "cost": cache.Cost()}
}

func manyEntries() observation {
	clock := newFakeClock()
	cache := newCache(lru.Config[int, int]{MaxCost: 50_000, TTL: time.Hour, Now: clock.Now})
	for i := 0; i < 100_000; i++ {
		cache.Put(i, i)
		cache.Get(i / 2)
		clock.advance(time.Millisecond)
	}
	length, last := cache.Len(), lookup(cache.Get(99_999))
	clock.advance(time.Hour - time.Second)
	return observation{"len": length, "last": last, "left": cache.Len()}
}
