// Package judge runs the program in a process of its own and compares what it prints with what the instructions promise.
package judge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shows checks a run without trouble.
func shows(t *testing.T, done result, stdout string) {
	t.Helper()
	ends(t, done, stdout, 0)
	if done.stderr != "" {
		t.Errorf("said %q on standard error", done.stderr)
	}
}

func ends(t *testing.T, done result, stdout string, status int) {
	t.Helper()
	if done.stdout != stdout {
		t.Errorf("printed %q, promised %q; standard error %q", shortened(done.stdout), shortened(stdout), done.stderr)
	}
	if done.status != status {
		t.Errorf("exit status %d, promised %d; standard error %q", done.status, status, done.stderr)
	}
}

func shortened(text string) string {
	if len(text) > 500 {
		return text[:500] + "…"
	}
	return text
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOrdersByCountThenByBytes(t *testing.T) {
	shows(t, run(t, "pear fig apple\nfig Zoo  éclair pear\n\nfig apple\n"), "3\tfig\n2\tapple\n2\tpear\n1\tZoo\n1\téclair\n")
	shows(t, run(t, " .,;\n"), "")
}

func TestWordsAreRunsOfLettersMarksAndDigits(t *testing.T) {
	shows(t, run(t, "snake_case well-known 4th ×2× naïve cafe\u0301 हिन्दी 東京 ٣٤ Ⅷ x²", "-n", "0", "-sort", "word"),
		"1\t2\n1\t4th\n1\tcafe\u0301\n1\tcase\n1\tknown\n1\tnaïve\n1\tsnake\n1\twell\n1\tx\n1\t٣٤\n1\tहिन्दी\n1\t東京\n")
}

func TestApostrophesBelongInsideWordsOnly(t *testing.T) {
	shows(t, run(t, "don't 'tis dogs' rock''n l’été 'a'b' o'clock’s '' ’", "-n", "0", "-sort", "word"),
		"1\ta'b\n1\tdogs\n1\tdon't\n1\tl’été\n1\tn\n1\to'clock’s\n1\trock\n1\ttis\n")
}

func TestFoldsCaseAsEqualFoldDoes(t *testing.T) {
	text := "Σίσυφος ΣΊΣΥΦΟΣ σίσυφοσ straße STRASSE Straße K k \u212a DON'T don't"
	shows(t, run(t, text, "-i"), "3\tK\n3\tΣίσυφος\n2\tDON'T\n2\tstraße\n1\tSTRASSE\n")
	shows(t, run(t, "b B a A A"), "2\tA\n1\tB\n1\ta\n1\tb\n")
}

func TestShowsTenWordsUnlessToldOtherwise(t *testing.T) {
	text := "l k j i h g f e d c b a a"
	shows(t, run(t, text), "2\ta\n1\tb\n1\tc\n1\td\n1\te\n1\tf\n1\tg\n1\th\n1\ti\n1\tj\n")
	shows(t, run(t, text, "-n", "2"), "2\ta\n1\tb\n")
	shows(t, run(t, text, "--n=0"), "2\ta\n1\tb\n1\tc\n1\td\n1\te\n1\tf\n1\tg\n1\th\n1\ti\n1\tj\n1\tk\n1\tl\n")
}

func TestMinimumLengthCountsCharacters(t *testing.T) {
	shows(t, run(t, "été ete l'a ab 東京 四文字 a", "-min", "3"), "1\tete\n1\tl'a\n1\tété\n1\t四文字\n")
	shows(t, run(t, "a bb", "-min", "0"), "1\ta\n1\tbb\n")
}

func TestSortingByWordComesAfterTheChoice(t *testing.T) {
	shows(t, run(t, "c c c b b a Z", "-sort", "word", "-n", "3"), "1\tZ\n2\tb\n3\tc\n")
	shows(t, run(t, "a b b", "-sort", "count"), "2\tb\n1\ta\n")
}

func TestTotalsAreNotCut(t *testing.T) {
	shows(t, run(t, "a a bb bb BB ccc", "-totals", "-n", "1", "-min", "2"), "2\tbb\n4\t3\n")
	shows(t, run(t, "a A b", "-i", "-totals"), "2\ta\n1\tb\n3\t2\n")
	shows(t, run(t, "", "-totals"), "0\t0\n")
}

func TestReadsFilesAndStandardInput(t *testing.T) {
	first, second := file(t, "first", "one two"), file(t, "second", "two\nthree'")
	shows(t, run(t, "unread", first, second), "2\ttwo\n1\tone\n1\tthree\n")
	shows(t, run(t, "two four", first, "-", second), "3\ttwo\n1\tfour\n1\tone\n1\tthree\n")
	shows(t, run(t, "Two", "-i", first, "-"), "2\ttwo\n1\tone\n")
}

func TestGoesOnAfterAFileThatCannotBeRead(t *testing.T) {
	good, folder := file(t, "good", "word"), t.TempDir()
	missing := filepath.Join(folder, "missing.txt")
	done := run(t, "", missing, good, folder)
	ends(t, done, "1\tword\n", 1)
	lines := strings.Split(strings.TrimSpace(done.stderr), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "wordcount: "+missing+": ") ||
		!strings.HasPrefix(lines[1], "wordcount: "+folder+": ") {
		t.Errorf("said %q on standard error", done.stderr)
	}
}

func TestRejectsBadUsage(t *testing.T) {
	for _, args := range [][]string{{"-x"}, {"-n", "-1"}, {"-n", "many"}, {"-min", "-2"}, {"-sort", "size"}} {
		done := run(t, "some words", args...)
		ends(t, done, "", 2)
		if done.stderr == "" {
			t.Errorf("%q: said nothing on standard error", args)
		}
	}
}

func TestLinesAndWordsMayBeVeryLong(t *testing.T) {
	long := strings.Repeat("é", 200_001)
	shows(t, run(t, "x "+long+" x "+long, "-n", "1", "-sort", "word"), "2\tx\n")
	shows(t, run(t, long+" "+long), "2\t"+long+"\n")
	line := strings.Repeat("a 東京’s ", 300_000)
	shows(t, run(t, line, "-totals"), "300000\ta\n300000\t東京’s\n600000\t2\n")
}

func TestInvalidBytesSeparateWords(t *testing.T) {
	shows(t, run(t, "a\xffb \ufffd c\xe6\x9dd \xc3"), "1\ta\n1\tb\n1\tc\n1\td\n")
	shows(t, run(t, "\ufeffword it\xff's"), "1\tit\n1\ts\n1\tword\n")
}

func TestTellsWhenItCannotWrite(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	done := runInto(t, full, "a few words")
	if done.status != 1 || done.stderr == "" {
		t.Errorf("exit status %d, promised 1; standard error %q", done.status, done.stderr)
	}
}
