package main

import (
	"context"
	"time"

	"scheduler"
)

func due() observation {
	r := newRig(1)
	first := r.next()
	for _, job := range []scheduler.Job{
		{Name: "c", At: second(3)}, {Name: "a", At: second(1)}, {Name: "b", At: second(2)}, {Name: "past", At: second(-5)},
	} {
		r.add(job, nil)
	}
	r.settle()
	steps, nexts := [][]string{r.starts()}, []any{first, r.next()}
	for _, moment := range []float64{0.999999999, 1, 3} {
		r.at(moment)
		steps = append(steps, r.starts())
		nexts = append(nexts, r.next())
	}
	return observation{"started": steps, "next": nexts, "outcomes": r.ends(), "waiting": r.Waiting()}
}

func priorities() observation {
	r := newRig(1)
	for _, job := range []scheduler.Job{
		{Name: "a", At: second(1)}, {Name: "b", At: second(1), Priority: 5}, {Name: "c", At: second(1), Priority: 5},
		{Name: "d", At: second(1), Priority: -1}, {Name: "e", At: second(0.5), Priority: -9},
		{Name: "f", At: second(1), Priority: 5},
	} {
		r.add(job, nil)
	}
	r.at(2)
	return observation{"started": r.starts()}
}

func workers() observation {
	r := newRig(2)
	gates := map[string]chan struct{}{}
	for _, label := range []string{"a", "b", "c", "d", "early"} {
		gates[label] = make(chan struct{})
	}
	for _, label := range []string{"a", "b", "c", "d"} {
		r.add(scheduler.Job{Name: label, At: second(1)}, waitFor(gates[label]))
	}
	r.clock.set(time.Second)
	r.untilStarted(2)
	first, running, waiting := sorted(r.starts()), r.Running(), r.Waiting()
	r.add(scheduler.Job{Name: "early", At: second(0.5), Priority: -3}, waitFor(gates["early"]))
	pause()
	full := len(r.starts())
	close(gates["b"])
	r.untilStarted(3)
	third := r.starts()[2:]
	for _, label := range []string{"a", "c", "d", "early"} {
		close(gates[label])
	}
	r.settle()
	return observation{
		"first": first, "running": running, "waiting": waiting, "full": full, "third": third,
		"outcomes": sorted(r.ends()), "in_the_end": []int{r.Running(), r.Waiting()},
	}
}

func grid() observation {
	r := newRig(1)
	r.add(scheduler.Job{Name: "a", At: second(5), Every: 10 * time.Second}, nil)
	nexts := []any{}
	for _, moment := range []float64{5, 15, 27.5, 35, 45} {
		r.at(moment)
		nexts = append(nexts, r.next())
	}
	return observation{"started": r.starts(), "outcomes": r.ends(), "next": nexts, "waiting": r.Waiting()}
}

func missed() observation {
	r := newRig(4)
	gate := make(chan struct{})
	r.add(scheduler.Job{Name: "a", At: second(10), Every: 10 * time.Second}, waitFor(gate))
	r.clock.set(10 * time.Second)
	r.untilStarted(1)
	r.clock.set(40 * time.Second)
	pause()
	meanwhile, while := r.starts(), r.next()
	close(gate)
	until(func() bool { return r.Running() == 0 })
	nexts := []any{while, r.next()}
	for _, moment := range []float64{49, 50, 85} {
		r.at(moment)
		nexts = append(nexts, r.next())
	}
	return observation{"meanwhile": meanwhile, "started": r.starts(), "outcomes": r.ends(), "next": nexts}
}

func stepsBack() observation {
	r := newRig(1)
	gate := make(chan struct{})
	r.add(scheduler.Job{Name: "a", At: second(10), Every: 10 * time.Second}, waitFor(gate))
	r.clock.set(10 * time.Second)
	r.untilStarted(1)
	r.clock.set(-15 * time.Second)
	close(gate)
	r.settle()
	nexts := []any{r.next()}
	for _, moment := range []float64{10, 19, 12, 20} {
		r.at(moment)
		nexts = append(nexts, r.next())
	}
	return observation{"started": r.starts(), "next": nexts}
}

func oneTimer() observation {
	r := newRig(1)
	seen := [][]float64{}
	note := func(expected float64) {
		until(func() bool { list := r.clock.armed(); return len(list) == 1 && list[0] == expected })
		pause()
		seen = append(seen, r.clock.armed())
	}
	pause()
	seen = append(seen, r.clock.armed())
	late := r.add(scheduler.Job{Name: "late", At: second(10)}, nil)
	note(10)
	early := r.add(scheduler.Job{Name: "early", At: second(5)}, nil)
	note(5)
	r.add(scheduler.Job{Name: "middle", At: second(7)}, nil)
	note(5)
	r.Cancel(early)
	note(7)
	r.at(7)
	note(10)
	r.Cancel(late)
	until(func() bool { return len(r.clock.armed()) == 0 })
	return observation{"timers": append(seen, r.clock.armed()), "started": r.starts()}
}

func invalid() observation {
	clock := newFakeClock()
	_, noClock := scheduler.New(scheduler.Config{Workers: 1})
	_, noWorkers := scheduler.New(scheduler.Config{Clock: clock})
	r := newRig(1)
	nothing := func(context.Context) error { return nil }
	_, noRun := r.Add(scheduler.Job{Name: "a"})
	_, negative := r.Add(scheduler.Job{Name: "a", Every: -1, Run: nothing})
	made, err := scheduler.New(scheduler.Config{Clock: clock, Workers: 1})
	if err != nil {
		panic(err)
	}
	ran := make(chan struct{})
	_, silent := made.Add(scheduler.Job{Run: func(context.Context) error { close(ran); return nil }})
	until(func() bool { return made.Running() == 0 && made.Waiting() == 0 })
	<-ran
	return observation{
		"errors": []string{name(noClock), name(noWorkers), name(noRun), name(negative), name(silent)}, "waiting": r.Waiting(),
	}
}
