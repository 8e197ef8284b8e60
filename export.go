package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ganbel/core/data"
	"ganbel/core/onnx"
	"ganbel/core/record"
)

// export writes the networks of a run as ONNX models, where all can be made.
func export(args []string) error {
	f := flag.NewFlagSet("ganbel export", flag.ContinueOnError)
	dir := f.String("onnx", "", "folder for the models; where none is named, onnx in the run's folder, or FILE-onnx beside the file")
	f.Usage = func() { exportHelp(os.Stdout, f) }
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if err := parse(f, args); err != nil {
		return err
	}
	if name == "" {
		return misused("name what to export first: ganbel export DIR-OR-FILE [--onnx DIR]")
	}
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
	if *dir == "" {
		*dir = strings.TrimSuffix(name, ".safetensors") + "-onnx"
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			*dir = filepath.Join(name, "onnx")
		}
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return err
	}
	for _, network := range slices.Sorted(maps.Keys(models)) {
		file := filepath.Join(*dir, network+".onnx")
		if err := data.WriteFile(file, models[network]); err != nil {
			return err
		}
		fmt.Printf("%s: %s of %s at step %s, %d bytes\n", file, network, s.Meta["experiment"], s.Meta["step"], len(models[network]))
	}
	return nil
}

// exportHelp writes what ganbel export takes and gives.
func exportHelp(w io.Writer, f *flag.FlagSet) {
	fmt.Fprint(w, `ganbel export DIR-OR-FILE [flags]

Writes the networks of a run's folder, or of a run file that the page saved, as ONNX
models (opset 13), which other programs run without this one.

`)
	for _, m := range [][2]string{
		{"critic.onnx", "wgan-gp: x (batch, 2) to D (batch, 1)."},
		{"generator.onnx", "wgan-gp, where it is learned: z (batch, 2), noise, to x (batch, 2)."},
		{"encoder.onnx", "gumbel-vae: x (batch, 784) to logits (batch, N, K)."},
		{"decoder.onnx", "gumbel-vae: y (batch, N, K), a code, to x (batch, 784), the chance of each pixel to be white."},
		{"prior.onnx", "gumbel-vae, where it is learned: logits (N, K)."},
	} {
		item(w, m[0], m[1])
	}
	fmt.Fprintln(w)
	item(w, "--onnx DIR", f.Lookup("onnx").Usage)
}
