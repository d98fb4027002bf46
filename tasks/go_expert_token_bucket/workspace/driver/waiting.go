package main

import (
	"context"
	"math/rand"
	"runtime"
	"sort"
	"sync"
	"time"

	"tokenbucket"
)

// patience bounds what a wrong bucket can make the driver wait for; a right one is done in microseconds.
const patience = 2 * time.Second

// until waits for a condition and tells whether it came true.
func until(condition func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Microsecond) {
		if condition() {
			return true
		}
	}
	return condition()
}

// waiters are named calls of Wait in progress.
type waiters struct {
	bucket  *tokenbucket.Bucket
	mu      sync.Mutex
	started int
	ended   map[string]string
	cancels map[string]context.CancelFunc
}

func newWaiters(bucket *tokenbucket.Bucket) *waiters {
	return &waiters{bucket: bucket, ended: map[string]string{}, cancels: map[string]context.CancelFunc{}}
}

// start calls Wait in a goroutine and returns once the claim stands in the queue.
func (w *waiters) start(label string, n int64) {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancels[label] = cancel
	w.started++
	before := w.bucket.Pending()
	go func() {
		err := w.bucket.Wait(ctx, n)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended[label] = name(err)
	}()
	until(func() bool { return w.bucket.Pending() > before || w.result(label) != "waiting" })
}

func (w *waiters) result(label string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if result, ended := w.ended[label]; ended {
		return result
	}
	return "waiting"
}

// served waits until the given number of calls has ended, pauses to catch those that ended too early, and lists the calls that
// were served.
func (w *waiters) served(expected int) []string {
	until(func() bool { return w.count() >= expected })
	time.Sleep(time.Millisecond)
	w.mu.Lock()
	defer w.mu.Unlock()
	list := []string{}
	for label, result := range w.ended {
		if result == "nil" {
			list = append(list, label)
		}
	}
	sort.Strings(list)
	return list
}

func (w *waiters) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ended)
}

func waitOrder() observation {
	bucket, clock := newEmptyBucket(5)
	calls := newWaiters(bucket)
	calls.start("a", 3)
	calls.start("b", 1)
	calls.start("c", 2)
	calls.start("d", 1)
	steps := [][]string{}
	for second := time.Duration(1); second <= 7; second++ {
		clock.set(second * time.Second)
		steps = append(steps, calls.served(calls.started-bucket.Pending()))
	}
	return observation{"served": steps}
}

func noOvertaking() observation {
	bucket, clock := newEmptyBucket(5)
	calls := newWaiters(bucket)
	calls.start("a", 3)
	clock.set(2 * time.Second)
	allowed, available := bucket.Allow(1), bucket.Available()
	claim := reserve(bucket, 1)
	delay := seconds(claim)
	clock.set(3 * time.Second)
	served := calls.served(1)
	early := bucket.Allow(1)
	clock.set(5 * time.Second)
	return observation{
		"allowed": allowed, "available": available, "delay": delay, "served": served, "early": early,
		"in_the_end": []bool{bucket.Allow(1), bucket.Allow(1)},
	}
}

func cancelledWait() observation {
	bucket, clock := newEmptyBucket(5)
	calls := newWaiters(bucket)
	calls.start("a", 4)
	calls.start("b", 1)
	calls.start("c", 1)
	until(func() bool { return clock.running() > 0 })
	calls.cancels["a"]()
	until(func() bool { return calls.result("a") != "waiting" })
	first, pending := calls.result("a"), bucket.Pending()
	clock.set(time.Second)
	afterOne := calls.served(2)
	clock.set(2 * time.Second)
	return observation{
		"cancelled": first, "pending": pending, "at_1": afterOne, "at_2": calls.served(3),
		"left": bucket.Available(),
	}
}

func readyAndEnded() observation {
	bucket, clock := newEmptyBucket(5)
	calls := newWaiters(bucket)
	calls.start("ready", 1)
	clock.setQuietly(time.Second)
	calls.cancels["ready"]()
	until(func() bool { return calls.count() == 1 })
	left := bucket.Available()
	calls.start("early", 1)
	clock.setQuietly(2*time.Second - 1)
	calls.cancels["early"]()
	until(func() bool { return calls.count() == 2 })
	clock.set(2 * time.Second)
	return observation{
		"ready": calls.result("ready"), "left": left, "early": calls.result("early"), "left_at_2": bucket.Available(),
	}
}

func leftovers() observation {
	bucket, clock := newEmptyBucket(5)
	before := runtime.NumGoroutine()
	calls := newWaiters(bucket)
	labels := "abcdefghijklmnopqrst"
	for _, label := range labels {
		calls.start(string(label), 1)
	}
	until(func() bool { return clock.running() > 0 })
	time.Sleep(time.Millisecond)
	for i := 1; i < len(labels); i += 2 {
		calls.cancels[labels[i:i+1]]()
	}
	until(func() bool { return calls.count() == 10 })
	clock.set(10 * time.Second)
	until(func() bool { return calls.count() == 20 })
	until(func() bool { return runtime.NumGoroutine() <= before && clock.running() == 0 })
	return observation{
		"ended": calls.count(), "pending": bucket.Pending(), "timers": clock.running(),
		"goroutines": max(0, runtime.NumGoroutine()-before),
	}
}

func concurrentCalls() observation {
	frozen, _ := newBucket(1, time.Second, 1000)
	taken := make(chan int, 8)
	for caller := 0; caller < 8; caller++ {
		go func() {
			count := 0
			for i := 0; i < 500; i++ {
				if frozen.Allow(1) {
					count++
				}
			}
			taken <- count
		}()
	}
	total := 0
	for caller := 0; caller < 8; caller++ {
		total += <-taken
	}
	spent, ended, full := mixedLoad()
	return observation{"taken": total, "overspent": max(0, spent-40), "calls_ended": ended, "full_again": full}
}

// mixedLoad lets waiters, reservations and cancellations race while 40 seconds pass, and returns how many tokens the waiters
// got, how many calls returned, and what the bucket holds when it has had time to fill.
func mixedLoad() (spent, ended int, full int64) {
	bucket, clock := newEmptyBucket(10)
	results := make(chan int, 60)
	var cancels []context.CancelFunc
	for i := 0; i < 60; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		cancels = append(cancels, cancel)
		n := int64(1 + i%3)
		go func() {
			if bucket.Wait(ctx, n) != nil {
				n = 0
			}
			results <- int(n)
		}()
	}
	chance := rand.New(rand.NewSource(7))
	for second := time.Duration(1); second <= 40; second++ {
		claim := reserve(bucket, 2)
		cancels[chance.Intn(60)]()
		clock.set(second * time.Second)
		claim.Cancel()
		runtime.Gosched()
	}
	for _, cancel := range cancels {
		cancel()
	}
	for end := time.After(patience); ended < 60; {
		select {
		case n := <-results:
			spent += n
			ended++
		case <-end:
			return spent, ended, -1
		}
	}
	clock.set(1000 * time.Second)
	return spent, ended, bucket.Available()
}
