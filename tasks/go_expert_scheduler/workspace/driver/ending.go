package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"scheduler"
)

func cancelWaiting() observation {
	r := newRig(1)
	a := r.add(scheduler.Job{Name: "a", At: second(1)}, nil)
	b := r.add(scheduler.Job{Name: "b", At: second(1)}, nil)
	results := []bool{r.Cancel(a), r.Cancel(a), r.Cancel(b + 1000)}
	r.at(1)
	results = append(results, r.Cancel(b))
	gate := make(chan struct{})
	r.add(scheduler.Job{Name: "busy", At: second(2)}, waitFor(gate))
	r.clock.set(2 * time.Second)
	r.untilStarted(2)
	queued := r.add(scheduler.Job{Name: "queued", At: second(2), Every: time.Second}, nil)
	pause()
	results = append(results, r.Cancel(queued))
	waiting := r.Waiting()
	close(gate)
	r.settle()
	r.at(9)
	return observation{"results": results, "waiting": waiting, "started": r.starts(), "outcomes": r.ends()}
}

func cancelRunning() observation {
	r := newRig(2)
	id := r.add(scheduler.Job{Name: "a", At: second(1), Every: 10 * time.Second}, waitFor(nil))
	r.clock.set(time.Second)
	r.untilStarted(1)
	results := []bool{r.Cancel(id), r.Cancel(id)}
	r.settle()
	results = append(results, r.Cancel(id))
	ids := make(chan scheduler.ID, 1)
	ids <- r.add(scheduler.Job{Name: "self", At: second(2), Every: 10 * time.Second}, func(ctx context.Context) error {
		own := <-ids
		return fmt.Errorf("%t %t %v", r.Cancel(own), r.Cancel(own), ctx.Err())
	})
	r.at(2)
	waiting := r.Waiting()
	r.at(40)
	return observation{"results": results, "waiting": waiting, "started": r.starts(), "outcomes": r.ends()}
}

func accidents() observation {
	r := newRig(1)
	panics := func(context.Context) error { panic("boom") }
	exits := func(context.Context) error { runtime.Goexit(); return nil }
	fails := func(context.Context) error { return errors.New("failed") }
	for i, work := range []func(context.Context) error{panics, exits, fails, nil} {
		at := second(float64(i + 1))
		r.add(scheduler.Job{Name: string(rune('a' + i)), At: at, Every: 10 * time.Second}, work)
	}
	r.at(4)
	r.at(14)
	return observation{"outcomes": r.ends(), "waiting": r.Waiting(), "running": r.Running()}
}

func nested() observation {
	r := newRig(1)
	inside := []int{}
	r.add(scheduler.Job{Name: "outer", At: second(1)}, func(context.Context) error {
		r.add(scheduler.Job{Name: "second", At: second(1)}, nil)
		r.add(scheduler.Job{Name: "first", At: second(-1)}, nil)
		r.add(scheduler.Job{Name: "later", At: second(2)}, nil)
		inside = append(inside, r.Running(), r.Waiting())
		return nil
	})
	r.at(1)
	early := r.starts()
	r.at(2)
	return observation{"inside": inside, "early": early, "started": r.starts(), "told": addedByOnDone()}
}

// addedByOnDone counts the runs of jobs that are each added when the one before is done.
func addedByOnDone() int {
	var s *scheduler.Scheduler
	var runs atomic.Int64
	job := scheduler.Job{At: second(0), Run: func(context.Context) error { runs.Add(1); return nil }}
	made := make(chan struct{})
	s, err := scheduler.New(scheduler.Config{Clock: newFakeClock(), Workers: 1, OnDone: func(outcome scheduler.Outcome) {
		<-made
		if s.Running() == 1 && runs.Load() < 50 {
			s.Add(job)
		}
	}})
	if err != nil {
		panic(err)
	}
	close(made)
	s.Add(job)
	until(func() bool { return runs.Load() == 50 && s.Running() == 0 })
	return int(runs.Load())
}

func shutdownWaits() observation {
	r := newRig(2)
	gate := make(chan struct{})
	r.add(scheduler.Job{Name: "a", At: second(1), Every: time.Second}, waitFor(gate))
	r.add(scheduler.Job{Name: "b", At: second(1)}, waitFor(gate))
	r.add(scheduler.Job{Name: "c", At: second(1)}, nil)
	r.clock.set(time.Second)
	r.untilStarted(2)
	returned := make(chan error, 1)
	go func() { returned <- r.Shutdown(context.Background()) }()
	until(func() bool { return r.Waiting() == 0 })
	pause()
	early, waiting := len(returned), r.Waiting()
	_, err := r.Add(scheduler.Job{Name: "d"})
	close(gate)
	until(func() bool { return len(returned) == 1 })
	result := "none"
	if len(returned) == 1 {
		result = name(<-returned)
	}
	r.at(50)
	again := name(r.Shutdown(context.Background()))
	return observation{
		"early": early, "waiting": waiting, "add": name(err), "result": result, "again": again,
		"started": sorted(r.starts()), "outcomes": sorted(r.ends()),
	}
}

func shutdownEnds() observation {
	r := newRig(2)
	stubborn := make(chan struct{})
	r.add(scheduler.Job{Name: "a", At: second(1)}, waitFor(nil))
	r.add(scheduler.Job{Name: "b", At: second(1)}, func(ctx context.Context) error {
		<-stubborn
		return ctx.Err()
	})
	r.clock.set(time.Second)
	r.untilStarted(2)
	ctx, end := context.WithCancel(context.Background())
	end()
	first := name(r.Shutdown(ctx))
	until(func() bool { return r.Running() == 1 })
	running := r.Running()
	close(stubborn)
	second := name(r.Shutdown(context.Background()))
	return observation{
		"first": first, "running": running, "second": second, "outcomes": sorted(r.ends()), "left": r.Running(),
	}
}

func leftovers() observation {
	before := runtime.NumGoroutine()
	clocks := []*fakeClock{}
	errs := map[string]int{}
	for i := 0; i < 20; i++ {
		r := newRig(2)
		clocks = append(clocks, r.clock)
		r.add(scheduler.Job{Name: "never", At: second(100)}, nil)
		if i%2 == 0 {
			r.add(scheduler.Job{Name: "now", At: second(1), Every: time.Second}, nil)
			r.at(3)
		}
		errs[name(r.Shutdown(context.Background()))]++
	}
	timers := func() int {
		count := 0
		for _, clock := range clocks {
			count += len(clock.armed())
		}
		return count
	}
	until(func() bool { return runtime.NumGoroutine() <= before && timers() == 0 })
	return observation{"errors": errs, "timers": timers(), "goroutines": max(0, runtime.NumGoroutine()-before)}
}

// concurrentUse adds and cancels many jobs while time passes, and counts how often each has run.
func concurrentUse() observation {
	r := newRig(3)
	var running, crowded atomic.Int64
	const jobs = 800
	var runs, cancelled [jobs]atomic.Int64
	var adders sync.WaitGroup
	for adder := 0; adder < 4; adder++ {
		chance := rand.New(rand.NewSource(int64(adder)))
		first := adder
		adders.Add(1)
		go func() {
			defer adders.Done()
			for job := first; job < jobs; job += 4 {
				i := job
				id, err := r.Add(scheduler.Job{At: second(float64(chance.Intn(100))), Run: func(context.Context) error {
					if running.Add(1) > 3 {
						crowded.Add(1)
					}
					runs[i].Add(1)
					runtime.Gosched()
					running.Add(-1)
					return nil
				}})
				if err == nil && chance.Intn(3) == 0 && r.Cancel(id) {
					cancelled[i].Store(1)
				}
			}
		}()
	}
	for moment := time.Duration(0); moment <= 100; moment++ {
		r.clock.set(moment * time.Second)
		time.Sleep(20 * time.Microsecond)
	}
	adders.Wait()
	r.settle()
	lost, twice := 0, 0
	for i := range runs {
		if runs[i].Load() == 0 && cancelled[i].Load() == 0 {
			lost++
		}
		if runs[i].Load() > 1 {
			twice++
		}
	}
	return observation{
		"lost": lost, "twice": twice, "over_the_limit": crowded.Load(), "waiting": r.Waiting(),
		"outcomes_missing": r.missingOutcomes(runs[:]),
	}
}

func (r *rig) missingOutcomes(runs []atomic.Int64) int {
	total := 0
	for i := range runs {
		total += int(runs[i].Load())
	}
	return total - len(r.ends())
}
