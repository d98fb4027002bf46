package main

import (
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"

	"lru"
)

// reentrant has an OnRemove that stores and removes entries itself.
func reentrant() observation {
	var cache *lru.Cache[int, int]
	told, depth, deepest, lengths := []string{}, 0, 0, []int{}
	cache = newCache(lru.Config[int, int]{MaxCost: 2, OnRemove: func(key, _ int, reason lru.Reason) {
		depth++
		deepest = max(deepest, depth)
		told = append(told, fmt.Sprint(key, " ", reason))
		if reason == lru.Evicted && key < 10 {
			cache.Put(key+10, 0)
			cache.Remove(key + 10)
			lengths = append(lengths, cache.Len())
		}
		depth--
	}})
	for key := 1; key <= 4; key++ {
		cache.Put(key, 0)
	}
	return observation{"told": told, "deepest": deepest, "lengths": lengths, "keys": cache.Keys(), "chain": chain()}
}

// chain lets each departure cause the next one and counts them.
func chain() int {
	var cache *lru.Cache[int, int]
	count := 0
	cache = newCache(lru.Config[int, int]{MaxCost: 1, OnRemove: func(key, _ int, _ lru.Reason) {
		count++
		if count < 20_000 {
			cache.Put(key+2, 0)
		}
	}})
	cache.Put(0, 0)
	cache.Put(1, 0)
	return count
}

// queued drops entries from a second goroutine while a call of OnRemove is being made.
func queued() observation {
	told := &journal{}
	var cache *lru.Cache[string, int64]
	var others sync.WaitGroup
	cache = newCache(lru.Config[string, int64]{MaxCost: 10, OnRemove: func(key string, value int64, reason lru.Reason) {
		told.note(key, value, reason)
		if key != "a" {
			return
		}
		others.Add(1)
		go func() {
			defer others.Done()
			cache.Remove("b")
			cache.Put("c", 3)
		}()
		others.Wait()
		told.note("end of a", 0, "")
	}})
	for i, key := range []string{"a", "b", "c"} {
		cache.Put(key, int64(i))
	}
	cache.Remove("a")
	return observation{"told": told.take(), "keys": cache.Keys()}
}

func panicking() observation {
	told := &journal{}
	cache := newCache(lru.Config[string, int64]{
		MaxCost: 3,
		Cost:    func(_ string, value int64) int64 { return value },
		OnRemove: func(key string, value int64, reason lru.Reason) {
			told.note(key, value, reason)
			if key == "a" {
				panic("on purpose")
			}
		},
	})
	for _, key := range []string{"a", "b", "c"} {
		cache.Put(key, 1)
	}
	caught := func() (caught any) {
		defer func() { caught = recover() }()
		cache.Put("d", 3)
		return nil
	}()
	first := told.take()
	length := cache.Len()
	second := told.take()
	cache.Put("e", 1)
	return observation{
		"caught": caught, "first": first, "len": length, "second": second, "third": told.take(), "keys": cache.Keys(),
	}
}

// concurrentCalls checks the books after many goroutines have used one cache.
func concurrentCalls() observation {
	var stored, left, inside, overlapping, overdrawn atomic.Int64
	cache := newCache(lru.Config[int, int64]{
		MaxCost: 50,
		Cost:    func(_ int, value int64) int64 { return value },
		OnRemove: func(int, int64, lru.Reason) {
			if inside.Add(1) > 1 {
				overlapping.Add(1)
			}
			left.Add(1)
			inside.Add(-1)
		},
	})
	var workers sync.WaitGroup
	for worker := int64(0); worker < 4; worker++ {
		chance := rand.New(rand.NewSource(worker))
		workers.Add(1)
		go func() {
			defer workers.Done()
			for i := 0; i < 5000; i++ {
				key := chance.Intn(60)
				switch chance.Intn(4) {
				case 0:
					cache.Get(key)
				case 1:
					cache.Remove(key)
				default:
					if cache.Put(key, chance.Int63n(5)) == nil {
						stored.Add(1)
					}
				}
				if cache.Cost() > 50 {
					overdrawn.Add(1)
				}
			}
		}()
	}
	workers.Wait()
	cost := int64(0)
	for _, key := range cache.Keys() {
		value, _ := cache.Peek(key)
		cost += value
	}
	return observation{
		"missing": stored.Load() - left.Load() - int64(cache.Len()), "cost_off_by": cache.Cost() - cost,
		"overlapping": overlapping.Load(), "overdrawn": overdrawn.Load(),
	}
}
