package corpus

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// files are images of a tree.
type files struct {
	tree
	path string
	list []string
}

func (f *files) count() int        { return len(f.list) }
func (f *files) name(i int) string { return f.path + ": " + f.list[i] }

func (f *files) picture(i int) (picture, error) {
	b, err := f.read(f.list[i])
	if err != nil {
		return picture{}, err
	}
	return decode(b)
}

// extensions are those of files that are taken for images.
var extensions = []string{".jpg", ".jpeg", ".png", ".webp", ".gif"}

// splitFolders are names of the parts of a split, as in ImageNet's train_32x32.
var splitFolders = regexp.MustCompile(`(?i)^(?:(train|training)|test|testing|val|valid|validation)(?:_\d+x\d+)?$`)

// splitOf returns 't' for the name of a folder of training images, 'v' for one of
// images for validation, 0 for others.
func splitOf(folder string) byte {
	switch m := splitFolders.FindStringSubmatch(folder); {
	case m == nil:
		return 0
	case m[1] != "":
		return 't'
	}
	return 'v'
}

// cifarClasses are CIFAR-10's classes in the order of their labels.
var cifarClasses = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// quality finds the JPEG quality in an archive's name.
var quality = regexp.MustCompile(`(?i)jpe?g-?q(\d+)`)

// findImages takes the files of a tree for images in folders.
func findImages(path string, t tree) (*found, error) {
	all := &files{tree: t, path: path}
	for _, name := range t.names() {
		if slices.Contains(extensions, strings.ToLower(filepath.Ext(name))) {
			all.list = append(all.list, name)
		}
	}
	f := &found{name: filepath.Base(filepath.Clean(path)), passed: len(t.names()) - len(all.list), closer: t}
	if len(all.list) == 0 {
		return nil, fmt.Errorf("%s: none of its %s %s is an image by its name: expected %s, or the files of CIFAR-10, LSUN (data.mdb) or MNIST (.gz)",
			path, digits(f.passed), plural("file", f.passed), strings.Join(extensions, " "))
	}
	skip := len(common(all.list))
	class := make([]string, len(all.list)) // the folders within the split's
	var parts [2][]int32                   // training and validation
	for i, name := range all.list {
		folders := strings.Split(name[skip:], "/")
		folders = folders[:len(folders)-1]
		which := 0
		if len(folders) > 0 {
			if s := splitOf(folders[0]); s != 0 {
				folders = folders[1:]
				if s == 'v' {
					which = 1
				}
			}
		}
		parts[which] = append(parts[which], int32(i))
		class[i] = strings.Join(folders, "/")
	}
	if len(parts[0]) == 0 {
		return nil, fmt.Errorf("%s: all of its images are in a folder for validation: expected some to train with, in a folder train", path)
	}
	f.train.records, f.valid.records = all, all
	f.label(class)
	f.train.order = parts[0] // holdOut shuffles where there is no split
	if len(parts[1]) > 0 {
		f.train.order, f.valid.order = reordered(parts[0]), reordered(parts[1])
	} else {
		f.valid = part{}
	}
	if slices.Equal(f.classes, cifarClasses) {
		f.name = "CIFAR-10"
		if m := quality.FindStringSubmatch(filepath.Base(path)); m != nil {
			f.name += ", JPEG q" + m[1]
		} else if ext := strings.ToLower(filepath.Ext(all.list[0])); ext == ".jpg" || ext == ".jpeg" {
			f.name += ", JPEG"
		}
	}
	return f, nil
}

// label makes classes of the images' folders: none where some image is in no
// folder or in one within another, or where there are fewer than 2 or more than
// 256, which is what a label holds.
func (f *found) label(class []string) {
	classes := slices.Compact(slices.Sorted(slices.Values(class)))
	if len(classes) < 2 || len(classes) > 256 || slices.ContainsFunc(classes, func(c string) bool { return c == "" || strings.Contains(c, "/") }) {
		return
	}
	f.classes = classes
	labels := make([]uint8, len(class))
	for i, c := range class {
		k, _ := slices.BinarySearch(classes, c)
		labels[i] = uint8(k)
	}
	f.train.labels, f.valid.labels = labels, labels
}

// reordered shuffles what a folder's order has sorted by class.
func reordered(order []int32) []int32 {
	out := make([]int32, len(order))
	for i, k := range shuffled(len(order)) {
		out[i] = order[k]
	}
	return out
}
