package main

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An entry is a word, as it is shown, and how often it came.
type entry struct {
	word  string
	count int
}

// A tally counts words.
type tally struct {
	fold    bool
	minimum int
	total   int
	entries map[string]*entry
}

func newTally(fold bool, minimum int) *tally {
	return &tally{fold: fold, minimum: minimum, entries: map[string]*entry{}}
}

func (t *tally) add(word string) {
	if utf8.RuneCountInString(word) < t.minimum {
		return
	}
	t.total++
	key := word
	if t.fold {
		key = strings.Map(folded, word)
	}
	if t.entries[key] == nil {
		t.entries[key] = &entry{word: word}
	}
	t.entries[key].count++
}

// folded is the same for all letters that strings.EqualFold takes as equal: the smallest of them.
func folded(letter rune) rune {
	smallest := letter
	for other := unicode.SimpleFold(letter); other != letter; other = unicode.SimpleFold(other) {
		smallest = min(smallest, other)
	}
	return smallest
}

// byCount lists the words, the most frequent first.
func (t *tally) byCount() []entry {
	list := make([]entry, 0, len(t.entries))
	for _, counted := range t.entries {
		list = append(list, *counted)
	}
	slices.SortFunc(list, func(a, b entry) int {
		if a.count != b.count {
			return cmp.Compare(b.count, a.count)
		}
		return byWord(a, b)
	})
	return list
}

func byWord(a, b entry) int { return strings.Compare(a.word, b.word) }
