package corpus

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A side of a split.
type side int

const (
	training side = iota
	validation
	neither
)

var (
	// plainSplit matches names of folders that are parts of a split in whatever company,
	// as in ImageNet's train_32x32.
	plainSplit = regexp.MustCompile(`(?i)^(?:(train|training)|test|testing|val|valid|validation)(?:_\d+x\d+)?$`)
	// splitFile matches names of files that say so themselves, as train_0001.png does.
	splitFile = regexp.MustCompile(`(?i)^(?:(train|training)|test|testing|val|valid|validation)[^a-z]`)
	// splitWord finds such a word in a name, as in train2017 or seg_test.
	splitWord = regexp.MustCompile(`(?i)(train(?:ing)?)|test(?:ing)?|val(?:id(?:ation)?)?|dev(?:el)?|eval(?:uation)?|hold-?out`)
)

// A splitName is what the name of a folder says of a split.
type splitName struct {
	side  side
	plain bool   // it does so in whatever company
	word  bool   // a word of its own does, not a part of one
	rest  string // the name without that word, in lower case
	class string // the same as it is, without what parted it from the word
}

func splitNameOf(name string) splitName {
	if m := plainSplit.FindStringSubmatch(name); m != nil {
		s := splitName{side: validation, plain: true, word: true}
		if m[1] != "" {
			s.side = training
		}
		s.rest = strings.ToLower(splitWord.ReplaceAllString(name, ""))
		return s
	}
	at := splitWord.FindStringSubmatchIndex(name)
	if at == nil {
		return splitName{side: neither}
	}
	rest := name[:at[0]] + name[at[1]:]
	s := splitName{side: validation, rest: strings.ToLower(rest), class: strings.Trim(rest, " _-.")}
	if at[2] >= 0 {
		s.side = training
	}
	letter := func(i int) bool {
		return i >= 0 && i < len(name) && ('a' <= name[i]|32 && name[i]|32 <= 'z' || name[i] >= 0x80)
	}
	s.word = !letter(at[0]-1) && !letter(at[1])
	return s
}

// splitOf returns which of the folders of one folder are parts of a split, and
// whether there is one for training and one for validation. If several are for the same
// part, such as cat_train and dog_train, the rest of their names makes classes.
func splitOf(folders []string) (of map[string]side, class map[string]string, both bool) {
	of, class = map[string]side{}, map[string]string{}
	names := map[string]splitName{}
	var plain, word [2]bool
	words := 0
	rests := map[string]*[2]bool{}
	for _, f := range folders {
		n := splitNameOf(f)
		names[f] = n
		if n.side == neither {
			continue
		}
		plain[n.side] = plain[n.side] || n.plain
		word[n.side] = word[n.side] || n.word
		if n.word {
			words++
		}
		if rests[n.rest] == nil {
			rests[n.rest] = &[2]bool{}
		}
		rests[n.rest][n.side] = true
	}
	// A word within a name counts next to a plain name of the other side, next to the
	// same name with the other word, or if no folder is without one.
	anyWord := plain[training] && word[validation] || plain[validation] && word[training] || words == len(folders) && word[training] && word[validation]
	var sides [2]bool
	several := map[string]bool{}
	for f, n := range names {
		if n.side == neither {
			continue
		}
		r := rests[n.rest]
		if n.plain || n.word && anyWord || r[training] && r[validation] {
			of[f] = n.side
			sides[n.side] = true
			if r[training] && r[validation] && n.class != "" {
				class[f] = n.class
				several[n.class] = true
			}
		}
	}
	if len(several) < 2 {
		clear(class)
	}
	return of, class, sides[training] && sides[validation]
}

// parts returns the side of a split that each image is on by its path, and the
// folders that it lies in besides those that all have in common and those of the
// split. Folders of a split may be at any depth; the outermost that come in pairs
// decide. Without such a pair, folders for validation leave all else to train with;
// with one, what lies in neither of them is on neither side. Without any of them the
// names of the files make the split, if each says its side.
func parts(names []string) (of []side, folders []string) {
	place := map[string]int{} // of each folder that has images in paths
	var paths [][]string
	at := make([]int, len(names))
	for i, name := range names {
		folder := name[:max(strings.LastIndexByte(name, '/'), 0)]
		k, ok := place[folder]
		if !ok {
			k = len(paths)
			place[folder] = k
			p := strings.Split(folder, "/")
			if folder == "" {
				p = nil
			}
			paths = append(paths, p)
		}
		at[i] = k
	}
	sides, classes := partsOf(paths)
	byFile, seen := true, [2]bool{}
	for i, name := range names {
		of = append(of, sides[at[i]])
		folders = append(folders, classes[at[i]])
		m := splitFile.FindStringSubmatch(name[strings.LastIndexByte(name, '/')+1:])
		byFile = byFile && m != nil
		if m != nil && m[1] != "" {
			seen[training] = true
		} else {
			seen[validation] = true
		}
	}
	if byFile && seen[training] && seen[validation] && !slices.Contains(of, validation) {
		for i, name := range names {
			of[i] = validation
			if splitFile.FindStringSubmatch(name[strings.LastIndexByte(name, '/')+1:])[1] != "" {
				of[i] = training
			}
		}
	}
	return of, folders
}

// partsOf does so for the folders that have images.
func partsOf(paths [][]string) (of []side, folders []string) {
	skip := inCommon(paths)
	type split struct {
		folders map[string]bool
		of      map[string]side
		class   map[string]string
		both    bool
	}
	splits := map[string]*split{} // by the path of the folder that it lies in
	for _, p := range paths {
		for k := skip; k < len(p); k++ {
			above := strings.Join(p[:k], "/")
			if splits[above] == nil {
				splits[above] = &split{folders: map[string]bool{}}
			}
			splits[above].folders[p[k]] = true
		}
	}
	for _, s := range splits {
		s.of, s.class, s.both = splitOf(slices.Sorted(maps.Keys(s.folders)))
	}
	rests := make([][]string, len(paths))
	for i, p := range paths {
		s, paired := neither, false
		for k := skip; k < len(p); k++ {
			at := splits[strings.Join(p[:k], "/")]
			is, ok := at.of[p[k]]
			if paired && len(rests[i]) == 0 && p[k] == p[k-1] {
				continue // a folder in another of its name, as archives have
			}
			if !ok || paired {
				rests[i] = append(rests[i], p[k])
				continue
			}
			if c := at.class[p[k]]; c != "" {
				rests[i] = append(rests[i], c)
			}
			if paired = at.both; paired || s != validation {
				s = is
			}
		}
		of = append(of, s)
	}
	switch {
	case !slices.Contains(of, validation):
		// No split: what looked like a part of one is a folder like any other.
		common := training
		for _, f := range paths[0][:skip] {
			if n := splitNameOf(f); n.plain {
				common = n.side
			}
		}
		for i, p := range paths {
			of[i], rests[i] = common, p[skip:]
		}
	case !slices.Contains(of, training):
		for i := range of {
			if of[i] == neither {
				of[i] = training
			}
		}
	}
	// If some lie on neither side, the others may have more in common.
	var kept [][]string
	for i, r := range rests {
		if of[i] != neither {
			kept = append(kept, r)
		}
	}
	skip = inCommon(kept)
	for _, r := range rests {
		folders = append(folders, strings.Join(r[min(skip, len(r)):], "/"))
	}
	return of, folders
}

// inCommon returns how many folders all paths begin with.
func inCommon(paths [][]string) int {
	n := len(paths[0])
	for _, p := range paths {
		same := 0
		for same < min(len(p), n) && p[same] == paths[0][same] {
			same++
		}
		n = same
	}
	return n
}
