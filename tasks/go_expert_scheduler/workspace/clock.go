package scheduler

import "time"

// A Clock tells the time and makes timers.
type Clock interface {
	Now() time.Time
	// TimerAt makes a timer that fires once the clock reads t or later: at once if it already does.
	TimerAt(t time.Time) Timer
}

// A Timer fires once, by sending on its channel, unless it is stopped before.
type Timer interface {
	C() <-chan time.Time
	// Stop keeps the timer from firing, and returns false if it has fired or was stopped.
	Stop() bool
}

// SystemClock is the clock of the machine.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) TimerAt(t time.Time) Timer {
	return systemTimer{time.NewTimer(time.Until(t))}
}

type systemTimer struct{ timer *time.Timer }

func (t systemTimer) C() <-chan time.Time { return t.timer.C }

func (t systemTimer) Stop() bool { return t.timer.Stop() }
