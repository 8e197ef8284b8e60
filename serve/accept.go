package serve

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// choose returns the content coding in has that the lines of an Accept-Encoding header
// prefer, "" for identity: RFC 9110, section 12.5.3. If several have the same weight it
// returns the best one, and identity last. If the header accepts nothing it returns "",
// too: a page that can be read is better than an error.
func choose(lines []string, has map[string][]byte) string {
	weights := map[string]float64{}
	for _, member := range strings.Split(strings.Join(lines, ","), ",") {
		name, parameters, _ := strings.Cut(member, ";")
		name = strings.ToLower(strings.Trim(name, " \t"))
		if name == "x-gzip" {
			name = "gzip" // section 8.4.1.3
		}
		if name != "" {
			weights[name] = weight(parameters)
		}
	}
	// weigh returns the weight of a coding, or other if the header does not cover it.
	weigh := func(name string, other float64) float64 {
		if w, ok := weights[name]; ok {
			return w
		}
		if w, ok := weights["*"]; ok {
			return w
		}
		return other
	}
	best, most := "", weigh("identity", math.SmallestNonzeroFloat64)
	for _, c := range slices.Backward(codings) { // the best of equals comes last
		if _, ok := has[c.name]; !ok {
			continue
		}
		if w := weigh(c.name, 0); w > 0 && w >= most {
			best, most = c.name, w
		}
	}
	return best
}

// weight returns the q of a member's parameters, 1 without a q. A q that is not a number
// from 0 to 1 counts as 0: it may mean a refusal.
func weight(parameters string) float64 {
	for _, p := range strings.Split(parameters, ";") {
		name, text, _ := strings.Cut(strings.Trim(p, " \t"), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		w, err := strconv.ParseFloat(text, 64)
		if err != nil || !(w >= 0 && w <= 1) {
			return 0
		}
		return w
	}
	return 1
}
