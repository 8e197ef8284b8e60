//go:build js

package main

import (
	"bytes"
	"errors"
	"maps"
	"syscall/js"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/score"
	"ganbel/core/train"
	"ganbel/wasm/values"
)

// badShard is the error of digits that came broken: downloading them anew may help.
type badShard struct{ error }

func (w *worker) open(m js.Value) error {
	if broken := m.Get("broken"); broken.Truthy() {
		return badShard{errors.New(broken.String())}
	}
	e, err := lab.Find(m.Get("experiment").String())
	if err != nil {
		return err
	}
	preset, changes := "", settings(m.Get("values"))
	if p := m.Get("preset"); p.Truthy() {
		preset = p.String()
	}
	variants := []lab.Values{changes}
	if v := m.Get("variants"); v.Truthy() {
		variants = nil
		for i := range v.Length() {
			both := maps.Clone(changes)
			maps.Copy(both, settings(v.Index(i)))
			variants = append(variants, both)
		}
	}
	var world experiment.World
	if p := m.Get("points"); p.Truthy() {
		world.Points = values.Numbers(p)
	}
	if shard := m.Get("shard"); shard.Truthy() {
		world.MNIST = func() (train, test *data.Images, err error) {
			all, err := data.ReadShard(bytes.NewReader(values.Bytes(shard)))
			if err != nil {
				return nil, nil, badShard{err}
			}
			train, test = all.Split()
			return train, test, nil
		}
	}
	if weights := m.Get("weights"); weights.Truthy() {
		if world.Classifier, err = score.ReadDigits(bytes.NewReader(values.Bytes(weights))); err != nil {
			return badShard{err}
		}
	}
	var stores []data.Store
	if saved := m.Get("saved"); saved.Truthy() {
		if stores, err = read(saved, len(variants)); err != nil {
			return err
		}
	}
	open := func() ([]*train.Run, error) {
		return begin(e, preset, variants, world, stores, m.Get("adopt").Truthy())
	}
	runs, err := open()
	if errors.As(err, new(*train.TooLarge)) && w.runs != nil {
		runs, err = w.instead(open)
	}
	if err != nil {
		return err
	}
	w.close()
	w.experiment, w.world, w.runs = e, world, runs
	var sets, names []any
	for _, run := range runs {
		set := map[string]any{}
		for name, text := range run.Values() {
			set[name] = text
		}
		sets = append(sets, set)
	}
	for _, metric := range e.Metrics {
		names = append(names, metric.Name)
	}
	post("opened", map[string]any{"id": m.Get("id"), "experiment": e.Name, "runs": sets, "metrics": names, "saved": stores != nil})
	w.meter, w.within = meter{every: e.Preset(preset).Every}, false
	w.shown, w.measured = -1, -1
	w.state()
	w.frame() // the first picture comes before the numbers
	w.measure()
	return nil
}

// instead closes the present runs and returns those that open opens in their memory. If
// open fails, the present runs are opened again from their steps.
func (w *worker) instead(open func() ([]*train.Run, error)) ([]*train.Run, error) {
	var stores []data.Store
	var all []lab.Values
	for _, run := range w.runs {
		stores, all = append(stores, run.Save()), append(all, run.Values())
	}
	left := w.left
	w.close()
	runs, err := open()
	if err == nil {
		return runs, nil
	}
	again, lost := begin(w.experiment, "", all, w.world, stores, false)
	if lost != nil {
		return nil, errors.Join(err, lost)
	}
	w.runs, w.left = again, left
	return nil, err
}

// begin opens a run of each variant, all of which there must be memory for, and loads the
// stores if there are any, or adopts them. If it fails no run is open.
func begin(e *lab.Experiment, preset string, variants []lab.Values, world experiment.World, stores []data.Store, adopt bool) (runs []*train.Run, err error) {
	defer func() {
		if err != nil {
			for _, run := range runs {
				run.Close()
			}
		}
	}()
	planned := uint64(0) // of the runs before: nothing of it is allocated yet
	world.Planned = func(p train.Plan) { planned += uint64(p.Bytes) }
	for i, v := range variants {
		resolved, err := e.Resolve(preset, v)
		if err != nil {
			return runs, err
		}
		before := planned
		world.Free = func() memory.Room {
			r := memory.Free()
			r.Bytes -= min(r.Bytes, before)
			return r
		}
		if stores != nil && !adopt {
			world.Saved = &stores[i]
		}
		run, err := experiment.Open(e, resolved, world)
		if err != nil {
			return runs, err
		}
		runs = append(runs, run)
	}
	if stores != nil {
		err = train.LoadAll(runs, stores, adopt)
	}
	return runs, err
}

// close closes the runs that are open.
func (w *worker) close() {
	for _, run := range w.runs {
		run.Close()
	}
	w.runs, w.left = nil, 0
}

// settings reads an object of settings; none are none.
func settings(object js.Value) lab.Values {
	v := lab.Values{}
	if object.Truthy() {
		for _, name := range values.Keys(object) {
			v[name] = object.Get(name).String()
		}
	}
	return v
}
