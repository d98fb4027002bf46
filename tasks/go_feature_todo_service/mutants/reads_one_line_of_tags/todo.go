// Package todo keeps todos in memory and serves them over HTTP.
package todo

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	defaultLimit = 20
	maxLimit     = 100
)

type service struct{ store *store }

// A problem is an error with the status that tells a client about it.
type problem struct {
	status int
	text   string
	field  string
}

func (p *problem) Error() string { return p.text }

// NewHandler makes a service that has no todos yet and takes the time from now.
func NewHandler(now func() time.Time) http.Handler {
	return &service{store: &store{now: now}}
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var err error
	if r.URL.Path == "/todos" {
		err = s.serveAll(w, r)
	} else if id, ok := todoID(r.URL.Path); ok {
		err = s.serveOne(w, r, id)
	} else {
		err = &problem{status: http.StatusNotFound, text: "no such path"}
	}
	if err != nil {
		reject(w, err)
	}
}

func (s *service) serveAll(w http.ResponseWriter, r *http.Request) error {
	switch r.Method {
	case http.MethodGet:
		wanted, err := parseQuery(r.URL.Query())
		if err != nil {
			return err
		}
		found, next := s.store.list(wanted)
		return reply(w, http.StatusOK, map[string]any{"todos": found, "next": next})
	case http.MethodPost:
		change, err := readChange(w, r, "title", "due")
		if err != nil {
			return err
		}
		if change.title == nil {
			return &problem{http.StatusUnprocessableEntity, "a title is missing", "title"}
		}
		made := s.store.create(change)
		w.Header().Set("Location", fmt.Sprintf("/todos/%d", made.ID))
		return replyOne(w, http.StatusCreated, made)
	}
	return otherMethod(w, "GET, POST")
}

func (s *service) serveOne(w http.ResponseWriter, r *http.Request, id int) error {
	condition := r.Header.Get("If-Match")
	switch r.Method {
	case http.MethodGet:
		found, err := s.store.get(id)
		if err != nil {
			return err
		}
		return replyOne(w, http.StatusOK, found)
	case http.MethodPatch:
		change, err := readChange(w, r, "title", "done", "due")
		if err != nil {
			return err
		}
		changed, err := s.store.update(id, condition, change)
		if err != nil {
			return err
		}
		return replyOne(w, http.StatusOK, changed)
	case http.MethodDelete:
		if err := s.store.remove(id, condition); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return otherMethod(w, "DELETE, GET, PATCH")
}

func todoID(path string) (int, bool) {
	text, found := strings.CutPrefix(path, "/todos/")
	id, err := strconv.Atoi(text)
	return id, found && err == nil && id > 0 && strconv.Itoa(id) == text
}

func parseQuery(values url.Values) (query, error) {
	wanted := query{limit: defaultLimit}
	for name, given := range values {
		var err error
		switch text := given[0]; name {
		case "done":
			done := text == "true"
			wanted.done = &done
			if !done && text != "false" {
				err = errors.New("neither true nor false")
			}
		case "limit":
			wanted.limit, err = between(text, 1, maxLimit)
		case "after":
			wanted.after, err = between(text, 0, int(^uint(0)>>1))
		}
		if err != nil {
			return wanted, &problem{status: http.StatusBadRequest, text: name + ": " + err.Error()}
		}
	}
	return wanted, nil
}

func between(text string, least, most int) (int, error) {
	number, err := strconv.Atoi(text)
	if err == nil && (number < least || number > most) {
		err = errors.New("out of range")
	}
	return number, err
}

func otherMethod(w http.ResponseWriter, allowed string) error {
	w.Header().Set("Allow", allowed)
	return &problem{status: http.StatusMethodNotAllowed, text: "method not allowed"}
}

func replyOne(w http.ResponseWriter, status int, t todo) error {
	w.Header().Set("ETag", t.tag())
	return reply(w, status, t)
}

func reply(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

func reject(w http.ResponseWriter, err error) {
	var p *problem
	if !errors.As(err, &p) {
		return // the answer has begun, and the client is gone
	}
	body := map[string]string{"error": p.text}
	if p.field != "" {
		body["field"] = p.field
	}
	reply(w, p.status, body)
}
