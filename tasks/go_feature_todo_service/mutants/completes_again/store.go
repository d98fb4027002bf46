package todo

import (
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

type todo struct {
	ID          int        `json:"id"`
	Title       string     `json:"title"`
	Done        bool       `json:"done"`
	Due         *time.Time `json:"due"`
	CompletedAt *time.Time `json:"completed_at"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	Version     int        `json:"version"`
}

func (t todo) tag() string { return `"` + strconv.Itoa(t.Version) + `"` }

// matches tells whether an If-Match header allows to change the todo.
func (t todo) matches(condition string) bool {
	if condition == "" {
		return true
	}
	for _, tag := range strings.Split(condition, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == t.tag() {
			return true
		}
	}
	return false
}

type query struct {
	done  *bool
	limit int
	after int
}

// A store holds todos, ordered by id. What it hands out are copies.
type store struct {
	now func() time.Time

	mu     sync.Mutex
	lastID int
	todos  []todo
}

func (s *store) create(wanted change) todo {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	now := s.now().UTC()
	made := todo{ID: s.lastID, Title: *wanted.title, CreatedAt: now, UpdatedAt: now, Version: 1}
	if wanted.due != nil {
		made.Due = wanted.due.time
	}
	s.todos = append(s.todos, made)
	return made
}

func (s *store) get(id int) (todo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, err := s.find(id, "")
	if err != nil {
		return todo{}, err
	}
	return s.todos[place], nil
}

// list returns what is asked for, and the id to go on after, or nil if that is all.
func (s *store) list(wanted query) (found []todo, next *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found = []todo{}
	for _, t := range s.todos[s.place(wanted.after+1):] {
		if wanted.done != nil && t.Done != *wanted.done {
			continue
		}
		if len(found) == wanted.limit {
			return found, &found[len(found)-1].ID
		}
		found = append(found, t)
	}
	return found, nil
}

func (s *store) update(id int, condition string, wanted change) (todo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, err := s.find(id, condition)
	if err != nil {
		return todo{}, err
	}
	t := &s.todos[place]
	now := s.now().UTC()
	if t.apply(wanted, now) {
		t.Version++
		t.UpdatedAt = now
	}
	return *t, nil
}

func (s *store) remove(id int, condition string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, err := s.find(id, condition)
	if err != nil {
		return err
	}
	s.todos = append(s.todos[:place], s.todos[place+1:]...)
	return nil
}

// place is where a todo with this id stands or would stand.
func (s *store) place(id int) int {
	return sort.Search(len(s.todos), func(i int) bool { return s.todos[i].ID >= id })
}

func (s *store) find(id int, condition string) (int, error) {
	place := s.place(id)
	if place == len(s.todos) || s.todos[place].ID != id {
		return 0, &problem{status: http.StatusNotFound, text: "no such todo"}
	}
	if !s.todos[place].matches(condition) {
		return 0, &problem{status: http.StatusPreconditionFailed, text: "the todo has changed"}
	}
	return place, nil
}

// apply makes a change and tells whether anything is different now.
func (t *todo) apply(wanted change, now time.Time) bool {
	changed := false
	if wanted.title != nil && *wanted.title != t.Title {
		t.Title = *wanted.title
		changed = true
	}
	if wanted.done != nil {
		t.Done = *wanted.done
		t.CompletedAt = nil
		if t.Done {
			t.CompletedAt = &now
		}
		changed = true
	}
	if wanted.due != nil && !sameMoment(wanted.due.time, t.Due) {
		t.Due = wanted.due.time
		changed = true
	}
	return changed
}

func sameMoment(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
