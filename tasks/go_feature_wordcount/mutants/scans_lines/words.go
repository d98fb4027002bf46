package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"
)

// eachWord calls add with every word of the input.
func eachWord(input io.Reader, add func(word string)) error {
	scanner := bufio.NewScanner(input)
	for scanner.Scan() {
		if err := eachWordOfLine(strings.NewReader(scanner.Text()), add); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func eachWordOfLine(input io.Reader, add func(word string)) error {
	reader := bufio.NewReader(input)
	var word strings.Builder
	apostrophe := rune(0) // stands after the word so far, and belongs to it if the word goes on
	for {
		letter, size, err := reader.ReadRune()
		switch {
		case err == nil && belongs(letter, size):
			if apostrophe != 0 {
				word.WriteRune(apostrophe)
				apostrophe = 0
			}
			word.WriteRune(letter)
			continue
		case err == nil && apostrophe == 0 && word.Len() > 0 && (letter == '\'' || letter == '’'):
			apostrophe = letter
			continue
		}
		if word.Len() > 0 {
			add(word.String())
			word.Reset()
		}
		apostrophe = 0
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func belongs(letter rune, size int) bool {
	if letter == utf8.RuneError && size == 1 {
		return false
	}
	return unicode.IsLetter(letter) || unicode.IsMark(letter) || unicode.Is(unicode.Nd, letter)
}

// reason leaves out the operation and the path that an error of the file system names.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
