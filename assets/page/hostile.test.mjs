// Run by "node --test assets/page". Names that every object has, such as "constructor",
// are names like any other in a link, in an embed's address and in a message.
import assert from "node:assert/strict";
import test from "node:test";
import { parse as parseVariants } from "./compare.js";
import { Bridge } from "./embed/bridge.js";
import { keyOf } from "./embed/keep.js";
import { meant } from "./embed/keys.js";
import { options } from "./embed/options.js";
import { base, changed, format, parse, settle } from "./state.js";
import { choice, doc, group, known, language, speak, title, unit } from "./strings.js";
import { load, recordings } from "./tape.js";

globalThis.matchMedia = () => ({ matches: false }); // demos.js asks for it
globalThis.navigator ??= { languages: [] };
globalThis.document ??= { documentElement: {} };
const { Layers } = await import("./layers.js");
const { demos } = await import("./demos.js");

const hostile = [...Object.getOwnPropertyNames(Object.prototype), "prototype", "length", "name", "then"];
const keys = ["v", "tab", "p", "lang", "theme", "autoplay", "speed", "b", "layers", "lesson"];
const toy = {
  name: "toy",
  settings: [
    { name: "width", kind: "int", default: "64", min: 1, max: 4096 },
    { name: "rule", kind: "choice", default: "penalty", choices: ["penalty", "clip"] },
  ],
  presets: [{ name: "live", values: {} }, { name: "clip", values: { rule: "clip" } }],
};

test("every key of a link takes every name", () => {
  for (const name of hostile) {
    for (const key of [...keys, "width", "rule"]) {
      const { page, rest } = parse(`#${key}=${name}`);
      const { changes, unknown, notes } = settle(toy, page.p, rest);
      assert.deepEqual([changes, unknown], [{}, {}]);
      assert.equal(notes.length, key in rest ? 1 : 0, `${key}=${name}`);
      assert.deepEqual(base(toy, page.p), { width: "64", rule: "penalty" });
      assert.deepEqual(parseVariants(toy, page.b), []);
      const again = format(page, { ...changes, ...unknown });
      if (!["v", "width", "rule"].includes(key)) assert.equal(again, `#v=1&${key}=${name}`);
    }
    // It is kept as an unknown key.
    const { page, rest } = parse(`#tab=wgan&${name}=7&b=${name}:1`), { changes, unknown, notes } = settle(toy, page.p, rest);
    assert.deepEqual([changes, Object.entries(unknown), notes], [{}, [[name, "7"]], []]);
    assert.equal(format(page, { ...changes, ...unknown }), `#v=1&tab=wgan&b=${encodeURIComponent(`${name}:1`)}&${name}=7`);
    assert.deepEqual(parseVariants(toy, page.b), []);
    assert.deepEqual(changed(toy, name, JSON.parse(`{${JSON.stringify(name)}: "7"}`)), {});
  }
});

test("every option of an embed takes every name", () => {
  const plain = options("", "");
  for (const name of hostile) {
    for (const key of [...keys, "preset", "controls", "hide", "lock", "id"]) {
      const asked = options("", `#${key}=${name}`);
      assert.deepEqual([asked.controls, asked.autoplay, asked.speed], [plain.controls, plain.autoplay, plain.speed]);
      assert.deepEqual(Object.entries(asked.settings), []);
      assert.equal(typeof keyOf("/", asked), "string");
    }
    const asked = options(`?${name}=3`, "");
    assert.deepEqual(Object.entries(asked.settings), [[name, "3"]]);
    assert.notEqual(keyOf("/", asked), keyOf("/", plain));
    assert.equal(meant({ key: name, target: null }, false), "parent");
  }
});

test("no name turns a layer, a language or a word into what every object has", async () => {
  for (const name of hostile) {
    const layers = new Layers(null, () => {});
    layers.read("wgan", name);
    assert.deepEqual(layers.on.wgan, demos.wgan.layers, name);
    layers.read("wgan", `${name},real`); // the existing layer is shown, and a note names the other
    assert.deepEqual(Object.entries(layers.on.wgan).filter(([, on]) => on), [["real", true]], name);
    assert.deepEqual(Object.keys(layers.on.wgan), Object.keys(demos.wgan.layers), name);
    await speak(name);
    assert.ok(["en", "ja"].includes(language()), name);
    await speak("ja");
    const thing = { title: "t", doc: "d" };
    assert.deepEqual([title(name, thing), doc(name, thing), choice("rule", name), choice(name, "x"), group(name), unit(name), known(name)], ["t", "d", name, "x", name, name, false]);
    await speak("en");
  }
});

test("a preset names a file only if there is a recording of it", async () => {
  const asked = [];
  globalThis.fetch = async (url) => (asked.push(String(url)), { status: 404 });
  for (const name of [...hostile, "", "nosuch", "../../x", "live/../live", "live.600", "Live", "live\u0000"]) {
    assert.equal(await load("wgan-gp", name), null);
    assert.equal(await load(name, "live"), null);
  }
  assert.deepEqual(asked, []);
  for (const [experiment, presets] of Object.entries(recordings)) for (const preset of presets) await load(experiment, preset);
  assert.equal(asked.length, Object.values(recordings).flat().length);
  assert.ok(asked[0].endsWith("built/tapes/wgan-gp.live.tape"), asked[0]);
});

test("whatever a message holds, the answer is a sentence", async () => {
  const done = [], lab = new Proxy({ registry: async () => toy, layers: (l) => (l ? done.push(l) : { real: true }) }, {
    get: (table, name) => (Object.hasOwn(table, name) ? table[name] : (...all) => void done.push([name, ...all])),
  });
  const loop = [];
  loop.push(loop);
  const odd = [...hostile, loop, { loop }, { toString: 1, valueOf: 1 }, 1n, null, NaN, new Map(), [1n], "x".repeat(1e6), JSON.parse('{"__proto__": 1}')];
  const fields = { cmd: [], name: ["set"], value: ["set"], values: ["set"], preset: ["preset"], theme: ["theme"], speed: ["play"], n: ["step"], layers: ["layers"], runs: ["load"], events: ["subscribe"], ganbel: ["play"] };
  for (const value of odd) {
    for (const [field, commands] of Object.entries(fields)) {
      for (const cmd of commands.length ? commands : [value]) {
        const said = [], m = { ganbel: 1, id: 3, name: "width", value: 3, cmd, [field]: value };
        if (field === "values" && (Object.keys(Object(value)).length === 0 || typeof value !== "object")) continue; // nothing is set
        if (field === "layers" && value !== null && typeof value === "object" && Object.keys(value).length === 0) continue;
        if (field === "events" && Array.isArray(value) && value.length === 0) continue;
        await new Bridge(lab, (answer) => said.push(answer)).hear(m);
        const what = `${typeof cmd} with ${field}`;
        assert.equal(said.length, 1, what);
        assert.equal(typeof said[0].error, "string", what);
        assert.ok(said[0].error.length < 2000, what);
      }
    }
  }
  assert.deepEqual(done, []);
});
