//go:build tools && !js

package wasm

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"ganbel/core/lab"
)

// Everything that the page says of the registry's experiments that it shows, it says
// in Japanese, too, and whatever can be chosen or charted has a name.
func TestRegistryWords(t *testing.T) {
	t.Parallel()
	registry, err := json.Marshal(lab.Experiments())
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "--input-type=module", "-e", `
		import { readFileSync } from "node:fs";
		globalThis.matchMedia = () => ({ matches: false });
		globalThis.document = { documentElement: {} };
		const { demos } = await import("../assets/page/demos.js");
		const { captions, choice, known, speak, unit } = await import("../assets/page/strings.js");
		const { belong } = await import("../assets/page/registry.js");
		const { en } = await import("../assets/page/words/en.js");
		const { ja } = await import("../assets/page/words/ja.js");
		const all = JSON.parse(readFileSync(0)), missing = [], units = new Set();
		const has = (path, thing) => {
			const words = ja.registry[thing.of + "." + path] ?? ja.registry[path];
			if (!words?.[0] || !words[1]) missing.push(path);
		};
		for (const [tab, { experiment, layers }] of Object.entries(demos)) {
			const e = belong(all.find((e) => e.name === experiment));
			has("experiment." + e.name, e);
			for (const s of e.settings) {
				has("setting." + s.name, s);
				if (s.unit && s.unit !== "%") units.add(s.unit);
			}
			for (const p of e.presets) has(e.name + "." + p.name, p);
			for (const m of e.metrics) {
				has("metric." + m.name, m);
				if (!known("chart." + m.chart)) missing.push("chart." + m.chart);
			}
			for (const name of Object.keys(layers)) if (!known(name) && !known("layers." + name)) missing.push("layer " + name);
			for (const lang of ["en", "ja"]) {
				await speak(lang);
				captions();
				for (const s of e.settings) for (const c of s.choices ?? []) if (!/^(\d|tanh$)/.test(c) && choice(s.name, c) === c) missing.push(s.name + "=" + c + " in " + lang);
			}
			if (!known("tab." + tab)) missing.push("tab." + tab);
		}
		await speak("ja");
		for (const name of units) if (unit(name) === name) missing.push("unit " + name);
		for (const key of Object.keys(en.strings)) if (!(key in ja.strings)) missing.push(key + " in ja");
		for (const key of Object.keys(ja.strings)) if (!(key in en.strings)) missing.push(key + " in en");
		console.log(missing.join("\n"));`)
	node.Stdin, node.Stderr = strings.NewReader(string(registry)), os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v: make test installs node", err)
	}
	for _, line := range strings.Fields(strings.ReplaceAll(strings.TrimSpace(string(out)), " ", "_")) {
		t.Errorf("no words for %s", strings.ReplaceAll(line, "_", " "))
	}
}

// The page's scripts work with the real registry, see testdata/registry.mjs.
func TestRegistry(t *testing.T) {
	t.Parallel()
	registry, err := json.Marshal(lab.Experiments())
	if err != nil {
		t.Fatal(err)
	}
	check(t, "testdata/registry.mjs", registry)
}

// check runs a script of tests, which reads b.
func check(t *testing.T, script string, b []byte) {
	t.Helper()
	node := exec.Command("node", script)
	node.Stdin = bytes.NewReader(b)
	if out, err := node.CombinedOutput(); err != nil {
		t.Fatalf("%v: make test installs node\n%s", err, out)
	}
}
