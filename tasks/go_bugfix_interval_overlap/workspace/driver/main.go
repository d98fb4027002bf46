// Command driver carries out commands with a calendar, read as a JSON list, and prints what came of each as a JSON list.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"rooms"
)

func main() {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	capacity, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail(err)
	}
	var commands []string
	if err := json.NewDecoder(os.Stdin).Decode(&commands); err != nil {
		fail(err)
	}
	calendar := rooms.New(capacity)
	results := []any{}
	for _, command := range commands {
		results = append(results, carryOut(calendar, strings.Fields(command)))
	}
	text, err := json.Marshal(results)
	if err != nil {
		fail(err)
	}
	fmt.Fprintf(stdout, "\n%s\n", text)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func carryOut(calendar *rooms.Calendar, words []string) any {
	numbers := []int{}
	for _, word := range words[1:] {
		if number, err := strconv.Atoi(word); err == nil {
			numbers = append(numbers, number)
		}
	}
	switch words[0] {
	case "overlaps":
		return interval(numbers).Overlaps(interval(numbers[2:]))
	case "book":
		id, err := calendar.Book(words[1], interval(numbers))
		if err != nil {
			return name(err)
		}
		return id
	case "cancel":
		return calendar.Cancel(numbers[0])
	case "move":
		return name(calendar.Move(numbers[0], interval(numbers[1:])))
	case "conflicts":
		list := []string{}
		for _, booking := range calendar.Conflicts(interval(numbers)) {
			list = append(list, fmt.Sprintf("%d %s %d-%d", booking.ID, booking.Name, booking.Start, booking.End))
		}
		return list
	case "peak":
		return calendar.Peak(interval(numbers))
	case "busy":
		list := []string{}
		for _, one := range calendar.Busy() {
			list = append(list, fmt.Sprintf("%d-%d", one.Start, one.End))
		}
		return list
	case "free":
		found, some := calendar.Free(interval(numbers), numbers[2])
		if !some {
			return nil
		}
		return fmt.Sprintf("%d-%d", found.Start, found.End)
	}
	panic("unknown command " + words[0])
}

func interval(numbers []int) rooms.Interval {
	return rooms.Interval{Start: numbers[0], End: numbers[1]}
}

func name(err error) string {
	switch {
	case err == nil:
		return "nil"
	case errors.Is(err, rooms.ErrFull):
		return "ErrFull"
	case errors.Is(err, rooms.ErrInvalid):
		return "ErrInvalid"
	case errors.Is(err, rooms.ErrUnknown):
		return "ErrUnknown"
	}
	return "another error"
}
