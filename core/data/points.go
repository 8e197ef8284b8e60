package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxCoordinate is the greatest size of a point's coordinate that training takes.
// Every square, product and sum over a batch of such numbers is finite in float32.
// Data further out must be scaled first.
const MaxCoordinate = 1e6

// The most that a file of points may hold.
const (
	maxPointBytes = 16 << 20
	maxPoints     = 200_000
)

// ReadPoints reads points of the plane, one a line, and returns their x and y in turn.
// assets/page/points-file.js reads the same files and says the same of bad ones;
// testdata/points.json holds both to it.
//
// The text is UTF-8, with or without a byte order mark. A line ends with LF, CR or
// both. Blanks are spaces, tabs and no-break spaces. Blank lines and lines that begin
// with # are skipped, but counted.
//
// A line holds two numbers. They are separated by ";" if the line has one, else by ","
// if it has one, else by blanks. A number may stand in double quotes, in which
// separators do not count. It is decimal, such as -1, +.5 or 2e-3, with - or − as its
// sign, and no more than MaxCoordinate in size; in a line with ";" it may have a
// decimal comma. The first line that holds anything may be a heading, whose fields all
// begin like words.
//
// The error names the line, says what is wrong with it and what would be right.
func ReadPoints(r io.Reader) ([]float32, error) {
	points, _, err := readPoints(r, false)
	return points, err
}

// Skipped describes the lines of a file of points that were left out.
type Skipped struct {
	Rows  int   // how many
	Lines []int // the numbers of the first ten
	First error // the error of the first, with its number; nil if Rows is 0
}

// String returns the number of lines left out and which ones, such as "3 rows (lines 4, 7
// and 9)".
func (s Skipped) String() string {
	rows, lines := "rows", "lines"
	if s.Rows == 1 {
		rows, lines = "row", "line"
	}
	var all []string
	for _, n := range s.Lines {
		all = append(all, strconv.Itoa(n))
	}
	named := strings.Join(all, ", ")
	switch n := len(all); {
	case s.Rows > n:
		named += ", …"
	case n > 1:
		named = strings.Join(all[:n-1], ", ") + " and " + all[n-1]
	}
	return fmt.Sprintf("%d %s (%s %s)", s.Rows, rows, lines, named)
}

// ReadGoodPoints is like ReadPoints but leaves out lines that cannot be read, and returns
// which ones. An error in the file as a whole is still an error, and so is a file without
// a good line.
func ReadGoodPoints(r io.Reader) ([]float32, Skipped, error) { return readPoints(r, true) }

// maxNamed is the number of lines left out that Skipped names.
const maxNamed = 10

// readPoints is ReadGoodPoints if skip is true, otherwise ReadPoints.
func readPoints(r io.Reader, skip bool) (points []float32, skipped Skipped, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPointBytes+1))
	if err != nil {
		return nil, skipped, err
	}
	if len(b) > maxPointBytes {
		return nil, skipped, fmt.Errorf("there are more than %d bytes of points: leave some out", maxPointBytes)
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return nil, skipped, errors.New("this is UTF-16 or UTF-32: save the points as UTF-8 text")
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	first := true // nothing but blank lines and comments came before
	for n := 1; len(b) > 0; n++ {
		var line []byte
		line, b = nextLine(b)
		x, y, kind, err := readPoint(line, first)
		if err != nil {
			err = fmt.Errorf("line %d: %w", n, err)
			if !skip {
				return nil, skipped, err
			}
			if skipped.Rows++; skipped.Rows == 1 {
				skipped.First = err
			}
			if len(skipped.Lines) < maxNamed {
				skipped.Lines = append(skipped.Lines, n)
			}
		}
		if kind != noPoint || err != nil {
			first = false
		}
		if kind != onePoint {
			continue
		}
		if len(points) == 2*maxPoints {
			return nil, skipped, fmt.Errorf("line %d: there are more than %d points: leave some out", n, maxPoints)
		}
		points = append(points, float32(x), float32(y))
	}
	if len(points) == 0 {
		return nil, skipped, errors.New("there are no points: each line must be x,y")
	}
	return points, skipped, nil
}

// nextLine returns the first line of b without its end, and what follows.
func nextLine(b []byte) (line, rest []byte) {
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0:
		return b, nil
	case bytes.HasPrefix(b[i:], []byte("\r\n")):
		return b[:i], b[i+2:]
	}
	return b[:i], b[i+1:]
}

// What a line of points holds.
const (
	noPoint = iota // it is blank or a comment
	onePoint
	aHeading
)

// readPoint reads a line, which may be a heading if it is the first one.
func readPoint(line []byte, first bool) (x, y float64, kind int, err error) {
	if bytes.IndexByte(line, 0) >= 0 || !utf8.Valid(line) {
		return 0, 0, noPoint, errors.New("this is not UTF-8 text: save the points as UTF-8 text")
	}
	text := trimBlanks(string(line))
	if text == "" || text[0] == '#' {
		return 0, 0, noPoint, nil
	}
	fields, comma, closed := splitPoint(text)
	if !closed {
		return 0, 0, noPoint, errors.New(`a double quote is not closed: put one at both ends of a number, or at none`)
	}
	if first && isHeading(fields) {
		return 0, 0, aHeading, nil
	}
	if len(fields) != 2 {
		return 0, 0, noPoint, fmt.Errorf("this has %d of 2 values: it must be two numbers, x,y", len(fields))
	}
	var v [2]float64
	for i, field := range fields {
		number := strings.ReplaceAll(field, "−", "-")
		if comma && strings.Count(number, ",") == 1 && !strings.Contains(number, ".") {
			number = strings.Replace(number, ",", ".", 1)
		}
		if !pointNumber.MatchString(number) {
			return 0, 0, noPoint, fmt.Errorf("%s is not a number: it must be a decimal number such as -1.5 or 2e-3", quote(field))
		}
		v[i], _ = strconv.ParseFloat(number, 64) // the error is of one that is too large, which is ±Inf
		if math.Abs(v[i]) > MaxCoordinate {
			return 0, 0, noPoint, fmt.Errorf("%s is too large: it must be from -%d to %[2]d, so scale the points", quote(field), int(MaxCoordinate))
		}
	}
	return v[0], v[1], onePoint, nil
}

var quotedText = regexp.MustCompile(`"[^"]*"`)

var pointNumber = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// blanks are what may surround a number.
const blanks = " \t\u00a0"

func trimBlanks(text string) string { return strings.Trim(text, blanks) }

// splitPoint returns the fields of a line without blanks and quotes around them, and
// whether a decimal comma is allowed. closed is false if a quote is not closed.
func splitPoint(text string) (fields []string, comma, closed bool) {
	bare := quotedText.ReplaceAllString(text, "")
	if strings.Contains(bare, `"`) {
		return nil, false, false
	}
	separators := blanks
	switch {
	case strings.Contains(bare, ";"):
		separators, comma = ";", true
	case strings.Contains(bare, ","):
		separators = ","
	}
	at, quoted := 0, false
	for i, c := range text {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted && strings.ContainsRune(separators, c) {
			fields, at = append(fields, text[at:i]), i+utf8.RuneLen(c)
		}
	}
	fields = append(fields, text[at:])
	kept := fields[:0]
	for _, f := range fields {
		f = trimBlanks(f)
		if f == "" && separators == blanks {
			continue // several blanks are one separator
		}
		if len(f) > 1 && f[0] == '"' && f[len(f)-1] == '"' {
			f = trimBlanks(f[1 : len(f)-1])
		}
		kept = append(kept, f)
	}
	return kept, comma, true
}

var (
	likeNumber = regexp.MustCompile(`^([0-9+−.,∞-]|$)`)
	noNumber   = regexp.MustCompile(`^(?i:nan|inf|infinity)$`)
)

// isHeading reports whether the fields of a line are words.
func isHeading(fields []string) bool {
	for _, f := range fields {
		if likeNumber.MatchString(f) || noNumber.MatchString(f) {
			return false
		}
	}
	return true
}

// quote returns text in double quotes, at most 40 characters of it, to be shown in an
// error. Control characters become U+FFFD.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	n := 0
	for _, c := range text {
		if n++; n > 40 {
			b.WriteRune('…')
			break
		}
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			c = utf8.RuneError
		}
		b.WriteRune(c)
	}
	b.WriteByte('"')
	return b.String()
}
