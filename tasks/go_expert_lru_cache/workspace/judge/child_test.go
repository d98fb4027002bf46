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

// play starts the driver behind the words of BENCHGEN_CANDIDATE and returns the observation it prints for the scenario.
func play(t *testing.T, scenario string) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	shell := "exec " + os.Getenv("BENCHGEN_CANDIDATE") + ` "$@"`
	command := exec.CommandContext(ctx, "/bin/sh", "-c", shell, "sh", driver, scenario)
	command.WaitDelay = time.Second
	stdout, stderr := &bounded{}, &bounded{}
	command.Stdout, command.Stderr = stdout, stderr
	err := command.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s: no answer within %v; stderr: %q", scenario, deadline, stderr.tail())
	}
	if err != nil {
		t.Fatalf("%s: the driver failed: %v; stderr: %q", scenario, err, stderr.tail())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var observed map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &observed); err != nil {
		t.Fatalf("%s: the driver printed no observation; stderr: %q", scenario, stderr.tail())
	}
	return observed
}

// expect compares an observation, key by key, with a JSON object.
func expect(t *testing.T, observed map[string]any, promised string) {
	t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(promised), &want); err != nil {
		t.Fatalf("the judge's own expectation is not JSON: %v", err)
	}
	keys := make([]string, 0, len(want))
	for key := range want {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		if !reflect.DeepEqual(observed[key], want[key]) {
			t.Errorf("%s: observed %s, promised %s", key, compact(observed[key]), compact(want[key]))
		}
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
