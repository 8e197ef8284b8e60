package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// A Tape is a run that was recorded to be shown before anything is trained: its
// frames and metrics at some steps, and the checkpoints from which it can go on.
type Tape struct {
	Experiment  *lab.Experiment
	Preset      string
	Values      lab.Values
	Frames      []lab.Frame // in the order of their steps, all of the same tensors and shapes
	Rows        [][]float64 // the metrics at each, NaN where not known
	Checkpoints []data.Store
}

// How many bytes of numbers a checkpoint beside a tape may have, and one of several.
const (
	maxCheckpoint  = 1_250_000
	manyCheckpoint = 300_000
)

// tapeField is the setting "field" of a run while it is recorded. It says only
// what is drawn, so the checkpoints are those of the preset's own.
const tapeField = "33"

// NewTape trains a preset and records it at the given steps, which must rise.
// It keeps at most so many checkpoints, the last of them at the last step, of larger
// runs only that one, and none of a run that is too large for a page to load one.
func NewTape(e *lab.Experiment, preset string, w experiment.World, steps []int, checkpoints int) (*Tape, error) {
	v, err := e.Resolve(preset, nil)
	if err != nil {
		return nil, err
	}
	drawn := maps.Clone(v)
	if e.Setting("field") != nil {
		drawn["field"] = tapeField
	}
	// Several tapes recorded side by side, a core each, take less time than on all
	// cores one after the other, and how many there are cannot matter to them.
	w.Goroutines = 1
	run, err := experiment.Open(e, drawn, w)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	size := 0
	for _, t := range run.Save().Tensors {
		size += 4 * len(t.Data)
	}
	if size > manyCheckpoint {
		checkpoints = min(checkpoints, 1)
	}
	kept := map[int]bool{}
	for k := 1; k <= checkpoints && size <= maxCheckpoint; k++ {
		kept[k*(len(steps)-1)/checkpoints] = true
	}
	t := &Tape{Experiment: e, Preset: preset, Values: v}
	for i, step := range steps {
		if step < run.Step() {
			panic(fmt.Sprintf("record: a tape's steps %v do not rise", steps))
		}
		if err := run.Train(step - run.Step()); err != nil {
			return nil, fmt.Errorf("the tape of %s %s: %w", e.Name, preset, err)
		}
		t.Frames, t.Rows = append(t.Frames, run.Frame()), append(t.Rows, run.Measure())
		if kept[i] && step > 0 {
			s := run.Save()
			if field, ok := v["field"]; ok {
				s.Meta["set.field"] = field
			}
			t.Checkpoints = append(t.Checkpoints, s)
		}
	}
	return t, nil
}

// TapeSteps returns n ≥ 2 rising steps from 0 to last, dense at the start, where
// most happens: the i-th is near last·(i/(n-1))^2.4. There are fewer where last
// is less than n-1.
func TapeSteps(n, last int) []int {
	steps := []int{0}
	for i := 1; i < n && steps[len(steps)-1] < last; i++ {
		at := int(math.Round(float64(last) * math.Pow(float64(i)/float64(n-1), 2.4)))
		steps = append(steps, max(at, steps[len(steps)-1]+1))
	}
	return steps
}

// Name returns what a tape's files are called before their last part.
func (t *Tape) Name() string { return t.Experiment.Name + "." + t.Preset }

// CheckpointName returns the name of the file of a checkpoint.
func (t *Tape) CheckpointName(s data.Store) string {
	return t.Name() + "." + s.Meta["step"] + ".safetensors"
}

// A layout says in a tape's file how one tensor of its frames is kept.
type layout struct {
	Name   string `json:"name"`
	Shape  []int  `json:"shape"`
	Levels int    `json:"levels,omitempty"` // 0 for numbers as they are
	Log    bool   `json:"log,omitempty"`
	Once   bool   `json:"once,omitempty"` // it is the same in all frames, and kept once
	Late   bool   `json:"late,omitempty"` // the first frame lacks it, and has zeros instead
	Ways   string `json:"ways,omitempty"` // a digit for each frame: how its numbers were guessed, see guess
}

// Store returns the tape as one file, in which
//
//	the texts are "tape" (the version, 1), "experiment", "preset", and as JSON
//	"values", "steps", "metrics" (their names), "checkpoints" ([{step, file, bytes}])
//	and "tensors" (a layout each);
//	"metrics" (frames, metrics) are the rows, NaN where not known;
//	"NAME" is a tensor of layout NAME with 0 levels, frame after frame;
//	"NAME range" (frames, 2) are the least and the greatest number of one with levels,
//	and the bytes "NAME" are for each number how far it is from its guess, modulo
//	256; where there are more than 255 levels modulo 65536, all low bytes of all
//	frames before all high ones.
//
// A rounded number q stands for least + (greatest-least)·q/levels, on the
// logarithmic scale for least·(greatest/least)^(q/levels).
func (t *Tape) Store() data.Store {
	s := data.Store{Tensors: map[string]data.Tensor{}, Bytes: map[string][]byte{}}
	var layouts []layout
	last := t.Frames[len(t.Frames)-1].Tensors
	for _, name := range slices.Sorted(maps.Keys(last)) {
		kind, ok := trackOf(name, last[name])
		late := false
		var all []data.Tensor
		for i, f := range t.Frames {
			v, has := f.Tensors[name]
			if !has && i == 0 {
				v = data.Tensor{Shape: last[name].Shape, Data: make([]float32, len(last[name].Data))}
				late, has = true, true
			}
			ok = ok && has
			all = append(all, v)
		}
		if !ok {
			continue
		}
		for i := range all {
			all[i] = kind.cut(all[i], t.view())
		}
		l := layout{Name: name, Shape: all[0].Shape, Levels: kind.levels, Log: kind.log, Once: true, Late: late}
		for _, v := range all[1:] {
			l.Once = l.Once && slices.Equal(v.Data, all[0].Data)
		}
		if l.Once {
			all = all[:1]
		}
		if kind.levels == 0 {
			s.Tensors[name] = join(all, l.Shape)
		} else {
			var ranges data.Tensor
			ranges, s.Bytes[name], l.Ways = kind.round(all)
			s.Tensors[name+" range"] = ranges
		}
		layouts = append(layouts, l)
	}
	rows := data.Tensor{Shape: []int{len(t.Rows), len(t.Experiment.Metrics)}}
	var steps []int
	for i, row := range t.Rows {
		steps = append(steps, t.Frames[i].Step)
		for _, v := range row {
			rows.Data = append(rows.Data, float32(v))
		}
	}
	s.Tensors["metrics"] = rows
	metrics := []string{}
	for _, m := range t.Experiment.Metrics {
		metrics = append(metrics, m.Name)
	}
	type checkpoint struct {
		Step  int    `json:"step"`
		File  string `json:"file"`
		Bytes int    `json:"bytes"`
	}
	checkpoints := []checkpoint{}
	for _, c := range t.Checkpoints {
		step, err := strconv.Atoi(c.Meta["step"])
		if err != nil {
			panic(err) // a run wrote it
		}
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, c); err != nil {
			panic(err) // a buffer takes all, and a run's names are fit
		}
		checkpoints = append(checkpoints, checkpoint{step, t.CheckpointName(c), b.Len()})
	}
	s.Meta = map[string]string{
		"tape": "1", "experiment": t.Experiment.Name, "preset": t.Preset,
		"values": text(t.Values), "steps": text(steps), "metrics": text(metrics), "checkpoints": text(checkpoints), "tensors": text(layouts),
	}
	return s
}

// view returns how far what is drawn reaches, 1 where that is not said.
func (t *Tape) view() float64 {
	if v := t.Frames[0].Tensors["view"].Data; len(v) == 1 {
		return float64(v[0])
	}
	return 1
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is plain data
	}
	return string(b)
}

func join(all []data.Tensor, shape []int) (joined data.Tensor) {
	joined.Shape = append([]int{len(all)}, shape...)
	for _, v := range all {
		joined.Data = append(joined.Data, v.Data...)
	}
	return joined
}
