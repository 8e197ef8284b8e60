package corpus

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ganbel/core/data"
)

// files are images of a tree.
type files struct {
	tree
	path string
	list []string
}

func (f *files) count() int        { return len(f.list) }
func (f *files) name(i int) string { return f.path + ": " + printable(f.list[i]) }

func (f *files) picture(i int) (picture, error) {
	b, err := f.read(f.list[i])
	if err != nil {
		return picture{}, err
	}
	return decode(b)
}

func (f *files) channels(i int) (int, error) {
	b, err := f.read(f.list[i])
	if err != nil {
		return 0, err
	}
	return channelsOf(b)
}

// extensions are those of files that are taken for images whatever they begin with,
// so that one that is damaged counts as broken. Other files are, if they begin as
// images do.
var extensions = []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}

// isImage reports whether a file is taken for an image, by its name or by its first
// bytes.
func isImage(name string, head []byte) bool {
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(name))) || formatOf(head) != ""
}

// cifarClasses are CIFAR-10's classes in the order of their labels.
var cifarClasses = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// quality finds the JPEG quality in an archive's name.
var quality = regexp.MustCompile(`(?i)jpe?g-?q(\d+)`)

// findImages takes the files of a tree for images in folders.
func findImages(path string, t tree) (*found, error) {
	f := &found{name: filepath.Base(filepath.Clean(path)), passed: t.left(), closer: t}
	var list []string
	for _, name := range t.names() {
		if isImage(name, nil) {
			list = append(list, name)
			continue
		}
		head, err := head(t, name, tarBlock)
		switch {
		case err != nil:
			f.passed.add(notReadable, fmt.Sprintf("%s: %v", name, err))
		case isImage(name, head):
			list = append(list, name)
		case archiveOf(head) != "":
			f.passed.add(isArchive, name)
		default:
			f.passed.add(notImage, name)
		}
	}
	if len(list) == 0 {
		left := ""
		if f.passed.count() > 0 {
			left = "; " + f.passed.String()
		}
		return nil, fmt.Errorf("%s: none of its %s %s is an image: expected JPEG, PNG, WebP, GIF, BMP or TIFF, or the files of CIFAR-10, LSUN (data.mdb) or MNIST%s",
			path, data.Thousands(f.passed.count()), plural("file", f.passed.count()), left)
	}
	all := &files{tree: t, path: path}
	which, folders := parts(list)
	var class []string
	var order [2][]int32 // training and validation
	for i, name := range list {
		if which[i] == neither {
			f.passed.add(noSplit, name)
			continue
		}
		order[which[i]] = append(order[which[i]], int32(len(all.list)))
		all.list = append(all.list, name)
		class = append(class, folders[i])
	}
	if len(order[training]) == 0 {
		return nil, fmt.Errorf("%s: all of its images are in a folder for validation: expected some to train with, in a folder train", path)
	}
	f.train.records, f.valid.records = all, all
	f.train.order, f.valid.order = order[training], order[validation]
	f.label(f.oneCase(class))
	if len(f.valid.order) > 0 {
		f.train.order, f.valid.order = reordered(f.train.order), reordered(f.valid.order)
	} else {
		f.valid = part{} // holdOut shuffles
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

// oneCase gives classes of the training and the validation images that differ by
// case only one name, unless one of the two has both as classes of their own.
func (f *found) oneCase(class []string) []string {
	names := map[string]string{} // by the lower case, as the first image has it
	for _, p := range []part{f.train, f.valid} {
		own := map[string]string{}
		for _, i := range p.order {
			lower := strings.ToLower(class[i])
			if own[lower] == "" {
				own[lower] = class[i]
			}
			if own[lower] != class[i] {
				return class
			}
			if names[lower] == "" {
				names[lower] = class[i]
			}
		}
	}
	one := make([]string, len(class))
	for i, c := range class {
		one[i] = names[strings.ToLower(c)]
	}
	return one
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
