// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { documentElement: {} };
const { misread, misreadRun, noteDoubts, say } = await import("./misread.js");
const { doubts, options } = await import("./embed/options.js");
const { parse, settle } = await import("./state.js");
const { speak, t } = await import("./strings.js");

const experiment = {
  name: "toy",
  settings: [
    { name: "lambda", title: "Penalty λ", kind: "float", default: "0.1", min: 0.001, max: 1000 },
    { name: "rule", title: "Rule", kind: "choice", default: "penalty", choices: ["penalty", "clip"] },
    { name: "clip", title: "Clip c", kind: "float", default: "0.01", min: 0.0001, max: 10 },
  ],
  presets: [{ name: "live", title: "Live", values: {} }],
};
const can = { tab: ["wgan", "mnist"], lesson: ["critic"], speed: ["1", "0"], layers: ["real", "fake", "none"], autoplay: ["0", "visible", "slide"] };
const kinds = (all) => all.map((d) => d.what).sort();

test("everything in a link that there is not is doubted, and nothing else", () => {
  const { page } = parse("#v=2&tab=toString&lesson=__proto__&speed=7&layers=real,sky,%20sea&autoplay=maybe&lang=fr&theme=pink");
  assert.deepEqual(kinds(misread(page, can)), ["autoplay", "lang", "layers", "lesson", "speed", "tab", "theme", "v"]);
  const good = parse("#v=1&tab=mnist&lesson=critic&speed=1&layers=real,fake&autoplay=0&lang=ja&theme=dark").page;
  assert.deepEqual(misread(good, can), []);
  assert.deepEqual(misread({}, can), []);
});

test("what a link says of its run is doubted once the registry is known", () => {
  const of = (hash) => {
    const { page, rest } = parse(hash), settled = settle(experiment, page.p, rest);
    return misreadRun(experiment, { preset: page.p, b: page.b }, { ...settled, values: { lambda: "0.1", rule: "penalty", clip: "0.01", ...settled.changes } });
  };
  assert.deepEqual(kinds(of("#p=wild&lambda=5000&rule=love&lambd=3&b=x:1")), ["b", "p", "settings", "value", "value"]);
  assert.deepEqual(kinds(of("#p=live&lambda=10&b=rule:clip")), []);
  assert.deepEqual(of("#b=clip:99").map(({ what, given, used }) => [what, given, used]), [["value", "99", "10"]]);
  assert.deepEqual(kinds(of("#b=clip:5e-1")), []);
  assert.deepEqual(kinds(of("#lambda=3&b=lambda:3.0")), ["same"]);
  assert.deepEqual(kinds(of("#b=rule:love")), ["b"]);
});

test("an embed's address is doubted as well", () => {
  const demos = { wgan: { layers: { real: true } } };
  const of = (search, hash = "") => kinds(doubts(options(search, hash), demos, "wgan"));
  assert.deepEqual(of("?tab=x&controls=wild&autoplay=always&speed=fast&layers=sky", "#lang=xx&theme=pink"), ["autoplay", "controls", "lang", "layers", "speed", "tab", "theme"]);
  assert.deepEqual(of("?speed=-1"), ["speed"]);
  assert.deepEqual(of("?tab=wgan&controls=full&autoplay=slide&speed=7&layers=real&hide=seed&lock=x", "#lang=ja&theme=dark&id=q"), []);
});

test("a doubt is said in both languages, with what is used", async () => {
  const all = [
    ...misread({ tab: "x", layers: "sky,sea", theme: "pink", type: "tiny", speed: "7", lesson: "l".repeat(60), lang: "fr", autoplay: "q", v: "2" }, can),
    { what: "p", given: "wild" }, { what: "b", given: "x:1" }, { what: "settings", given: ["lambd"], n: 1 },
    { what: "value", setting: experiment.settings[0], given: "5000", used: "1000" }, { what: "same", setting: experiment.settings[0], given: "3" },
    ...misread({ hide: "a", lock: "a,b", controls: "c" }, { hide: [], lock: [], controls: ["bar", "full"] }),
  ];
  await speak("en");
  const notes = [];
  noteDoubts({ add: (of) => notes.push(of) }, all, { tab: () => "WGAN-GP", speed: () => t("fastest"), p: () => "Live" });
  const english = notes.map((of) => of());
  for (const text of english) assert.doesNotMatch(text, /undefined|\{/);
  assert.ok(english.includes("There is no tab “x”; this is WGAN-GP."));
  assert.ok(english.some((text) => text.startsWith("There are no layers “sky”") && text.includes("“sea”")));
  assert.ok(english.includes("There is no setting “lambd” here."));
  assert.ok(english.includes("There is no theme “pink”: it can be dark or light."));
  assert.ok(english.some((text) => text.includes(`${"l".repeat(40)}…`)));
  await speak("ja");
  for (const of of notes) {
    const text = of();
    assert.match(text, /[\u3040-\u30ff]/);
    assert.doesNotMatch(text, /undefined|\{|There/);
  }
  assert.equal(say({ what: "tab", given: "x", used: "WGAN-GP" }), "タブ「x」はありません。WGAN-GP を表示しています。");
  await speak("en");
});
