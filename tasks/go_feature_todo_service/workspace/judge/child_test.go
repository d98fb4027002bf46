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
	"sort"
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

// A request comes after the clock has moved by Wait seconds; the clock starts at 2030-01-01T00:00:00Z.
type request struct {
	Method string
	Path   string
	Type   string
	Match  []string
	Body   string
	Wait   int64
}

// A step is a list of requests that are sent at the same time.
type step []request

type answer struct {
	Status int
	Header map[string]string
	Body   any
	Text   string
}

// send plays steps of one request each and returns the answers.
func send(t *testing.T, requests ...request) []answer {
	t.Helper()
	steps := make([]step, 0, len(requests))
	for _, r := range requests {
		steps = append(steps, step{r})
	}
	answers := make([]answer, 0, len(requests))
	for _, group := range play(t, steps...) {
		answers = append(answers, group...)
	}
	return answers
}

// play starts the driver behind the words of BENCHGEN_CANDIDATE, with the steps as its input, and returns the answers to each step.
func play(t *testing.T, steps ...step) [][]answer {
	t.Helper()
	script, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	shell := "exec " + os.Getenv("BENCHGEN_CANDIDATE") + ` "$@"`
	command := exec.CommandContext(ctx, "/bin/sh", "-c", shell, "sh", driver)
	command.WaitDelay = time.Second
	stdout, stderr := &bounded{}, &bounded{}
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(script), stdout, stderr
	err = command.Run()
	if ctx.Err() != nil {
		t.Fatalf("no answers within %v; stderr: %q", deadline, stderr.tail())
	}
	if err != nil {
		t.Fatalf("the driver failed: %v; stderr: %q", err, stderr.tail())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var answers [][]answer
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &answers); err != nil {
		t.Fatalf("the driver printed no answers; stderr: %q", stderr.tail())
	}
	if len(answers) != len(steps) {
		t.Fatalf("%d answers to %d steps", len(answers), len(steps))
	}
	for i, group := range answers {
		if len(group) != len(steps[i]) {
			t.Fatalf("%d answers to %d requests", len(group), len(steps[i]))
		}
	}
	return answers
}

// expect compares the status of an answer, and key by key what its body promises to hold.
func expect(t *testing.T, got answer, status int, promised string) {
	t.Helper()
	if got.Status != status {
		t.Errorf("status %d, promised %d; body %q", got.Status, status, got.Text)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(promised), &want); err != nil {
		t.Fatalf("the judge's own expectation is not JSON: %v", err)
	}
	body, _ := got.Body.(map[string]any)
	keys := make([]string, 0, len(want))
	for key := range want {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		value, given := body[key]
		if !given || !reflect.DeepEqual(value, want[key]) {
			t.Errorf("%s: observed %s, promised %s", key, compact(value), compact(want[key]))
		}
	}
}

// header compares one header of an answer.
func header(t *testing.T, got answer, name, promised string) {
	t.Helper()
	if got.Header[name] != promised {
		t.Errorf("%s: %q, promised %q", name, got.Header[name], promised)
	}
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
