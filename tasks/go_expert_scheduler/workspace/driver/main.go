// Command driver plays one scenario with a scheduler and prints what it observed as a JSON object.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type observation map[string]any

var scenarios = map[string]func() observation{
	"due":            due,
	"priorities":     priorities,
	"workers":        workers,
	"grid":           grid,
	"missed":         missed,
	"steps_back":     stepsBack,
	"one_timer":      oneTimer,
	"invalid":        invalid,
	"cancel_waiting": cancelWaiting,
	"cancel_running": cancelRunning,
	"accidents":      accidents,
	"nested":         nested,
	"shutdown_waits": shutdownWaits,
	"shutdown_ends":  shutdownEnds,
	"leftovers":      leftovers,
	"concurrent_use": concurrentUse,
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
