// Command driver hands a list of steps, read as JSON, to the service and prints its answers as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"todo"
)

// A request comes after the clock has moved by Wait seconds.
type request struct {
	Method string
	Path   string
	Type   string
	Match  []string
	Body   string
	Wait   int64
}

type answer struct {
	Status int
	Header map[string]string
	Body   any
	Text   string
}

// A clock that moves only when a request says so.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time {
	east := time.FixedZone("east", 3600)
	return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.seconds.Load()) * time.Second).In(east)
}

func main() {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	var steps [][]request
	if err := json.NewDecoder(os.Stdin).Decode(&steps); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	time := &clock{}
	handler := todo.NewHandler(time.now)
	answers := [][]answer{}
	for _, step := range steps {
		for _, r := range step {
			time.seconds.Add(r.Wait)
		}
		answers = append(answers, together(handler, step))
	}
	text, err := json.Marshal(answers)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Fprintf(stdout, "\n%s\n", text)
}

// together sends all requests of a step at the same time.
func together(handler http.Handler, step []request) []answer {
	answers := make([]answer, len(step))
	var senders sync.WaitGroup
	for i := range step {
		place := i
		senders.Add(1)
		go func() {
			defer senders.Done()
			answers[place] = send(handler, step[place])
		}()
	}
	senders.Wait()
	return answers
}

func send(handler http.Handler, r request) answer {
	sent := httptest.NewRequest(r.Method, r.Path, strings.NewReader(r.Body))
	if r.Type != "" {
		sent.Header.Set("Content-Type", r.Type)
	}
	for _, tags := range r.Match {
		sent.Header.Add("If-Match", tags)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, sent)
	got := answer{Status: recorder.Code, Header: map[string]string{}, Text: recorder.Body.String()}
	for _, name := range []string{"Content-Type", "Location", "ETag", "Allow"} {
		if value := recorder.Header().Get(name); value != "" {
			got.Header[name] = value
		}
	}
	if json.Unmarshal(recorder.Body.Bytes(), &got.Body) != nil {
		got.Body = nil
	}
	return got
}
