// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { en } from "./words/en.js";
import { ja } from "./words/ja.js";

globalThis.document = { documentElement: {} };
const { errorText } = await import("./errors.js");
const { History } = await import("./history.js");
const { look } = await import("./lesson.js");
const { belong } = await import("./registry.js");
const { sentence } = await import("./say.js");
const { doc, speak, t, title } = await import("./strings.js");
const { errors } = await import("./words/ja/errors.js");

const experiment = (name, ...metrics) => ({ name, metrics: metrics.map((name) => ({ name })) });

// saying is the sentence of a run with rows, one for each step from first on.
function saying(e, rows, values = {}, first = 0) {
  const history = new History();
  rows.forEach((row, i) => history.add(first + i, row));
  return sentence(history, { experiment: e, values }, String(first + rows.length - 1));
}

test("what is counted has its plural", async () => {
  await speak("en");
  assert.deepEqual([0, 1, 2].map((n) => t("pointsCount", { n })), ["0 points", "1 point", "2 points"]);
  assert.deepEqual(["1", "1,000"].map((n) => t("categorical.of", { n })), ["of 1 draw", "of 1,000 draws"]);
  assert.equal(t("lessons.about", { n: 11 }), "11 small experiments. Predict, run, see.");
  assert.equal(t("code.inUseBits", { n: 1, all: 20 }), "1 of 20 bits varies");
  await speak("ja");
  assert.equal(t("pointsCount", { n: 1 }), "1 点");
  // Each form uses all its names.
  for (const words of [en.strings, ja.strings]) {
    for (const [key, entry] of Object.entries(words)) {
      const forms = typeof entry === "string" ? [] : Object.values(entry);
      for (const form of forms) assert.deepEqual([...form.matchAll(/\{\w+\}/g)].map(String).sort(), [...entry.other.matchAll(/\{\w+\}/g)].map(String).sort(), key);
      if (typeof entry === "string" && words === en.strings) assert.doesNotMatch(entry, /\{n\} (points?|pictures?|draws?|experiments?|bits?|lessons?|runs?|rows?|files?)\b/, key);
    }
  }
  await speak("en");
});

test("nothing is said of a run before it is known", () => {
  const toy = experiment("wgan-gp", "w1", "estimate", "modes"), eight = { data: "8gaussians" };
  const row = (i) => [1 - i / 100, 0.5, 3];
  assert.equal(saying(toy, []), "Step 0: untrained.");
  assert.equal(saying(toy, [row(0)], eight), "Step 0: untrained.");
  assert.match(saying(toy, [0, 1, 2].map(row), eight), /^Step 2: 3 of 8 modes covered; exact W₁ 0\.980, too early to say/);
  assert.match(saying(toy, Array.from({ length: 20 }, (_, i) => row(i)), eight), /, falling\.$/);
  assert.match(saying(toy, Array.from({ length: 20 }, () => row(0)), eight), /, steady\.$/);
  assert.equal(saying(toy, [[null, 0.5, 3]], eight, 7), "Step 7: nothing is measured yet.");
  assert.match(saying(toy, [[1, 0.5, null]], { data: "moons" }, 7), /the critic says 0\.500\.$/);
  assert.equal(new History().trend(0), null);
});

test("each experiment's sentence is of its own metrics", () => {
  const digits = experiment("wgan-mnist", "critic-loss", "validation-loss");
  assert.match(saying(digits, [[-3, -4]], {}, 5), /negative critic loss 3\.00 on training digits.*; 4\.00 on held-out ones/);
  assert.equal(saying(digits, [[null, -4]], {}, 5), "Step 5: nothing is measured yet."); // not 0.000
  assert.match(saying(experiment("gumbel-vae", "elbo", "temperature"), [[-500, 1]], {}, 5), /ELBO −500 nats/);
  assert.match(saying(experiment("gumbel-sop", "nll", "temperature"), [[90, 1]], {}, 5), /lower half costs 90\.0 nats/);
  assert.match(saying(experiment("gumbel-semi", "accuracy", "elbo"), [[91, -500]], {}, 5), /91\.0 % of test digits/);
  assert.match(saying(experiment("gumbel-categorical", "bias", "variance"), [[0.1, 2]], { temperature: "0.5" }), /^Draw 0: at temperature 0\.500/);
});

test("words of a thing are those of its experiment", async () => {
  const of = (name) => belong({ name, settings: [{ name: "temperature", title: "T", doc: "D" }], presets: [], metrics: [] }).settings[0];
  await speak("ja");
  assert.deepEqual(["gumbel-vae", "gumbel-categorical"].map((name) => title("setting.temperature", of(name))), ["最初の温度", "温度 τ"]);
  assert.notEqual(doc("setting.temperature", of("gumbel-vae")), doc("setting.temperature", of("gumbel-categorical")));
  await speak("en");
  assert.equal(title("setting.temperature", of("gumbel-vae")), "T");
});

const fill = { setting: "width", settings: "--width or --batch", experiment: "wgan-gp", field: "dtype", file: "built/x.wasm", error: "unexpected EOF", what: "training digits" };
const filled = (says) => says.replace(/\{([a-z]+)\}/g, (_, name) => fill[name] ?? "7");

test("every error that is known is said in Japanese, none by the words of another", async () => {
  for (const [says, words] of errors) {
    await speak("en");
    assert.equal(errorText(`${filled(says)}.`), filled(says));
    await speak("ja");
    const text = errorText(filled(says)), names = { ...fill, error: "途中で切れています", what: "学習用の数字", setting: "幅", settings: "幅かバッチ" };
    assert.equal(text, words.replace(/\{([a-z]+)\}/g, (_, name) => names[name] ?? "7"), says);
    assert.doesNotMatch(text, /英語：/);
    for (const [, name] of words.matchAll(/\{([a-z]+)\}/g)) assert.ok(says.includes(`{${name}}`), `${says} has no ${name}`);
  }
  await speak("en");
});

test("an error that is not known is quoted as English, within one that is", async () => {
  await speak("ja");
  assert.equal(errorText("the sky fell."), "英語：the sky fell");
  assert.equal(errorText("mnist-10k.gz cannot be downloaded (the sky fell)"), "mnist-10k.gz をダウンロードできません（英語：the sky fell）");
  assert.equal(errorText("the run's settings: lambda is \"x\": it must be a number from 0.001 to 1000"), "記録の設定に誤りがあります（ペナルティ λは \"x\" ですが、0.001 から 1000 までの数でなければなりません）");
  assert.equal(errorText("ファイルを作れませんでした（x）。"), "ファイルを作れませんでした（x）"); // the page's own
  assert.match(errorText("points of “点.csv” are wrong"), /^英語：/);
  assert.equal(errorText(undefined), "");
  assert.equal(errorText('number 3 of the run\'s tensor "critic" is NaN: it must be finite'), '記録の "critic" の 3 番目の値が NaN です。有限の値でなければなりません');
  assert.equal(errorText("the run lacks its setting lambda: save the run again."), "記録にペナルティ λの値がありません。保存し直してください");
  await speak("en");
  assert.equal(errorText("the sky fell."), "the sky fell");
});

test("once it is revealed the right answer stands out", () => {
  assert.deepEqual([0, 1, 2].map((k) => look(k, null, false)), ["", "", ""]);
  assert.deepEqual([0, 1, 2].map((k) => look(k, 1, false)), ["", "chosen", ""]);
  assert.deepEqual([0, 1, 2].map((k) => look(k, 1, true)), ["right", "wrong", ""]);
  assert.deepEqual([0, 1, 2].map((k) => look(k, 0, true)), ["right", "", ""]);
});
