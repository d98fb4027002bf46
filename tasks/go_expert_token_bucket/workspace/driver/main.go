// Command driver plays one scenario with a bucket and prints what it observed as a JSON object.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"tokenbucket"
)

type observation map[string]any

var scenarios = map[string]func() observation{
	"all_or_nothing":   allOrNothing,
	"fractions":        fractions,
	"burst":            burst,
	"long_idle":        longIdle,
	"steps_back":       stepsBack,
	"delays":           delays,
	"long_queue":       longQueue,
	"cancel":           cancel,
	"cancel_ready":     cancelReady,
	"invalid":          invalid,
	"wait_order":       waitOrder,
	"no_overtaking":    noOvertaking,
	"cancelled_wait":   cancelledWait,
	"ready_and_ended":  readyAndEnded,
	"leftovers":        leftovers,
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

// newBucket makes a bucket with a clock that stands at zero.
func newBucket(tokens int64, per time.Duration, burst int64) (*tokenbucket.Bucket, *fakeClock) {
	clock := newFakeClock()
	bucket, err := tokenbucket.New(tokenbucket.Rate{Tokens: tokens, Per: per}, burst, clock)
	if err != nil {
		panic(err)
	}
	return bucket, clock
}

// newEmptyBucket makes a bucket that gains one token a second and has none.
func newEmptyBucket(burst int64) (*tokenbucket.Bucket, *fakeClock) {
	bucket, clock := newBucket(1, time.Second, burst)
	if !bucket.Allow(burst) {
		panic("a new bucket is not full")
	}
	return bucket, clock
}

func reserve(bucket *tokenbucket.Bucket, n int64) *tokenbucket.Reservation {
	reservation, err := bucket.Reserve(n)
	if err != nil {
		panic(err)
	}
	return reservation
}

func seconds(reservations ...*tokenbucket.Reservation) []float64 {
	list := []float64{}
	for _, reservation := range reservations {
		list = append(list, reservation.Delay().Seconds())
	}
	return list
}

func name(err error) string {
	switch {
	case err == nil:
		return "nil"
	case errors.Is(err, tokenbucket.ErrInvalid):
		return "ErrInvalid"
	case errors.Is(err, tokenbucket.ErrTooLarge):
		return "ErrTooLarge"
	case errors.Is(err, context.Canceled):
		return "Canceled"
	}
	return "another error"
}
