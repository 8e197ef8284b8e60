// Tests of the page's scripts with the real registry, on the standard input. TestRegistry
// runs them.
import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";

const registry = JSON.parse(readFileSync(0, "utf8")), page = "../../assets/page";
globalThis.matchMedia = () => ({ matches: false });
globalThis.document = { documentElement: {}, getElementById: () => null };
globalThis.addEventListener = () => {};
const asked = []; // the tape files requested
globalThis.fetch = async (url) => {
  asked.push(url.split("/").pop());
  return { status: 404 };
};
globalThis.Worker = class {
  postMessage() {}
  terminate() {}
};

const { parse: parseVariants } = await import(`${page}/compare.js`);
const { demos } = await import(`${page}/demos.js`);
const { withFigures } = await import(`${page}/figures.js`);
const { lessons } = await import(`${page}/lessons.js`);
const { Playback } = await import(`${page}/playback.js`);
const { belong } = await import(`${page}/registry.js`);
const { ja } = await import(`${page}/words/ja.js`);
const { Session } = await import(`${page}/session.js`);
const { base, format, mend, same } = await import(`${page}/state.js`);
const { speak } = await import(`${page}/strings.js`);
const { recordings } = await import(`${page}/tape.js`);

const shown = Object.entries(demos).map(([tab, demo]) => ({ tab, demo, experiment: belong(withFigures(registry.find((e) => e.name === demo.experiment))) }));

// opened returns a session whose registry has come, and the playback of its tapes.
function opened(demo) {
  const s = new Session(demo, () => {}), playback = new Playback(() => {}, () => {});
  s.boot((session) => { session.preset = session.experiment.presets[0].name; });
  s.worker.onmessage({ data: { type: "registry", experiments: structuredClone(registry) } });
  return { s, playback };
}

// link is the part of the page's link about a session's run.
const link = (s) => format({ p: s.preset }, s.changes);

// settled resolves when all work has ended.
const settled = () => new Promise((done) => setImmediate(done));

for (const { tab, demo, experiment } of shown) {
  test(`${tab}: each preset chosen from each other one is itself`, async () => {
    for (const from of experiment.presets) {
      for (const to of experiment.presets.filter((p) => p !== from)) {
        const about = `${to.name} from ${from.name}`, { s, playback } = opened(demo);
        s.choose(from.name);
        playback.follow(s);
        await settled();
        asked.length = 0;
        s.choose(to.name);
        playback.follow(s);
        await settled();
        assert.equal(link(s), `#v=1&p=${to.name}`, about);
        assert.deepEqual(s.values, base(experiment, to.name), about);
        assert.deepEqual(asked, recordings[experiment.name]?.includes(to.name) ? [`${experiment.name}.${to.name}.tape`] : [], about);
      }
    }
  });

  test(`${tab}: what a person chose stays if the preset leaves it open`, () => {
    for (const name of ["data", "seed"]) {
      const setting = experiment.settings.find((s) => s.name === name);
      if (!setting) continue;
      const own = setting.kind === "choice" ? setting.choices.findLast((c) => c !== "points") : "77";
      for (const from of experiment.presets) {
        for (const to of experiment.presets) {
          const { s } = opened(demo);
          s.choose(from.name);
          s.set(name, own);
          s.choose(to.name);
          const mine = s.changes[name] !== undefined, open = !(name in to.values) && !same(setting, own, base(experiment, to.name)[name]) && !same(setting, own, base(experiment, from.name)[name]);
          assert.equal(mine, open, `${name}: ${to.name} from ${from.name}`);
          assert.deepEqual(Object.keys(s.changes), mine ? [name] : []);
        }
      }
    }
  });
}

test("a changed run, a comparison and a lesson have no tape, and a tape that plays ends", async () => {
  const { s, playback } = opened(demos.wgan);
  s.choose("live");
  const follow = async () => {
    playback.follow(s);
    await settled();
    return s.tapeOf;
  };
  assert.equal(await follow(), "live");
  s.tape = [0, 50].map((step) => ({ step, recorded: true, frame: { runs: [{}] } }));
  playback.play(s);
  assert.equal(s.scrubbed.step, 0);
  s.set("lambda", "10");
  assert.equal(await follow(), "");
  assert.deepEqual([s.tape, s.scrubbed, playback.session], [null, null, null]);
  s.set("lambda", "0.1");
  assert.equal(await follow(), "live");
  s.compare(parseVariants(s.experiment, "lambda:10"));
  assert.equal(await follow(), "");
  s.choose("clip"); // leaves λ open
  assert.deepEqual([s.variants.length, await follow()], [2, ""]);
  s.compare(parseVariants(s.experiment, "rule:none"));
  s.choose("gan"); // sets the rule
  assert.deepEqual([s.variants.length, await follow()], [0, "gan"]);
  s.compare(parseVariants(s.experiment, "width:512"));
  s.choose("paper"); // has the width of B
  assert.deepEqual([s.variants.length, await follow()], [0, "paper"]);
  s.quiet = true;
  assert.equal(await follow(), "");
});

test("lessons ask only for what there is", () => {
  const sentences = new Set();
  for (const { id, tab, title, steps } of lessons) {
    assert.ok(Object.hasOwn(demos, tab), id);
    const { experiment, demo } = shown.find((d) => d.tab === tab);
    const setting = (name) => experiment.settings.find((s) => s.name === name) ?? assert.fail(`${id}: no setting ${name}`);
    for (const { scene = {}, until, show = [], say, ask, answers, reveal } of steps) {
      if (scene.preset) assert.ok(experiment.presets.some((p) => p.name === scene.preset), `${id}: ${scene.preset}`);
      for (const [name, value] of Object.entries(scene.set ?? {})) assert.equal(mend(setting(name), value), value, `${id}: ${name}`);
      if (scene.compare) assert.ok(parseVariants(experiment, scene.compare).length > 1, `${id}: ${scene.compare}`);
      for (const name of Object.keys(scene.layers ?? {})) assert.ok(Object.hasOwn(demo.layers, name), `${id}: ${name}`);
      if (until?.metric) assert.ok(experiment.metrics.some((m) => m.name === until.metric), `${id}: ${until.metric}`);
      show.forEach(setting);
      for (const text of [title, say, ask, reveal, ...answers]) sentences.add(text);
    }
  }
  assert.deepEqual(Object.keys(ja.lessons).filter((text) => ja.lessons[text]).toSorted(), [...sentences].toSorted());
});

test("experiments share Japanese words only for what is one thing", () => {
  const english = {}; // the name of each text
  for (const { experiment } of shown) {
    for (const [kind, things] of [["setting", experiment.settings], ["metric", experiment.metrics]]) {
      for (const { name, title, doc } of things) {
        const key = [`${experiment.name}.${kind}.${name}`, `${kind}.${name}`].find((k) => k in ja.registry);
        if (key) (english[key] ??= {})[ja.registry[key][1] ? `${title}: ${doc}` : title] = experiment.name;
      }
    }
  }
  for (const [key, all] of Object.entries(english)) assert.equal(Object.keys(all).length, 1, `${key} is said of\n${Object.keys(all).join("\n")}`);
});

test("words of an experiment are of one that is shown", async () => {
  for (const key of Object.keys(ja.registry)) {
    const [first, kind] = key.split(".");
    if (["experiment", "setting", "action", "metric"].includes(first)) continue;
    const { experiment } = shown.find((d) => d.experiment.name === first) ?? assert.fail(key);
    const things = { setting: experiment.settings, metric: experiment.metrics }[kind] ?? experiment.presets;
    assert.ok(things.some(({ name }) => key.endsWith(`.${name}`)), key);
  }
  await speak("en");
});
