package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	deadline  = 10 * time.Second
	maxOutput = 1 << 20
)

var driver string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "driver")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	driver = filepath.Join(dir, "driver")
	if message := build(dir); message != "" {
		fmt.Printf("driver does not build:\n%s\n", message)
		return 1
	}
	return m.Run()
}

// build compiles the driver and returns what the compiler complains about. The judge's own files are left out of what the
// compiler sees, or the code under test could embed them.
func build(dir string) string {
	files, err := filepath.Glob("*")
	if err != nil {
		return err.Error()
	}
	hidden := map[string]string{}
	for _, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			return err.Error()
		}
		hidden[path] = ""
	}
	overlay, err := json.Marshal(map[string]any{"Replace": hidden})
	if err != nil {
		return err.Error()
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return err.Error()
	}
	command := exec.Command("go", "build", "-overlay", list, "-o", driver, "./driver")
	command.Dir = ".."
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Sprintf("%s%v", output, err)
	}
	return ""
}

// A line is a command and what has to come of it, as JSON.
type line struct{ command, promised string }

// check lets the driver carry out commands with one calendar, behind the words of BENCHGEN_CANDIDATE, and compares the results.
func check(t *testing.T, capacity int, lines ...line) {
	t.Helper()
	commands := make([]string, 0, len(lines))
	for _, one := range lines {
		commands = append(commands, one.command)
	}
	wrong := 0
	for i, got := range carryOut(t, capacity, commands) {
		var want any
		if err := json.Unmarshal([]byte(lines[i].promised), &want); err != nil {
			t.Fatalf("the judge's own expectation is not JSON: %v", err)
		}
		if !reflect.DeepEqual(got, want) && wrong < 5 {
			t.Errorf("line %d, %s: observed %s, promised %s", i+1, lines[i].command, compact(got), lines[i].promised)
			wrong++
		}
	}
}

func carryOut(t *testing.T, capacity int, commands []string) []any {
	t.Helper()
	script, err := json.Marshal(commands)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	shell := "exec " + os.Getenv("BENCHGEN_CANDIDATE") + ` "$@"`
	command := exec.CommandContext(ctx, "/bin/sh", "-c", shell, "sh", driver, strconv.Itoa(capacity))
	command.WaitDelay = time.Second
	stdout, stderr := &bounded{}, &bounded{}
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(script), stdout, stderr
	err = command.Run()
	if ctx.Err() != nil {
		t.Fatalf("no results within %v; stderr: %q", deadline, stderr.tail())
	}
	if err != nil {
		t.Fatalf("the driver failed: %v; stderr: %q", err, stderr.tail())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var results []any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &results); err != nil {
		t.Fatalf("the driver printed no results; stderr: %q", stderr.tail())
	}
	if len(results) != len(commands) {
		t.Fatalf("%d results of %d commands", len(results), len(commands))
	}
	return results
}

func compact(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// bounded keeps a child's output up to a limit, so that a flood ends the child and not the judge.
type bounded struct{ buffer bytes.Buffer }

var errFlood = errors.New("too much output")

func (b *bounded) Write(data []byte) (int, error) {
	if b.buffer.Len()+len(data) > maxOutput {
		return 0, errFlood
	}
	return b.buffer.Write(data)
}

func (b *bounded) String() string { return b.buffer.String() }

func (b *bounded) tail() string {
	text := b.buffer.String()
	return text[max(0, len(text)-2000):]
}
