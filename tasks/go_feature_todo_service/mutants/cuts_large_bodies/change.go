package todo

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxBody  = 65536
	maxTitle = 100
)

// A change is what a client asks for; nil leaves things as they are.
type change struct {
	title *string
	done  *bool
	due   *moment
}

// A moment may be none.
type moment struct{ time *time.Time }

// readChange reads the body of a request that knows these fields.
func readChange(w http.ResponseWriter, r *http.Request, known ...string) (change, error) {
	var wanted change
	fields, err := readObject(w, r)
	if err != nil {
		return wanted, err
	}
	for name := range fields {
		if !slices.Contains(known, name) {
			return wanted, &problem{status: http.StatusBadRequest, text: "unknown field " + name}
		}
	}
	for _, name := range known {
		raw, given := fields[name]
		if !given {
			continue
		}
		if err := wanted.set(name, raw); err != nil {
			return wanted, &problem{http.StatusUnprocessableEntity, name + ": " + err.Error(), name}
		}
	}
	return wanted, nil
}

func readObject(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &problem{status: http.StatusUnsupportedMediaType, text: "the body has to be application/json"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &problem{status: http.StatusRequestEntityTooLarge, text: "the body is too large"}
	}
	var fields map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(body, &fields)
	}
	if err != nil || fields == nil {
		return nil, &problem{status: http.StatusBadRequest, text: "the body has to be one JSON object"}
	}
	return fields, nil
}

func (c *change) set(name string, raw json.RawMessage) error {
	null := string(raw) == "null"
	if null && name != "due" {
		return errors.New("must not be null")
	}
	switch name {
	case "title":
		return c.setTitle(raw)
	case "done":
		return json.Unmarshal(raw, &c.done)
	}
	c.due = &moment{}
	if null {
		return nil
	}
	return c.setDue(raw)
}

func (c *change) setTitle(raw json.RawMessage) error {
	var title string
	if err := json.Unmarshal(raw, &title); err != nil {
		return err
	}
	title = strings.TrimSpace(title)
	if length := utf8.RuneCountInString(title); length < 1 || length > maxTitle {
		return errors.New("needs 1 to 100 characters")
	}
	c.title = &title
	return nil
}

func (c *change) setDue(raw json.RawMessage) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	due, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return err
	}
	due = due.UTC()
	c.due.time = &due
	return nil
}
