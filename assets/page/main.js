// The page: two tabs, each with a session of its own, one stage for both.
import { Chart } from "./chart.js";
import { calm, demos, pauseAfter, sayEvery } from "./demos.js";
import { byId, el } from "./dom.js";
import { showFault } from "./fault.js";
import { Form } from "./form.js";
import { Histogram } from "./histogram.js";
import { Keys } from "./keys.js";
import { Layers } from "./layers.js";
import { Banner, LiveSession, runAddress, standing } from "./live.js";
import { tick, whole } from "./numbers.js";
import { Points } from "./points.js";
import { Probe } from "./probe.js";
import { Readouts, sentence } from "./readouts.js";
import { Session } from "./session.js";
import { Stage } from "./stage-client.js";
import { base, format, parse, settle } from "./state.js";
import { captions, doc, language, speak, t, title, translate } from "./strings.js";

const speeds = [1, 3, 10, 30, 100, 0]; // iterations a second, 0 for the fastest

let { page: link, rest } = parse(location.hash);
let tab = link.tab in demos ? link.tab : "wgan";
let stageFault = null;
const sessions = {};
const watched = runAddress(); // the page shows a run that another process trains
const live = watched && new LiveSession(watched, (kind) => heard(live, kind));
const banner = live && new Banner(document.querySelector(".transport"));
const session = () => live ?? sessions[tab];

speak(link.lang);

const stage = new Stage(byId("stage"), {
  ready() {
    stageFault = null;
    // What is pressed on the picture is meant for the page.
    for (const press of [probe.press, keys.press]) byId("stage").contentWindow.addEventListener("keydown", press);
    fault();
    pump();
  },
  range: (m) => layers.range(m),
  pointer(m) {
    probe.move(m);
    if (!live && session().values?.data === "points") points.pointer(m);
  },
  fault(kind, message) {
    stageFault = { kind, message };
    if (kind === "lost") setTimeout(fault, 1000); // mostly it is back by then
    else fault();
  },
});

const layers = new Layers(byId("layers"), (on) => stage.say({ cmd: "layers", layers: on }));

const points = new Points({
  change(list) {
    session().points = list;
    session().start();
  },
  preview(list) {
    const frame = session().frame;
    if (!frame || session().values.data !== "points") return;
    const real = { shape: [list.length / 2, 2], data: Float32Array.from(list) };
    stage.draw({ ...frame, runs: frame.runs.map((tensors) => ({ ...tensors, real })) });
  },
});

const probe = new Probe((x, y) => stage.say({ cmd: "probe", x, y }));

const keys = new Keys({
  play: () => byId("play").click(),
  step: () => byId("step").click(),
  reset: () => byId("reset").click(),
  seed: () => byId("new-seed").click(),
  slower: () => shiftSpeed(-1),
  faster: () => shiftSpeed(1),
  layer: (i) => layers.toggle(i),
  tabs: () => choose(tab === "wgan" ? "gumbel" : "wgan"),
  theme: () => byId("theme").click(),
  help: () => byId("help").click(),
});
byId("help").onclick = () => byId("shortcuts").showModal();

// Sessions.

function make(name) {
  const s = sessions[name] = new Session(demos[name].experiment, demos[name].digits, (kind) => heard(s, kind));
  s.points = points.points;
  s.wanted = link.autoplay !== "0" && !calm;
  s.speed = speeds.includes(Number(link.speed)) ? Number(link.speed) : 0;
  if (typeof WebAssembly !== "object") {
    s.fault = { kind: "wasm" };
    return s;
  }
  s.boot(begin);
  return s;
}

// begin takes the preset and the settings of the link, once the registry tells
// which there are.
function begin(s) {
  const linked = s === session();
  const preset = s.experiment.presets.find((p) => linked && p.name === link.p) ?? s.experiment.presets[0];
  s.preset = preset.name;
  if (!linked) return;
  const { changes, unknown, notes } = settle(s.experiment, s.preset, rest);
  s.changes = changes;
  rest = unknown;
  byId("notes").replaceChildren();
  for (const { setting, given, used } of notes) note(t("noteMended", { name: title(`setting.${setting.name}`, setting), given, used }));
}

function heard(s, kind) {
  if (s !== session()) return;
  switch (kind) {
    case "registry":
      if (live) follow();
      else furnish();
      break;
    case "opened":
      veil();
      form?.show(s.values, base(s.experiment, s.preset));
      say(true);
      pump();
      break;
    case "frame":
      if (s.open && s.frame) {
        const shown = performance.now();
        probe.show(s.frame);
        histogram?.show(s.frame);
        stage.draw(s.frame).then(() => setTimeout(pump, pauseAfter(performance.now() - shown)));
        tellStep();
        veil();
      } else pump();
      return;
    case "metrics":
      plot();
      break;
    case "refused":
      note(s.refusal);
      break;
  }
  fault();
}

// follow shows the tab of the run that is watched.
function follow() {
  const name = Object.keys(demos).find((n) => demos[n].experiment === live.experimentName);
  if (name) choose(name);
  else note(t("live.unknown", { name: live.experimentName }));
}

// pump asks for the next frame.
function pump() {
  if (!document.hidden) session().ask();
}

function visible() {
  for (const [name, s] of Object.entries(sessions)) s.see(name === tab && !document.hidden);
  pump();
}

// What is seen.

let form, readouts, charts = [], histogram = null;

// furnish builds all that depends on the experiment, its registry known.
function furnish() {
  const s = session(), e = s.experiment;
  layers.show(tab);
  for (const chart of charts) chart.end();
  histogram?.end();
  charts = [];
  histogram = null;
  if (!e) return;
  byId("about").textContent = doc(`experiment.${e.name}`, e);
  byId("preset").replaceChildren(...e.presets.map((p) => el("option", { value: p.name }, title(`${e.name}.${p.name}`, p))));
  form = new Form(byId("form"), e, (name, text) => {
    s.set(name, text);
    settingsChanged();
  });
  readouts = new Readouts(byId("readouts"), tab, e);
  const names = [...new Set(e.metrics.map((m) => m.chart))].sort((a, b) => (a === "loss") - (b === "loss"));
  charts = names.map((name) => new Chart(name, e.metrics.map((metric, index) => ({ metric, index })).filter((c) => c.metric.chart === name)));
  byId("charts").replaceChildren(...charts.map((c) => c.element));
  const slopes = charts.find((c) => c.name === "slope");
  if (slopes) {
    histogram = new Histogram();
    slopes.element.after(histogram.element);
    histogram.show(s.frame);
  }
  settingsChanged();
  plot();
}

// settingsChanged shows the settings as they stand, and writes them into the link.
function settingsChanged() {
  const s = session(), e = s.experiment;
  if (!e) return;
  const preset = e.presets.find((p) => p.name === s.preset);
  byId("preset").value = s.preset;
  byId("preset-doc").textContent = doc(`${e.name}.${s.preset}`, preset);
  form.show(s.values, base(e, s.preset));
  byId("points").hidden = live !== null || s.values.data !== "points";
  if (!byId("points").hidden) points.show();
  save();
  transport();
  fault();
}

function save() {
  const s = session();
  if (live || !s.experiment) return;
  link = { ...link, tab, p: s.preset === s.experiment.presets[0].name ? "" : s.preset, speed: s.speed || "" };
  const hash = format(link, { ...s.changes, ...rest });
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

function plot() {
  const s = session();
  if (!readouts) return;
  readouts.show(s.history.last, s.values);
  for (const chart of charts) chart.show(s.history);
  say();
}

let said = 0;

// say tells in words how it goes, at most every five seconds.
function say(now = false) {
  const s = session();
  if (!s.experiment || (!now && performance.now() - said < sayEvery)) return;
  said = s.history.last?.step ? performance.now() : -Infinity; // what comes after the start is news
  byId("summary").textContent = sentence(tab, s, whole(s.history.last?.step ?? 0, language()));
  stage.say({ cmd: "label", text: `${t("picture")}. ${byId("summary").textContent}` });
  for (const chart of charts) chart.label();
}

function tellStep() {
  const output = byId("step-count"), { step } = session();
  output.textContent = whole(step, language());
  output.dataset.step = step;
}

function transport() {
  const s = session();
  const works = s.experiment !== null && !s.fault;
  const play = byId("play");
  document.documentElement.dataset.playing = s.playing;
  play.setAttribute("aria-pressed", s.playing);
  for (const id of ["play", "step"]) byId(id).disabled = !works;
  for (const id of ["reset", "new-seed", "preset"]) byId(id).disabled = !s.experiment;
  tellStep();
  byId("rate").textContent = s.fault || !s.open || (live && !s.told) ? "" : !s.told ? t("paused") : s.rate ? t("rate", { n: tick(Number(s.rate.toPrecision(3))) }) : "";
  byId("rate").dataset.rate = s.told ? s.rate : 0;
  banner?.show(s);
}

// veil covers the stage until there is a picture, and says why.
function veil() {
  const s = session();
  const state = s.frame && (stage.ready || stageFault) ? "shown" : "loading";
  byId("stage-box").dataset.state = stageFault && !stage.ready ? "none" : state;
  const bar = byId("veil-bar"), mb = (n) => (n / 1e6).toFixed(1);
  bar.hidden = !s.loading?.total;
  if (s.loading?.total) {
    bar.max = s.loading.total;
    bar.value = s.loading.received;
  }
  byId("veil-text").textContent = s.fault || state === "shown" ? ""
    : live && !s.frame ? standing(s)
    : !s.ready ? t("booting")
    : s.loading?.total && s.loading.received < s.loading.total ? t("bytes", { name: s.loading.name, n: mb(s.loading.received), all: mb(s.loading.total) })
    : !s.open ? t("opening") : t("pictureLoading");
}

function fault() {
  showFault(session(), stageFault, () => {
    stageFault = null;
    stage.start();
    fault();
  }, settingsChanged);
  transport();
  veil();
}

function note(text) {
  const line = el("p", { class: "notice" }, text, " ");
  const close = el("button", { type: "button", class: "plain" }, t("dismiss"));
  close.onclick = () => line.remove();
  line.append(close);
  byId("notes").append(line);
}

// What the person does.

function choose(name, focus = false) {
  if (live?.open && demos[name].experiment !== live.experimentName) return;
  tab = name;
  for (const button of document.querySelectorAll("[role=tab]")) {
    button.disabled = live !== null && button.dataset.tab !== name;
    const on = button.dataset.tab === name;
    button.setAttribute("aria-selected", on);
    button.tabIndex = on ? 0 : -1;
    if (on && focus) button.focus();
  }
  byId("panel").dataset.tab = name;
  byId("panel").setAttribute("aria-labelledby", `tab-${name}`);
  byId("points").hidden = true;
  byId("notes").replaceChildren();
  if (!live && !sessions[name]) make(name);
  stage.forget();
  stage.say({ cmd: "mode", mode: name });
  furnish();
  probe.show(session().frame);
  if (session().frame) stage.draw(session().frame);
  byId("speed").value = session().speed;
  visible();
  fault();
  say(true);
}

for (const button of document.querySelectorAll("[role=tab]")) {
  button.onclick = () => choose(button.dataset.tab);
  button.onkeydown = (e) => {
    const to = { ArrowLeft: "wgan", ArrowRight: "gumbel", Home: "wgan", End: "gumbel" }[e.key];
    if (to) choose(to, true);
  };
}

byId("play").onclick = () => session().want(!session().playing);
byId("step").onclick = () => session().once();
byId("reset").onclick = () => session().start();
byId("new-seed").onclick = () => {
  session().set("seed", String(1 + crypto.getRandomValues(new Uint16Array(1))[0]));
  settingsChanged();
};
byId("preset").onchange = () => {
  session().choose(byId("preset").value);
  settingsChanged();
};

function setSpeed(speed) {
  session().setSpeed(speed);
  byId("speed").value = speed;
  save();
}

function shiftSpeed(by) {
  const i = speeds.indexOf(session().speed) + by;
  if (i in speeds) setSpeed(speeds[i]);
}

byId("speed").onchange = () => setSpeed(Number(byId("speed").value));

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

function themed() {
  stage.say({ cmd: "theme", dark: isDark() });
  for (const chart of charts) chart.draw();
  histogram?.draw();
}

dark.onchange = themed;
byId("theme").onclick = () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {} // storage is closed in some frames
  themed();
};

byId("language").onclick = () => {
  link.lang = language() === "en" ? "ja" : "en";
  speak(link.lang);
  words();
  save();
};

// words writes all text in the language spoken.
function words() {
  translate();
  byId("speed").replaceChildren(...speeds.map((n) => el("option", { value: n }, n ? t("perSecond", { n }) : t("fastest"))));
  byId("speed").value = session()?.speed ?? 0;
  const [a, b] = [["Gulrajani et al. 2017", "1704.00028"], ["Jang, Gu & Poole 2017", "1611.01144"]]
    .map(([who, id]) => el("a", { href: `https://arxiv.org/abs/${id}`, rel: "noopener" }, who));
  byId("papers").replaceChildren(...t("papers", { a: "\0", b: "\0" }).split("\0").flatMap((text, i) => (i ? [[a, b][i - 1], text] : [text])));
  stage.say({ cmd: "captions", text: captions() });
  keys.show();
  if (!session()) return;
  probe.show(session().frame);
  furnish();
  fault();
  say(true);
}

addEventListener("hashchange", () => {
  const linked = parse(location.hash);
  if (linked.page.tab in demos && linked.page.tab !== tab) choose(linked.page.tab);
  ({ page: link, rest } = linked);
  if (link.lang) speak(link.lang);
  const s = session();
  if (!live && s.experiment) {
    const { preset, changes } = s;
    begin(s);
    const next = [s.preset, s.changes];
    Object.assign(s, { preset, changes });
    s.configure(...next);
  }
  words();
});
document.addEventListener("visibilitychange", visible);

words();
stage.say({ cmd: "theme", dark: isDark() });
stage.say({ cmd: "motion", reduced: calm });
choose(tab);
stage.start();
live?.boot();
