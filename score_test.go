package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"ganbel/core/data"
	"ganbel/core/random"
)

// Noise scores nothing beside real digits, and is far from them; digits are not.
func TestScore(t *testing.T) {
	_, test, err := data.MNIST(mnistFiles())
	if err != nil {
		t.Fatal(err)
	}
	const n = 60
	// CIFAR-10's layout, which is the easiest to write: a digit at the top left of each.
	file := func(name string, pixel func(i, at int) byte) string {
		var b []byte
		for i := range n {
			b = append(b, 0)
			for range 3 {
				for at := range 32 * 32 {
					b = append(b, pixel(i, at))
				}
			}
		}
		name = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	r := random.New(1, "noise")
	noise := file("noise.bin", func(i, at int) byte { return byte(r.Intn(256)) })
	digits := file("digits.bin", func(i, at int) byte {
		y, x := at/32*28/32, at%32*28/32
		return test.Pixels[i*28*28+y*28+x]
	})
	row := regexp.MustCompile(`(?m)^(real: )?.{10,}? ([0-9.]+) +([0-9.]+)$`)
	measure := func(path string) (scores, distances [2]float64) {
		text := quiet(t, func() { err = command(context.Background(), []string{"score", path}) })
		if err != nil {
			t.Fatal(err)
		}
		found := row.FindAllStringSubmatch(text, -1)
		if len(found) != 2 || found[1][1] != "real: " {
			t.Fatalf("%q in\n%s", found, text)
		}
		for i := range found {
			scores[i], _ = strconv.ParseFloat(found[i][2], 64)
			distances[i], _ = strconv.ParseFloat(found[i][3], 64)
		}
		return scores, distances
	}
	scores, distances := measure(digits)
	if !(scores[0] > 5 && scores[1] > 5) || !(distances[0] < 10 && distances[1] < 5) {
		t.Errorf("digits: %v, at %v", scores, distances)
	}
	noisy, away := measure(noise)
	if !(noisy[0] < 2) || !(away[0] > 5*distances[0]) || noisy[1] != scores[1] {
		t.Errorf("noise: %v, at %v", noisy, away)
	}
}
