// Command wordcount counts words in files.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

type options struct {
	number  int
	minimum int
	fold    bool
	order   string
	totals  bool
	files   []string
}

// run does what the arguments ask for and returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := parse(args, stderr)
	if err != nil {
		return 2
	}
	status := 0
	words := newTally(opts.fold, opts.minimum)
	for _, name := range opts.files {
		if err := countFile(words, name, stdin); err != nil {
			fmt.Fprintf(stderr, "wordcount: %s: %v\n", name, err)
			return 1
		}
	}
	if err := show(stdout, words, opts); err != nil {
		fmt.Fprintf(stderr, "wordcount: %v\n", err)
		status = 1
	}
	return status
}

// parse reads the options; what is wrong with them has been said on stderr when it returns an error.
func parse(args []string, stderr io.Writer) (options, error) {
	var opts options
	flags := flag.NewFlagSet("wordcount", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&opts.number, "n", 10, "show so many words, 0 for all")
	flags.IntVar(&opts.minimum, "min", 1, "leave out words of fewer characters")
	flags.BoolVar(&opts.fold, "i", false, "take words as equal that differ in case only")
	flags.StringVar(&opts.order, "sort", "count", "order by `count|word`")
	flags.BoolVar(&opts.totals, "totals", false, "print how many words there are")
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	if opts.number < 0 || opts.minimum < 0 || (opts.order != "count" && opts.order != "word") {
		err := fmt.Errorf("wordcount: numbers must not be negative, and -sort is count or word")
		fmt.Fprintln(stderr, err)
		return opts, err
	}
	opts.files = flags.Args()
	if len(opts.files) == 0 {
		opts.files = []string{"-"}
	}
	return opts, nil
}

func countFile(words *tally, name string, stdin io.Reader) error {
	if name == "-" {
		return eachWord(stdin, words.add)
	}
	file, err := os.Open(name)
	if err != nil {
		return reason(err)
	}
	defer file.Close()
	return reason(eachWord(file, words.add))
}

func show(stdout io.Writer, words *tally, opts options) error {
	entries := words.byCount()
	different := len(entries)
	if opts.number > 0 && opts.number < different {
		entries = entries[:opts.number]
	}
	if opts.order == "word" {
		slices.SortFunc(entries, byWord)
	}
	out := bufio.NewWriter(stdout)
	for _, entry := range entries {
		fmt.Fprintf(out, "%d\t%s\n", entry.count, entry.word)
	}
	if opts.totals {
		fmt.Fprintf(out, "%d\t%d\n", words.total, different)
	}
	return out.Flush()
}
