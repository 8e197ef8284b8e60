package score

import (
	"fmt"
	"strings"

	"ganbel/core/data"
)

// digitSets are the names that readers give to sets of handwritten digits, besides MNIST.
var digitSets = []string{"EMNIST digits", "EMNIST mnist", "qmnist"}

// Warning returns what is wrong with judging data by a classifier, "" if nothing is
// known to be: the classifier of MNIST knows handwritten digits only, and gives a number
// to photographs, too, once they are made as small and as grey as digits are.
func Warning(c Classifier, id data.Identity) string {
	if c.Name() != digitsName || id.Is(data.PaperMNIST) {
		return ""
	}
	for _, name := range digitSets {
		if id.Name == name {
			return ""
		}
	}
	const only = "The classifier of MNIST knows handwritten digits only: "
	if s := id.Source; len(s) == 3 && (s[0] != digitsSide || s[1] != digitsSide || s[2] != 1) {
		return fmt.Sprintf(only+"%s is of images of %d by %d with %d channels, which were made 28 by 28 and grey, and what it says of them means nothing.", id.Name, s[0], s[1], s[2])
	}
	if id.Classes == 0 {
		return "" // generated digits, for all that is known
	}
	return only + strings.TrimSpace(id.Name) + " is not known to be of digits, and then what it says of its images means nothing."
}
