//go:build js

package main

import (
	"bytes"
	"fmt"
	"syscall/js"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/wasm/values"
)

// load goes on from what was saved of every run, or changes none.
func (w *worker) load(saved js.Value, adopt bool) error {
	stores, err := read(saved, len(w.runs))
	if err == nil {
		err = train.LoadAll(w.runs, stores, adopt)
	}
	if err != nil {
		return fmt.Errorf("the saved run cannot be opened: %w", err)
	}
	return nil
}

// read returns what was saved of n runs.
func read(saved js.Value, n int) ([]data.Store, error) {
	if got := saved.Length(); got != n {
		return nil, fmt.Errorf("there are %d runs saved, and %d open", got, n)
	}
	stores := make([]data.Store, n)
	for i := range stores {
		var err error
		if stores[i], err = train.ReadRun(bytes.NewReader(values.Bytes(saved.Index(i)))); err != nil {
			return nil, err
		}
	}
	return stores, nil
}

// judge answers with the contents of a run file, or with what is wrong with it.
func judge(m js.Value) {
	answer := map[string]any{"id": m.Get("id")}
	stores, err := read(m.Get("saved"), 1)
	if err == nil {
		s := stores[0]
		var v lab.Values
		var step int
		if v, step, err = train.Saved(s); err == nil {
			set := map[string]any{}
			for name, text := range v {
				set[name] = text
			}
			answer["experiment"], answer["preset"], answer["step"], answer["values"], answer["digest"] = s.Meta["experiment"], s.Meta["preset"], step, set, s.Digest
		}
	}
	if err != nil {
		answer["message"] = err.Error()
	}
	post("judged", answer)
}
