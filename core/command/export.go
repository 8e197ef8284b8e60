package command

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ganbel/core/data"
	"ganbel/core/onnx"
	"ganbel/core/record"
)

// exportCommand writes the networks of a run as ONNX models, if all can be made.
func exportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "export DIR-OR-FILE",
		Short:   "Writes a run's networks as ONNX models.",
		Long:    exportText(),
		Example: "ganbel export runs/wgan-gp-live-1\nganbel export FILE.safetensors --onnx models",
		Args:    one("name what to export first"),
	}
	dir := c.Flags().String("onnx", "", "folder for the models; if none is named, onnx in the run's folder, or FILE-onnx next to the file")
	group(c.Flags(), "Flags", "onnx DIR")
	c.RunE = func(_ *cobra.Command, args []string) error { return export(args[0], *dir) }
	return c
}

// export writes the networks of the run in a folder or a file into dir, "" for one
// next to it.
func export(name, dir string) error {
	s, notes, err := record.ReadNoting(name)
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Println(note)
	}
	models, err := onnx.Models(s)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if dir == "" {
		dir = strings.TrimSuffix(name, ".safetensors") + "-onnx"
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			dir = filepath.Join(name, "onnx")
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, network := range slices.Sorted(maps.Keys(models)) {
		file := filepath.Join(dir, network+".onnx")
		if err := data.WriteFile(file, models[network]); err != nil {
			return err
		}
		fmt.Printf("%s: %s of %s at step %s, %d bytes\n", file, network, s.Meta["experiment"], s.Meta["step"], len(models[network]))
	}
	return nil
}

// exportText says what ganbel export writes.
func exportText() string {
	var b strings.Builder
	paragraph(&b, "Writes the networks of a run's folder, or of a run file that the page saved, as ONNX models (opset 13), which other programs run without this one.")
	fmt.Fprintln(&b)
	for _, m := range [][2]string{
		{"critic.onnx", "wgan-gp: x (batch, 2) to D (batch, 1)."},
		{"generator.onnx", "wgan-gp, if it is learned: z (batch, 2), noise, to x (batch, 2)."},
		{"encoder.onnx", "gumbel-vae: x (batch, 784) to logits (batch, N, K)."},
		{"decoder.onnx", "gumbel-vae: y (batch, N, K), a code, to x (batch, 784), the chance of each pixel to be white."},
		{"prior.onnx", "gumbel-vae, if it is learned: logits (N, K)."},
	} {
		item(&b, m[0], m[1])
	}
	return b.String()
}
