package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	deadline  = 10 * time.Second
	maxOutput = 1 << 20
)

// command is the program under test.
var command string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "wordcount")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	command = filepath.Join(dir, "wordcount")
	if message := build(dir); message != "" {
		fmt.Printf("driver does not build:\n%s\n", message)
		return 1
	}
	return m.Run()
}

// build compiles the program and returns what the compiler complains about. The judge's own files are left out of what the
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
	compiler := exec.Command("go", "build", "-overlay", list, "-o", command, ".")
	compiler.Dir = ".."
	if output, err := compiler.CombinedOutput(); err != nil {
		return fmt.Sprintf("%s%v", output, err)
	}
	return ""
}

// A result is what a run of the program left.
type result struct {
	stdout string
	stderr string
	status int
}

// run starts the program behind the words of BENCHGEN_CANDIDATE.
func run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	stdout := &bounded{}
	return runInto(t, stdout, stdin, args...)
}

// runInto does the same with another standard output, which may be a file.
func runInto(t *testing.T, stdout io.Writer, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	shell := "exec " + os.Getenv("BENCHGEN_CANDIDATE") + ` "$@"`
	child := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", shell, "sh", command}, args...)...)
	child.WaitDelay = time.Second
	child.Stdin = strings.NewReader(stdin)
	stderr := &bounded{}
	child.Stdout, child.Stderr = stdout, stderr
	err := child.Run()
	if ctx.Err() != nil {
		t.Fatalf("no end within %v; stderr: %q", deadline, stderr.tail())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("the program failed: %v; stderr: %q", err, stderr.tail())
	}
	done := result{stderr: stderr.String(), status: child.ProcessState.ExitCode()}
	if text, kept := stdout.(*bounded); kept {
		done.stdout = text.String()
	}
	return done
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
