package main

import (
	"context"
	"time"

	"tokenbucket"
)

func allOrNothing() observation {
	bucket, _ := newBucket(1, time.Second, 5)
	return observation{"steps": []any{
		bucket.Available(), bucket.Allow(3), bucket.Available(), bucket.Allow(3), bucket.Available(),
		bucket.Allow(2), bucket.Allow(1), bucket.Allow(0),
	}}
}

func fractions() observation {
	bucket, clock := newBucket(3, 10*time.Second, 1000)
	bucket.Allow(1000)
	at := func(offset time.Duration) int64 {
		clock.set(offset)
		return bucket.Available()
	}
	early := []int64{at(3333333333), at(3333333334), at(10*time.Second - 1), at(10 * time.Second)}
	offset := 10 * time.Second
	for ; offset < 700*time.Second; offset += 7_000_001 {
		clock.set(offset)
		bucket.Available()
	}
	late := []int64{at(800*time.Second - 1), at(800 * time.Second)}
	return observation{"early": early, "late": late}
}

func burst() observation {
	bucket, clock := newEmptyBucket(3)
	clock.set(10 * time.Second)
	filled := bucket.Available()
	clock.set(10*time.Second + 900*time.Millisecond)
	taken := bucket.Allow(1)
	clock.set(11 * time.Second)
	return observation{
		"filled": filled, "taken": taken, "then": bucket.Available(), "beyond": bucket.Allow(3),
		"rest": bucket.Allow(2), "tenth_of_a_token": bucket.Available(),
		"after_900ms_more": availableAt(bucket, clock, 11*time.Second+900*time.Millisecond),
	}
}

func availableAt(bucket *tokenbucket.Bucket, clock *fakeClock, offset time.Duration) int64 {
	clock.set(offset)
	return bucket.Available()
}

func longIdle() observation {
	bucket, clock := newBucket(1_000_000, time.Second, 1_000_000)
	seen := []int64{}
	for _, days := range []time.Duration{100, 300, 25 * 365, 125 * 365, 290 * 365} {
		bucket.Allow(1_000_000)
		seen = append(seen, availableAt(bucket, clock, days*24*time.Hour))
	}
	return observation{"available": seen}
}

func stepsBack() observation {
	bucket, clock := newEmptyBucket(10)
	seen := []int64{}
	for _, second := range []time.Duration{5, 1, 4, 5, 7, 3} {
		seen = append(seen, availableAt(bucket, clock, second*time.Second))
	}
	claim := reserve(bucket, 8)
	waits := seconds(claim)
	for _, second := range []time.Duration{6, 7, 8, 2} {
		clock.set(second * time.Second)
		waits = append(waits, claim.Delay().Seconds())
	}
	return observation{"available": seen, "delays": waits, "cancelled": claim.Cancel()}
}

func delays() observation {
	bucket, clock := newBucket(3, 10*time.Second, 4)
	first, second, third, fourth := reserve(bucket, 4), reserve(bucket, 1), reserve(bucket, 1), reserve(bucket, 1)
	nanoseconds := []int64{}
	note := func(list ...*tokenbucket.Reservation) {
		for _, reservation := range list {
			nanoseconds = append(nanoseconds, int64(reservation.Delay()))
		}
	}
	note(first, second, third, fourth)
	pending := []int{bucket.Pending()}
	clock.set(3333333333)
	note(second)
	pending = append(pending, bucket.Pending())
	clock.set(3333333334)
	note(second, reserve(bucket, 4))
	pending = append(pending, bucket.Pending())
	return observation{"nanoseconds": nanoseconds, "pending": pending}
}

func longQueue() observation {
	bucket, clock := newEmptyBucket(5)
	a, b, c := reserve(bucket, 5), reserve(bucket, 5), reserve(bucket, 5)
	atStart := seconds(a, b, c)
	clock.set(12 * time.Second)
	later := seconds(a, b, c)
	pending := bucket.Pending()
	return observation{
		"at_0": atStart, "at_12": later, "pending_at_12": pending,
		"left": []int64{
			availableAt(bucket, clock, 15*time.Second), availableAt(bucket, clock, 17*time.Second),
			availableAt(bucket, clock, 100*time.Second),
		},
	}
}

func cancel() observation {
	bucket, clock := newEmptyBucket(5)
	a, b, c := reserve(bucket, 4), reserve(bucket, 2), reserve(bucket, 1)
	before := seconds(a, b, c)
	first := a.Cancel()
	moved, pending := seconds(a, b, c), bucket.Pending()
	again := a.Cancel()
	d := reserve(bucket, 1)
	behind := seconds(b, c, d)
	middle := c.Cancel()
	closed := seconds(b, d)
	clock.set(2 * time.Second)
	ready := b.Cancel()
	return observation{
		"before": before, "first": first, "moved": moved, "pending": pending, "again": again, "behind": behind,
		"middle": middle, "closed": closed, "ready": ready,
		"available_at_4": availableAt(bucket, clock, 4*time.Second),
	}
}

func cancelReady() observation {
	full, _ := newBucket(1, time.Second, 5)
	atOnce := reserve(full, 2)
	bucket, clock := newEmptyBucket(5)
	unseen := reserve(bucket, 1)
	clock.set(time.Second)
	return observation{
		"delay": atOnce.Delay(), "at_once": atOnce.Cancel(), "left": full.Available(),
		"unseen": unseen.Cancel(), "unseen_left": bucket.Available(),
	}
}

func invalid() observation {
	clock := newFakeClock()
	made := []string{}
	for _, rate := range [][2]int64{{0, 1}, {-1, 1}, {1, 0}, {1, -1}} {
		_, err := tokenbucket.New(tokenbucket.Rate{Tokens: rate[0], Per: time.Duration(rate[1])}, 1, clock)
		made = append(made, name(err))
	}
	_, noBurst := tokenbucket.New(tokenbucket.Rate{Tokens: 1, Per: 1}, 0, clock)
	_, noClock := tokenbucket.New(tokenbucket.Rate{Tokens: 1, Per: 1}, 1, nil)
	_, smallest := tokenbucket.New(tokenbucket.Rate{Tokens: 1, Per: 1}, 1, clock)
	bucket, _ := newBucket(1, time.Second, 5)
	ended, end := context.WithCancel(context.Background())
	end()
	negative, negativeErr := bucket.Reserve(-1)
	large, largeErr := bucket.Reserve(6)
	return observation{
		"new":      append(made, name(noBurst), name(noClock), name(smallest)),
		"reserve":  []string{name(negativeErr), name(largeErr)},
		"returned": []bool{negative != nil, large != nil},
		"wait":     []string{name(bucket.Wait(ended, -1)), name(bucket.Wait(ended, 6)), name(bucket.Wait(ended, 1))},
		"zero":     []string{name(bucket.Wait(ended, 0)), name(bucket.Wait(context.Background(), 0))},
		"allow":    []bool{bucket.Allow(-1), bucket.Allow(6)},
		"left":     bucket.Available(),
		"pending":  bucket.Pending(),
	}
}
