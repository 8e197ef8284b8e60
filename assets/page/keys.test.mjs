// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";
import { en } from "./words/en.js";

const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");

// A document of buttons that record their clicks.
const clicked = [], elements = {};
class Element {
  constructor(id, dataset = {}) {
    Object.assign(this, { id, dataset, attributes: {}, textContent: "", title: "" });
  }
  click() { clicked.push(this.id); }
  setAttribute(name, value) { this.attributes[name] = value; }
  querySelector() { return null; }
  getClientRects() { return [1]; }
}
globalThis.Element = Element;
globalThis.addEventListener = () => {};
globalThis.document = { documentElement: {}, getElementById: (id) => elements[id] ?? null };

const { Keys, find, mark, table } = await import("./keys.js");
const { shortcuts } = await import("./embed/keys.js");
const { speak } = await import("./strings.js");

const press = (key, more = {}) => ({ key, preventDefault() { this.prevented = true; }, ...more });
for (const id of new Set([...table, ...shortcuts].map((row) => row.button ?? row.of).filter(Boolean))) elements[id] = new Element(id);

test("no key is there twice, and each row is said and does something", () => {
  for (const rows of [table, shortcuts]) {
    const keys = rows.flatMap((row) => row.keys);
    assert.equal(new Set(keys).size, keys.length);
  }
  for (const row of table) assert.ok(`key.${row.does}` in en.strings, row.does);
  for (const row of table) if (row.button ?? row.of) assert.match(html, new RegExp(`id="${row.button ?? row.of}"`));
});

test("a key presses the button that has its letter", () => {
  const done = [], actions = Object.fromEntries(table.filter((row) => !row.button).map(({ does }) => [does, (i) => done.push([does, i])]));
  const keys = new Keys(actions);
  for (const row of table.filter((r) => r.button)) {
    for (const key of row.keys) {
      clicked.length = 0;
      const e = press(key.length === 1 ? key.toUpperCase() : key);
      keys.press(e);
      assert.deepEqual([clicked, e.prevented], [[row.button], true], key);
    }
  }
  keys.press(press("3"));
  keys.press(press("+"));
  keys.press(press("b"));
  assert.deepEqual(done, [["layer", 2], ["faster", 0], ["tabs", 0]]);
  clicked.length = 0;
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }, { defaultPrevented: true }]) keys.press(press("g", more));
  for (const key of ["e", "ArrowLeft", "Tab", "toString", "constructor"]) keys.press(press(key));
  assert.deepEqual(clicked, []);
  assert.equal(find(table, press("G")).button, "step-generator");
  assert.equal(find(table, press("d")).button, "step-critic");
});

test("buttons tell their keys", async () => {
  await speak("en");
  elements["step-generator"].dataset.tTitle = "stepGenerator";
  mark(table);
  assert.equal(elements["step-generator"].attributes["aria-keyshortcuts"], "G");
  assert.equal(elements["step-generator"].title, "One generator step (G)");
  assert.equal(elements["step-generator"].textContent, "G");
  assert.equal(elements.play.attributes["aria-keyshortcuts"], "Space Enter");
  assert.equal(elements.speed.attributes["aria-keyshortcuts"], "- Plus =");
  assert.equal(elements.help.textContent, "?");
  // The page has the same text before any script runs.
  for (const { button, keys, letter } of table) {
    if (!letter) continue;
    const [, text] = new RegExp(`id="${button}"[^>]*>(?:<i data-letter>)?([^<]*)<`).exec(html);
    assert.equal(text, keys[0].toUpperCase());
  }
});
