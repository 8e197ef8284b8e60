package corpus

import (
	"strings"
	"testing"
)

// Images are on the right side of a split, whatever its folders are called and
// wherever they lie. Each case lists images, each with its side and its class.
func TestParts(t *testing.T) {
	for what, list := range map[string]string{
		"none":                "cat/1=t:cat dog/1=t:dog",
		"none, within":        "set/cat/1=t:cat set/dog/1=t:dog",
		"no folders":          "1=t: 2=t:",
		"plain":               "train/cat/1=t:cat val/dog/1=v:dog",
		"within":              "a/b/train/cat/1=t:cat a/b/test/dog/1=v:dog",
		"three":               "train/cat/1=t:cat train/dog/1=t:dog val/cat/1=v:cat test/dog/1=v:dog",
		"any case":            "Train/cat/1=t:cat VALID/dog/1=v:dog",
		"classes first":       "cat/train/1=t:cat cat/val/1=v:cat dog/train/1=t:dog dog/val/1=v:dog",
		"classes first, some": "cat/train/1=t: cat/val/1=v: dog/1=n:dog",
		"only validation":     "val/cat/1=v:cat val/dog/2=v:dog",
		"rest and validation": "cat/1=t:cat dog/1=t:dog valid/cat/1=v:cat",
		"rest and test":       "1=t: 2=t: testing/1=v:",
		"years":               "images/train2017/1=t: images/val2017/1=v:",
		"seg":                 "seg_train/seg_train/sea/1=t:sea seg_test/seg_test/ice/1=v:ice seg_pred/1=n:seg_pred",
		"sets":                "Training_Set/cat/1=t:cat Test_Set/dog/1=v:dog",
		"glued":               "trainset/cat/1=t:cat testset/dog/1=v:dog",
		"CycleGAN":            "trainA/1=t:A trainB/1=t:B testA/1=v:A testB/1=v:B",
		"class and side":      "cat_train/1=t:cat dog_train/1=t:dog cat_val/1=v:cat dog_val/1=v:dog",
		"by file":             "train_1.png=t: train_2.png=t: val_1.png=v:",
		"by file, in classes": "cat/train-1=t:cat dog/train-2=t:dog dog/test-1=v:dog",
		"some by file":        "train_1.png=t: other.png=t: val_1.png=t:",
		"sizes":               "train_32x32/1=t: valid_32x32/1=v:",
		"images first":        "images_train/cat/1=t:cat images_val/dog/1=v:dog",
		"dev":                 "train/cat/1=t:cat dev/dog/1=v:dog",
		"holdout":             "training/cat/1=t:cat hold-out/dog/1=v:dog eval/dog/2=v:dog",
		"plain next to word":  "train/cat/1=t:cat validation-set/dog/1=v:dog",
		"words":               "Training Images/cat/1=t:cat Test Data/dog/1=v:dog",
		"extra":               "train/cat/1=t:cat val/dog/1=v:dog extra/cat/1=n:extra/cat",
		"class train":         "bus/1=t:bus car/1=t:car train/1=t:train",
		"class test":          "train/cat/1=t:cat train/test/1=t:test val/cat/1=v:cat val/test/1=v:test",
		"folder training":     "training/train/cat/1=t:cat training/val/dog/1=v:dog",
		"folder test":         "test/train/cat/1=t:cat test/val/dog/1=v:dog",
		"val within train":    "train/cat/1=t:cat train/val/dog/1=v:dog",
		"only training":       "train/cat/1=t:cat train/dog/1=t:dog",
		"intrain":             "strain/1=t:strain vale/1=t:vale",
		"crash tests":         "bus/1=t:bus crash_test/1=t:crash_test",
		"beside more":         "set/train/a/1=t:a set/train/b/1=t:b set/val/a/1=v:a store/a/1=n:store/a",
	} {
		var names, sides, classes []string
		for _, f := range strings.Fields(strings.ReplaceAll(strings.ReplaceAll(list, "Training Images", "Training~Images"), "Test Data", "Test~Data")) {
			name, is, _ := strings.Cut(strings.ReplaceAll(f, "~", " "), "=")
			side, class, _ := strings.Cut(is, ":")
			names, sides, classes = append(names, name), append(sides, side), append(classes, class)
		}
		of, folders := parts(names)
		for i, name := range names {
			side := map[side]string{training: "t", validation: "v", neither: "n"}[of[i]]
			if side != sides[i] || side != "n" && folders[i] != classes[i] {
				t.Errorf("%s: %s is on side %s with folders %q, want %s and %q", what, name, side, folders[i], sides[i], classes[i])
			}
		}
	}
}
