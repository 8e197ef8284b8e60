// The page's own words. The registry's words are English, with Japanese ones
// in registry-ja.js.
import { has, own } from "./own.js";
import { japanese } from "./registry-ja.js";
import { bench } from "./words/bench.js";
import { charts } from "./words/charts.js";
import { exporting } from "./words/export.js";
import { flat } from "./words/flat.js";
import { offlineWords } from "./words/offline.js";
import { pointWords } from "./words/points.js";
import { live } from "./words/live.js";
import { layers } from "./words/layers.js";
import { gumbel } from "./words/gumbel.js";
import { halves } from "./words/halves.js";
import { digits } from "./words/digits.js";
import { keyWords } from "./words/keys.js";
import { misreadWords } from "./words/misread.js";
import { runfile } from "./words/runfile.js";
import { runs } from "./words/runs.js";
import { embed } from "./words/embed.js";

export const strings = {
  en: {
    ...bench.en, ...charts.en, ...live.en, ...layers.en, ...flat.en, ...exporting.en, ...pointWords.en, ...offlineWords.en,
    tagline: "Watch a critic, a gradient penalty and a temperature at work.",
    language: "日本語",
    languageHint: "日本語にする",
    theme: "Light or dark",
    type: "Large letters",
    shortcuts: "Keyboard shortcuts",
    demos: "Demos",
    settings: "Settings",
    preset: "Preset",
    acts: "acts at once",
    restarts: "starts the run anew",
    changedMark: "differs from the preset",
    play: "Play", pause: "Pause", step: "Step", reset: "Reset", newSeed: "New seed",
    stepHint: "One iteration", resetHint: "Start anew with the same seed", newSeedHint: "Start anew with another seed",
    speed: "Speed", fastest: "Fastest", perSecond: "{n} a second",
    stepCount: "Step", rate: "{n} steps/s", paused: "paused", loading: "loading",
    picture: "Picture of the run", layers: "Layers",
    real: "Real", fake: "Generated", contours: "Critic's contours", slope: "Gradient norm ‖∇D‖", warp: "Generator's grid",
    digits: "Digits", reconstructions: "Reconstructions", prior: "Samples of the prior", code: "Code", simplex: "Gumbel-Softmax samples", simplexCaption: "Simplex",
    numbers: "Numbers", charts: "Charts",
    "chart.loss": "Losses", "chart.distance": "Distance", "chart.modes": "Modes", "chart.slope": "Gradient norm",
    "chart.elbo": "Evidence lower bound", "chart.parts": "Its two parts", "chart.temperature": "Temperature",
    histogram: "Gradient norms now", histogramNear: "within 0.1 of 1",
    band: "5–95 %", of: "of {n}", chartHint: "Left and right read off values.",
    within: "{low} to {high}",
    points: "Your own points", pointsHelp: "Click or draw on the picture, or paste x, y pairs, one a line.",
    pointsPaste: "x, y pairs", pointsUse: "Use these", pointsUndo: "Undo", pointsClear: "Clear",
    pointsCount: { one: "{n} point", other: "{n} points" }, pointsNone: "There are no points yet.",
    booting: "Loading the trainer…", bytes: "{name}: {n} of {all} MB", opening: "Building the networks…", pictureLoading: "Loading the picture…",
    "fault.wasm": "This browser has no WebAssembly, or it is switched off; the networks cannot train here.",
    "fault.crash": "The trainer stopped: {message}.",
    "fault.blocked": "The trainer cannot start in this frame ({message}): open the page itself.",
    "fault.open": "This run cannot start: {message}.",
    "fault.download": "A file did not arrive: {message}.", errorInEnglish: "{text}",
    "fault.diverged": "The numbers blew up at step {step}: {message}.",
    "do.reload": "Reload the page", "do.again": "Try again",
    "do.restart": "Go on from step {step}", "do.anew": "Start anew", "do.preset": "Back to the preset", "do.slower": "Start anew with learning rate {rate}",
    noteMended: "{name}: “{given}” cannot be, {used} is used.", dismiss: "Dismiss",
    "say.wgan-gp": "Step {step}: exact W₁ {w1}, {trend}; the critic says {estimate}.",
    "say.wgan-gp.modes": "Step {step}: {modes} of {all} modes covered; exact W₁ {w1}, {trend}.",
    "say.gumbel-vae": "Step {step}: ELBO {elbo} nats, {trend}; temperature {temperature}.",
    "say.start": "Step 0: untrained.", "say.unknown": "Step {step}: nothing is measured yet.",
    falling: "falling", steady: "steady", rising: "rising", early: "too early to say where it goes",
    probe: "x {at} · D {value} · ∇D {gradient} · ‖∇D‖ {norm}", probeMode: "· mode {mode} {distance} away",
    close: "Close", openLab: "Open in Ganbel",
    licences: "Licences of what this page is made of",
    papers: "After {a} and {b}.", noscript: "Ganbel needs JavaScript.",
    ...gumbel.en, ...halves.en, ...digits.en,
    ...runfile.en, ...runs.en, ...keyWords.en, ...misreadWords.en,
    ...embed.en,
  },
  ja: {
    ...bench.ja, ...charts.ja, ...live.ja, ...layers.ja, ...flat.ja, ...exporting.ja, ...pointWords.ja, ...offlineWords.ja,
    tagline: "クリティック、勾配ペナルティ、温度のはたらきを目で見る実験室。",
    language: "English",
    languageHint: "Switch to English",
    theme: "明るい表示・暗い表示",
    type: "大きな文字",
    shortcuts: "キーボード操作",
    demos: "デモ",
    settings: "設定",
    preset: "プリセット",
    acts: "すぐに反映",
    restarts: "最初からやり直し",
    changedMark: "プリセットと異なる",
    play: "再生", pause: "停止", step: "1 回", reset: "リセット", newSeed: "新シード",
    stepHint: "1 回だけ更新する", resetHint: "同じシードで最初から", newSeedHint: "別のシードで最初から",
    speed: "速さ", fastest: "最速", perSecond: "毎秒 {n} 回",
    stepCount: "ステップ", rate: "毎秒 {n} 回", paused: "停止中", loading: "読み込み中",
    picture: "学習のようす", layers: "レイヤー",
    real: "本物", fake: "生成", contours: "クリティックの等高線", slope: "勾配ノルム ‖∇D‖", warp: "生成器の格子",
    digits: "数字", reconstructions: "再構成", prior: "事前分布からの標本", code: "コード", simplex: "Gumbel-Softmax の標本", simplexCaption: "単体",
    numbers: "数値", charts: "グラフ",
    "chart.loss": "損失", "chart.distance": "距離", "chart.modes": "モード", "chart.slope": "勾配ノルム",
    "chart.elbo": "変分下界 (ELBO)", "chart.parts": "その内訳", "chart.temperature": "温度",
    histogram: "いまの勾配ノルム", histogramNear: "1 ± 0.1 の割合",
    band: "5–95 %", of: "/ {n}", chartHint: "左右キーで値を読む。",
    within: "{low} 〜 {high}",
    points: "自分の点", pointsHelp: "図の上をクリックするか描く。または x, y の組を 1 行ずつ貼り付ける。",
    pointsPaste: "x, y の組", pointsUse: "この点を使う", pointsUndo: "取り消す", pointsClear: "消す",
    pointsCount: "{n} 点", pointsNone: "まだ点がありません。",
    booting: "学習器を読み込んでいます…", bytes: "{name}: {all} MB のうち {n} MB", opening: "ネットワークを準備しています…", pictureLoading: "図を読み込んでいます…",
    "fault.wasm": "このブラウザーでは WebAssembly が使えないため、学習できません。",
    "fault.crash": "学習器が止まりました（{message}）。",
    "fault.blocked": "この枠の中では学習器を始められません（{message}）。ページそのものを開いてください。",
    "fault.open": "この設定では始められません（{message}）。",
    "fault.download": "ファイルが届きませんでした（{message}）。", errorInEnglish: "英語：{text}",
    "fault.diverged": "ステップ {step} で値が発散しました（{message}）。",
    "do.reload": "ページを読み直す", "do.again": "もう一度",
    "do.restart": "ステップ {step} から続ける", "do.anew": "最初から始める", "do.preset": "プリセットに戻す", "do.slower": "学習率 {rate} で最初から",
    noteMended: "{name}：「{given}」は使えないので {used} にしました。", dismiss: "閉じる",
    "say.wgan-gp": "ステップ {step}：厳密な W₁ は {w1}、{trend}。クリティックの推定は {estimate}。",
    "say.wgan-gp.modes": "ステップ {step}：{all} 個のモードのうち {modes} 個。厳密な W₁ は {w1}、{trend}。",
    "say.gumbel-vae": "ステップ {step}：ELBO は {elbo} ナット、{trend}。温度 {temperature}。",
    "say.start": "ステップ 0：学習前。", "say.unknown": "ステップ {step}：まだ何も測っていません。",
    falling: "下降中", steady: "横ばい", rising: "上昇中", early: "傾向はまだ言えない",
    probe: "x {at} · D {value} · ∇D {gradient} · ‖∇D‖ {norm}", probeMode: "· モード {mode} まで {distance}",
    close: "閉じる", openLab: "Ganbel で開く",
    licences: "このページに含まれるソフトウェアのライセンス",
    papers: "{a} と {b} による。", noscript: "Ganbel には JavaScript が必要です。",
    ...gumbel.ja, ...halves.ja, ...digits.ja,
    ...runfile.ja, ...runs.ja, ...keyWords.ja, ...misreadWords.ja,
    ...embed.ja,
  },
};

let lang = "en";

// language returns the language spoken, "en" or "ja".
export const language = () => lang;

// speak chooses the language: the one asked for, or the browser's.
export function speak(wanted) {
  lang = has(strings, wanted) ? wanted : navigator.languages?.find((l) => /^(en|ja)\b/.test(l))?.slice(0, 2) ?? "en";
  document.documentElement.lang = lang;
}

// t returns a string with its {names} filled in. A string with a count has a form for
// each plural of the language, chosen by the number n.
export function t(key, names = {}) {
  const entry = own(strings[lang], key);
  const text = typeof entry === "string" ? entry : own(entry, new Intl.PluralRules(lang).select(names.n)) ?? entry.other;
  return text.replace(/\{([\w-]+)\}/g, (_, name) => own(names, name));
}

// translate writes the text, titles and names of all that has data-t, data-t-title
// or data-t-label.
export function translate() {
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll("[data-t-title]")) e.title = t(e.dataset.tTitle);
  for (const e of document.querySelectorAll("[data-t-label]")) e.setAttribute("aria-label", t(e.dataset.tLabel));
}

// captions returns what the stage writes beside the parts of its picture.
export const captions = () => ({
  digits: t("digits"), reconstructions: t("reconstructions"), prior: t("prior"), code: t("code"), simplex: t("simplexCaption"), fake: t("fake"), real: t("real"),
  ...Object.fromEntries(["logits", "gumbelNoise", "perturbed", "softSample", "chosen", "chances"].map((name) => [name, t(`layers.${name}`)])),
  ...Object.fromEntries(["given", "truth", "mean", "samples", "analogies", "guesses"].map((name) => [name, t(`caption.${name}`)])),
});

// known reports whether there is a string.
export const known = (key) => has(strings.en, key);

// title and doc return what the registry's thing is called and what is said of
// it, in the language spoken if there are words for it. path is such as
// "setting.lambda"; words of the thing's own experiment come first.
const words = (path, thing) => (lang === "ja" && (own(japanese, `${thing.of}.${path}`) ?? own(japanese, path))) || [];
export const title = (path, thing) => words(path, thing)[0] ?? thing.title;
export const doc = (path, thing) => words(path, thing)[1] ?? thing.doc;

// choice, group and unit return the words for a choice, for a heading of the form
// and for a unit.
const choices = {
  "8gaussians": ["8 Gaussians", "8 個のガウス分布"], "25gaussians": ["25 Gaussians", "25 個のガウス分布"],
  swissroll: ["Swiss roll", "スイスロール"], moons: ["Two moons", "2 つの三日月"], spiral: ["Spiral", "らせん"], points: ["Your points", "自分の点"],
  wasserstein: ["Wasserstein distance", "ワッサースタイン距離"], gan: ["Ordinary GAN", "普通の GAN"],
  "least-squares": ["Least squares", "最小二乗"], "one-sided": ["One-sided penalty", "片側ペナルティ"],
  learned: ["Learned", "学習する"], fixed: ["Fixed", "固定"], penalty: ["Penalty", "ペナルティ"],
  clip: ["Clipping", "クリッピング"], none: ["None", "なし"], adam: ["Adam", "Adam"], rmsprop: ["RMSProp", "RMSProp"],
  momentum: ["Momentum", "モメンタム"], relu: ["ReLU", "ReLU"], leakyrelu: ["Leaky ReLU", "Leaky ReLU"], tanh: ["tanh", "tanh"],
  softplus2: ["Softplus", "Softplus"], uniform: ["Uniform", "一様"], grey: ["Grey", "濃淡のまま"], dynamic: ["Drawn anew", "毎回 2 値化"],
  exponential: ["Exponential", "指数"], linear: ["Linear", "直線"], stepwise: ["By halves", "半分ずつ"], constant: ["Constant", "一定"],
  "gumbel-softmax": ["Gumbel-Softmax", "Gumbel-Softmax"], "straight-through": ["Straight-through", "ストレートスルー"],
  "score-function": ["Score function", "スコア関数"], nvil: ["NVIL", "NVIL"], darn: ["DARN", "DARN"], muprop: ["MuProp", "MuProp"],
  "slope-annealed": ["Slope-annealed", "傾きを増すストレートスルー"], "st-gumbel-softmax": ["Straight-through Gumbel-Softmax", "ストレートスルー Gumbel-Softmax"],
  "st-gumbel": ["Straight-through Gumbel-Softmax", "ストレートスルー Gumbel-Softmax"], marginalisation: ["Marginalisation", "周辺化"],
  vimco: ["VIMCO", "VIMCO"], rebar: ["REBAR", "REBAR"], relax: ["RELAX", "RELAX"], arm: ["ARM", "ARM"], disarm: ["DisARM", "DisARM"],
  all: ["All digits", "すべての数字"], validation: ["A sixth kept apart", "6 分の 1 を別に置く"],
};
const settingChoices = { "binarise.fixed": ["Drawn once", "一度だけ 2 値化"], "schedule.slope": ["Slope", "傾き"] };
const groups = {
  data: ["Data", "データ"], model: ["Networks", "ネットワーク"], critic: ["Critic", "クリティック"],
  optimiser: ["Optimiser", "最適化"], temperature: ["Temperature", "温度"],
};
const units = { points: "点", examples: "枚", channels: "チャネル", units: "個", layers: "層", steps: "ステップ", "per step": "毎ステップ", digits: "枚", nats: "ナット" };
const pick = (pair, name) => pair?.[lang === "ja" ? 1 : 0] ?? name;
export const choice = (setting, name) => pick(own(settingChoices, `${setting}.${name}`) ?? own(choices, name), name);
export const group = (name) => pick(own(groups, name), name);
export const unit = (name) => (lang === "ja" && own(units, name)) || name;
