//go:build js

package main

import (
	"fmt"
	"maps"
	"syscall/js"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/wasm/values"
)

// A message is what the page says, with all that its cmd may bring.
type message struct {
	cmd                string
	experiment, preset string
	variants           []lab.Values // changed settings of each run
	points             []float32
	shard, weights     []byte // nil for none
	speed              float64
	n                  int
	name, value        string
	id                 js.Value
	run                int
	action             string
	tensors            map[string]data.Tensor
	runs               [][]byte // files
	adopt              bool
}

// read reads a message, and changes nothing. It returns an error for one that lacks
// something its cmd needs, or brings something else.
func read(m js.Value) (r message, err error) {
	defer func() {
		if p := recover(); p != nil { // package js panics if a value is of another type
			err = fmt.Errorf("the message %q cannot be read: %v", r.cmd, p)
		}
	}()
	r.cmd, r.id = m.Get("cmd").String(), m.Get("id")
	switch r.cmd {
	case "open", "check":
		r.experiment = m.Get("experiment").String()
		if p := m.Get("preset"); p.Truthy() {
			r.preset = p.String()
		}
		changes := settings(m.Get("values"))
		r.variants = []lab.Values{changes}
		if v := m.Get("variants"); v.Truthy() {
			r.variants = nil
			for i := range v.Length() {
				both := maps.Clone(changes)
				maps.Copy(both, settings(v.Index(i)))
				r.variants = append(r.variants, both)
			}
		}
		if p := m.Get("points"); p.Truthy() {
			r.points = values.Numbers(p)
		}
		if v := m.Get("shard"); v.Truthy() {
			r.shard = values.Bytes(v)
		}
		if v := m.Get("weights"); v.Truthy() {
			r.weights = values.Bytes(v)
		}
		if r.cmd == "check" {
			r.runs = files(m.Get("runs"))
		}
	case "play":
		r.speed = m.Get("speed").Float()
	case "step":
		r.n = max(1, m.Get("n").Int())
	case "set":
		r.name, r.value = m.Get("name").String(), m.Get("value").String()
	case "do":
		r.run, r.action, r.tensors = m.Get("run").Int(), m.Get("action").String(), values.Tensors(m.Get("tensors"))
	case "load":
		r.runs, r.adopt = files(m.Get("runs")), m.Get("adopt").Truthy()
	}
	return r, nil
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

// files reads a list of buffers.
func files(list js.Value) [][]byte {
	all := make([][]byte, list.Length())
	for i := range all {
		all[i] = values.Bytes(list.Index(i))
	}
	return all
}
