package corpus

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// An idxSet is the files of one set. Of each there may be several, packed and not.
type idxSet struct {
	folder, group         string
	train, test, unparted []idxFile // images
	labels                map[byte][]idxFile
}

// name returns what the set is called among others.
func (s *idxSet) name() string {
	if s.group != "" {
		return s.folder + s.group
	}
	return strings.TrimSuffix(s.folder, "/")
}

// called returns what a set without a better name is called: as its files say, or its
// folder.
func (s *idxSet) called(path string) string {
	return cmp.Or(s.group, base(filepath.Join(path, filepath.FromSlash(s.folder))))
}

// idxSets sorts the idx files of a tree into sets.
func idxSets(sniffs []sniff) (all []*idxSet) {
	of := map[string]*idxSet{}
	var loose []idxFile // labels of no set of images
	var files []idxFile
	for _, s := range sniffs {
		if f, ok := newIDXFile(s); ok {
			files = append(files, f)
		}
	}
	for _, f := range files {
		if !f.images {
			continue
		}
		key := f.folder + "\x00" + f.group
		s := of[key]
		if s == nil {
			s = &idxSet{folder: f.folder, group: f.group, labels: map[byte][]idxFile{}}
			of[key], all = s, append(all, s)
		}
		switch f.part {
		case 't':
			s.train = append(s.train, f)
		case 'v':
			s.test = append(s.test, f)
		default:
			s.unparted = append(s.unparted, f)
		}
	}
	for _, f := range files {
		if f.images {
			continue
		}
		if s := of[f.folder+"\x00"+f.group]; s != nil {
			s.labels[f.part] = append(s.labels[f.part], f)
		} else {
			loose = append(loose, f)
		}
	}
	all = united(all, loose)
	for _, s := range all {
		for _, list := range [][]idxFile{s.train, s.test, s.unparted, s.labels['t'], s.labels['v'], s.labels[0]} {
			// What is unpacked comes first, and what is an idx file before what only has
			// the name of one.
			slices.SortStableFunc(list, func(a, b idxFile) int { return a.rank() - b.rank() })
		}
	}
	return all
}

func (f idxFile) rank() int {
	switch {
	case !f.is:
		return 2
	case strings.HasSuffix(strings.ToLower(f.name), ".gz"):
		return 1
	}
	return 0
}

// united handles names that follow no rule. Labels that belong to no images by their name
// go to the only images of their folder that are as many; and if a folder has just two
// sets of one part each, they are the parts of one set.
func united(all []*idxSet, loose []idxFile) (out []*idxSet) {
	for _, f := range loose {
		type place struct {
			set  *idxSet
			part byte
		}
		var fits []place
		for _, s := range all {
			for _, p := range []struct {
				part byte
				list []idxFile
			}{{'t', s.train}, {'v', s.test}, {0, s.unparted}} {
				as := func(m idxFile) bool { return m.is && f.is && m.idx.Shape[0] == f.idx.Shape[0] }
				if s.folder == f.folder && (f.part == p.part || f.part == 0 || p.part == 0) && slices.ContainsFunc(p.list, as) {
					fits = append(fits, place{s, p.part})
				}
			}
		}
		if len(fits) == 1 {
			fits[0].set.labels[fits[0].part] = append(fits[0].set.labels[fits[0].part], f)
		}
	}
	for i, s := range all {
		var others []*idxSet // of the folder
		for j, o := range all {
			if o.folder == s.folder && i != j {
				others = append(others, o)
			}
		}
		if len(others) != 1 {
			out = append(out, s)
			continue
		}
		switch one := joined(s, others[0]); {
		case one == nil:
			out = append(out, s)
		case slices.Index(all, others[0]) > i:
			out = append(out, one)
		}
	}
	return out
}

// joined returns the one set whose parts two are, nil if they are not: by their names,
// or by their sizes if these say nothing, of which the larger is the one to train with.
func joined(a, b *idxSet) *idxSet {
	if a.images() != 1 || b.images() != 1 {
		return nil
	}
	if len(a.unparted) > 0 && len(b.unparted) > 0 {
		m, n := a.unparted[0], b.unparted[0]
		if !m.is || !n.is || m.idx.Shape[0] == n.idx.Shape[0] {
			return nil
		}
		if m.idx.Shape[0] < n.idx.Shape[0] {
			a, b = b, a
		}
		return &idxSet{folder: a.folder, train: a.unparted, test: b.unparted, labels: map[byte][]idxFile{'t': a.labels[0], 'v': b.labels[0]}}
	}
	if len(a.train) == 0 {
		a, b = b, a
	}
	if len(a.train) == 0 || len(b.test) == 0 {
		return nil
	}
	return &idxSet{folder: a.folder, train: a.train, test: b.test, labels: map[byte][]idxFile{'t': a.labels['t'], 'v': b.labels['v']}}
}

// images returns how many parts of a split the set has images of.
func (s *idxSet) images() (n int) {
	for _, list := range [][]idxFile{s.train, s.test, s.unparted} {
		if len(list) > 0 {
			n++
		}
	}
	return n
}

// has reports whether a file is one of the set's.
func (s *idxSet) has(name string) bool {
	for _, list := range [][]idxFile{s.train, s.test, s.unparted, s.labels['t'], s.labels['v'], s.labels[0]} {
		if slices.ContainsFunc(list, func(f idxFile) bool { return f.name == name }) {
			return true
		}
	}
	return false
}
