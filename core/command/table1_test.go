package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ganbel/core/sweep"
)

// The grid trains, chooses, measures and tabulates; called again it does nothing
// anew, and with more steps it goes on from where it ended.
func TestTable1(t *testing.T) {
	dir := t.TempDir()
	args := append(strings.Fields("table1 --rows sop-categorical,vae-bernoulli --estimators nvil,gumbel-softmax,arm --pilot 20 --draws 2 --digits 100 --rates 0.003 --anneals 0.0001 --out"), dir)
	grid := func(more ...string) (said string) {
		t.Helper()
		said = quiet(t, func() {
			if err := command(context.Background(), append(args, more...)); err != nil {
				t.Fatal(err)
			}
		})
		return said
	}
	first := grid("--steps", "30")
	row := regexp.MustCompile(`(?m)^\| VAE \(Bern\.\), ours +\| +\d+\.\d ± \d+\.\d \| +\d+\.\d ± \d+\.\d \| +\d+\.\d ± \d+\.\d \|$`)
	if !row.MatchString(first) {
		t.Errorf("no row of three numbers in\n%s", first)
	}
	if want := regexp.MustCompile(`(?m)^\| SBN \(Cat\.\), paper +\| +73\.1 \| +59\.0 \| +\|$`); !want.MatchString(first) {
		t.Errorf("the paper's row lacks in\n%s", first)
	}
	for _, name := range []string{"table1.md", "curves-sop-categorical.png", "curves-vae-bernoulli.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "sop-categorical-arm")); err == nil {
		t.Error("ARM was trained with classes")
	}
	run := filepath.Join(dir, "vae-bernoulli-nvil", "rate-0.003-seed-1", "checkpoint.safetensors")
	before, err := os.Stat(run)
	if err != nil {
		t.Fatal(err)
	}
	table := func(said string) string { return said[strings.Index(said, "## Table 1"):] }
	if again := grid("--steps", "30"); table(again) != table(first) {
		t.Errorf("the same again is\n%s\nand was\n%s", again, first)
	}
	if after, err := os.Stat(run); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Error("a run that was at its end was trained or written again")
	}
	if more := grid("--steps", "40"); !strings.Contains(more, "step 40:") || table(more) == table(first) {
		t.Errorf("with more steps it says\n%s", more)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	quiet(t, func() {
		err = command(ctx, []string{"table1", "--out", filepath.Join(dir, "stopped"), "--rows", "sop-categorical", "--estimators", "nvil"})
	})
	if !errors.Is(err, sweep.ErrStopped) || status(err) != 130 {
		t.Errorf("interrupted it ends with %v, status %d", err, status(err))
	}
	// A bound that cannot be read is no result: its cell is named.
	if err := os.WriteFile(filepath.Join(dir, "vae-bernoulli-nvil", "rate-0.003-seed-1", "bounds.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	said := quiet(t, func() { err = command(context.Background(), append(args, "--steps", "40")) })
	if status(err) != 1 || !strings.Contains(err.Error(), "1 of 5 cells have no result: vae-bernoulli-nvil;") || !strings.Contains(err.Error(), "remove it") || !strings.Contains(said, "## Table 1") {
		t.Errorf("with a cell that has no result it ends with %v, status %d", err, status(err))
	}
}
