package corpus

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ganbel/core/data"
)

// TextOptions say how lines of text are read. The zero value reads all lines.
type TextOptions struct {
	// Max is the most lines that are read; 0 stands for all. The paper's language model
	// takes 10,000,000.
	Max int
	// Letters is how many letters of each line are kept; 0 stands for all. The paper's
	// language model takes 32.
	Letters int
	// Sentences makes a line of every sentence, whatever lines the file has: for
	// prose. A sentence ends with a full stop, a question or exclamation mark, and
	// quotes or brackets that close, before a space and no small letter; and
	// with its paragraph, before an empty line.
	Sentences bool
	// Broken is the share of lines that may be broken, in [0, 1): beyond it Lines
	// returns an error. 0 stands for 0.01, a negative share lets none pass.
	Broken float64
}

// A Text is what Lines read.
type Text struct {
	// Name says what the text is, such as "Billion Word".
	Name string
	// Lines are its lines in order, without spaces around them and without the empty
	// ones. Each is valid UTF-8.
	Lines []string

	files  int
	broken *tally
}

// Broken returns how many lines were left out, and what was wrong with the first
// of them: nil where there are none.
func (t *Text) Broken() (count int, first error) { return t.broken.state() }

// Identity returns which data the lines are. It goes through all of them.
func (t *Text) Identity() data.Identity { return data.IdentifyText(t.Name, t.Lines) }

// String tells what was read, in a line: "Billion Word, 10,000,000 lines of 33
// files, 3 broken lines left out (the first: ...)".
func (t *Text) String() string {
	s := fmt.Sprintf("%s, %s %s of %s %s", t.Name, data.Thousands(len(t.Lines)), plural("line", len(t.Lines)), data.Thousands(t.files), plural("file", t.files))
	if n, first := t.Broken(); n > 0 {
		s += fmt.Sprintf(", %s broken %s left out (the first: %v)", data.Thousands(n), plural("line", n), first)
	}
	return s
}

// Lines reads the text at a path, which is a file or a folder of:
//
//   - news.en-00001-of-00100 and so on, also in a folder
//     training-monolingual.tokenized.shuffled: Billion Word;
//   - ca01 to cr09, as the tagged Brown corpus has: the words without their tags;
//   - files named .txt.
//
// Files are read in the order of their names, and may be gzipped. They are in UTF-8, or
// in UTF-16 with a byte order mark; other encodings that can be recognised are refused. A
// line ends with CR, LF or both. One with a byte that does not belong there, or with NUL,
// is broken: the error names the file, the line and the byte.
func Lines(path string, o TextOptions) (*Text, error) {
	o.Broken = cmp.Or(o.Broken, 0.01)
	if o.Max < 0 || o.Letters < 0 || o.Broken >= 1 {
		return nil, fmt.Errorf("%s: options %+v: expected counts of 0 or more and a share of broken lines below 1", path, o)
	}
	t := &Text{Name: filepath.Base(filepath.Clean(path)), broken: &tally{share: o.Broken}}
	files, brown := []string{path}, false
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("no text: %w: expected a file or a folder of text", err)
	}
	if info.IsDir() {
		if files, brown, err = t.find(path); err != nil {
			return nil, err
		}
	}
	for _, file := range files {
		if o.Max > 0 && len(t.Lines) >= o.Max {
			break
		}
		if err := t.readFile(file, o, brown); err != nil {
			return nil, err
		}
	}
	if err := t.broken.over(0); err != nil {
		return nil, err
	}
	if len(t.Lines) == 0 {
		return nil, fmt.Errorf("%s: no text in %d %s: expected lines of UTF-8", path, t.files, plural("file", t.files))
	}
	return t, nil
}

var (
	newsFiles  = regexp.MustCompile(`^news\.en-\d+-of-\d+(\.gz)?$`)
	brownFiles = regexp.MustCompile(`^c[a-r]\d\d$`)
	textFiles  = regexp.MustCompile(`(?i)\.txt(\.gz)?$`)
)

// find lists the files of a folder of text.
func (t *Text) find(path string) (files []string, brown bool, err error) {
	if within := filepath.Join(path, "training-monolingual.tokenized.shuffled"); isDir(within) {
		path = within
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, false, err
	}
	for _, kind := range []*regexp.Regexp{newsFiles, brownFiles, textFiles} {
		for _, e := range entries {
			if !e.IsDir() && !hidden(e.Name()) && kind.MatchString(e.Name()) {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
		if len(files) == 0 {
			continue
		}
		switch kind {
		case newsFiles:
			t.Name = "Billion Word"
		case brownFiles:
			t.Name = "Brown corpus"
		}
		return files, kind == brownFiles, nil
	}
	return nil, false, fmt.Errorf("%s: none of its %d files is text by its name: expected news.en-00001-of-00100 and so on, or .txt", path, len(entries))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readFile adds the lines of a file.
func (t *Text) readFile(path string, o TextOptions, brown bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	t.files++
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		head := make([]byte, 3)
		if n, _ := f.ReadAt(head, 0); !data.Packed(head[:n]) {
			return fmt.Errorf("%s: not gzip, as its name says", path)
		}
	}
	return t.readLines(f, path, o, brown)
}

// readLines adds the lines of r.
func (t *Text) readLines(r io.Reader, path string, o TextOptions, brown bool) error {
	in, err := newLines(r)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var paragraph []string // for sentences
	end := func() {
		for _, s := range sentences(strings.Join(paragraph, " ")) {
			t.keep(s, o)
		}
		paragraph = nil
	}
	for o.Max == 0 || len(t.Lines) < o.Max {
		line, bad, err := in.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if bad != nil {
			bad = fmt.Errorf("%s: %w", path, bad)
		}
		t.broken.add(bad)
		if bad != nil {
			if err := t.broken.over(enough); err != nil {
				return err
			}
			continue
		}
		s := string(bytes.TrimSpace(line))
		if brown {
			s = untagged(s)
		}
		switch {
		case o.Sentences && s != "":
			paragraph = append(paragraph, s)
		case o.Sentences:
			end()
		default:
			t.keep(s, o)
		}
	}
	end()
	return nil
}

// keep adds a line, as far as it is wanted.
func (t *Text) keep(s string, o TextOptions) {
	if s == "" || o.Max > 0 && len(t.Lines) >= o.Max {
		return
	}
	if o.Letters > 0 && len(s) > o.Letters {
		letters := 0
		for i := range s {
			if letters == o.Letters {
				s = s[:i]
				break
			}
			letters++
		}
	}
	t.Lines = append(t.Lines, strings.Clone(s)) // so that the rest goes
}

// untagged returns the words of a line of the Brown corpus, each of which has its
// tag behind a slash.
func untagged(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if k := strings.LastIndexByte(w, '/'); k >= 0 {
			words[i] = w[:k]
		}
	}
	return strings.Join(words, " ")
}

// titles are abbreviations with which no sentence ends.
var titles = []string{"Mr", "Mrs", "Ms", "Messrs", "Dr", "St", "Gen", "Col", "No", "Prof"}

// sentences splits a paragraph.
func sentences(s string) []string {
	var all []string
	from, words := 0, strings.Fields(s)
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		if next == "" || ends(w) && !small(next) {
			all = append(all, strings.Join(words[from:i+1], " "))
			from = i + 1
		}
	}
	return all
}

// ends reports whether a sentence may end with a word.
func ends(word string) bool {
	word = strings.TrimRight(word, "\"'”’)]")
	bare := strings.TrimRight(word, ".!?")
	if bare == word {
		return false
	}
	letter := strings.TrimLeft(bare, "\"'“‘([")
	initial := utf8.RuneCountInString(letter) == 1 && unicode.IsUpper([]rune(letter)[0]) && letter != "I"
	return !initial && !slices.Contains(titles, letter)
}

// small reports whether a word begins with a small letter.
func small(word string) bool {
	c, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "\"'“‘(["))
	return unicode.IsLower(c)
}
