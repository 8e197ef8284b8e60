// The page that other sites frame: one run, its picture and as many controls as
// its address asks for. embed/options.js lists what that may say, embed/bridge.js
// what the page around it may. At first there is only a still picture; the trainer
// and the stage come when they are needed, and go when nobody has looked for a
// while, see embed/presence.js. What was trained is kept meanwhile.
import { format as formatVariants, parse as parseVariants, titles } from "./compare.js";
import { calm, dark, demos, isDark, pauseAfter, sayEvery, speeds } from "./demos.js";
import { byId, el } from "./dom.js";
import { Bridge, version } from "./embed/bridge.js";
import { drop, keyOf, read, remember, write } from "./embed/keep.js";
import { meant, reveal, shortcuts } from "./embed/keys.js";
import { doubts, options, parts as hideable, secretOf } from "./embed/options.js";
import { attend, Presence } from "./embed/presence.js";
import { Run } from "./embed/run.js";
import { leadAway } from "./embed/away.js";
import { Poster } from "./embed/poster.js";
import { still } from "./embed/still.js";
import { showFault } from "./fault.js";
import { url } from "./files.js";
import { Form } from "./form.js";
import { mark } from "./keys.js";
import { Layers } from "./layers.js";
import { misread, misreadRun, noteDoubts } from "./misread.js";
import { Notes } from "./notes.js";
import { whole } from "./numbers.js";
import { has, own } from "./own.js";
import { carried, moons } from "./points-link.js";
import { Probe } from "./probe.js";
import { summary } from "./say.js";
import { Stage } from "./stage-client.js";
import { base, format, settle } from "./state.js";
import { captions, known, language, speak, t, title, translate } from "./strings.js";
import { isLarge, rems } from "./type.js";
import { veil, waiting as waitingFor } from "./veil.js";

const keepLeast = 2000, keepMost = 10_000; // milliseconds between savings while it plays
const keepRate = 100; // bytes a millisecond that savings may come to

const asked = options(location.search, location.hash);
const tab = has(demos, asked.tab) ? asked.tab : "wgan";
const key = keyOf(location.pathname, { ...asked, tab });
const on = { ...demos[tab].layers }; // of the stage
if (asked.layers) for (const name of Object.keys(on)) on[name] = asked.layers.includes(name);
let drawn = false; // the stage shows the run
let unknown = asked.settings; // names in the address that are not known to be settings
let written = null; // the numbers in the summary
let said = -Infinity; // when it was said
let picture = null, keptStep = 0; // the run's last picture, and the step at which it was left

const spoken = await speak(asked.lang);
if (["dark", "light"].includes(asked.theme)) document.documentElement.dataset.theme = asked.theme;

// The run, its stage, and whether they work.

const run = new Run(demos[tab], heard);
run.speed = asked.speed;
const brought = carried(asked.points);
run.points = brought.points ?? moons();

const stage = new Stage(byId("stage"), {
  ready() {
    run.ask();
    show();
  },
  range: (m) => layers?.range(m),
  pointer: (m) => asked.controls !== "none" && probe.move(m),
  key: press,
});

// Notes are shown over the picture, and sent to the page around.
const notes = new Notes(byId("stage-box").appendChild(el("div", { class: "notes", role: "status" })), (text) => bridge.emit("note", { message: text }));
const poster = new Poster(byId("poster"));

// sendPictures sends the stage and the poster a message about how to draw.
function sendPictures(message) {
  stage.say(message);
  poster.hear(message);
}

const presence = new Presence(asked.autoplay === "slide");
const working = () => presence.state === "ready" || presence.state === "playing";

// What was kept is read before anything starts.
const reading = read(key).then((kept) => {
  if (kept?.picture) depict(kept.picture);
  else portray();
  keptStep = kept?.goal ?? 0;
  summarise();
  update({ wish: presence.wish || (asked.autoplay !== "" && !calm && kept?.wish !== false) });
  run.want(presence.wish);
  return kept;
});

function act(state, before) {
  if (before === "asleep") wake();
  run.see(working());
  if (state === "resting") rest();
  if (state === "asleep") sleep();
  if (working()) run.ask();
  show();
}

const update = attend(presence, document.body, act);

async function wake() {
  stage.start();
  const kept = await reading;
  if (presence.state === "asleep") return;
  if (typeof WebAssembly !== "object") run.fail({ kind: "wasm" });
  else run.wake((s) => begin(s, kept));
}

// begin restores the run that was kept, otherwise takes the address, and notes the parts
// of it that were not understood.
function begin(s, kept) {
  const { presets, settings } = s.experiment;
  const old = kept && presets.find((p) => p.name === kept.preset);
  const preset = presets.find((p) => p.name === asked.preset) ?? presets[0];
  const settled = settle(s.experiment, preset.name, asked.settings);
  s.preset = (old ?? preset).name;
  s.changes = old ? settle(s.experiment, s.preset, kept.changes).changes : settled.changes;
  s.variants = parseVariants(s.experiment, asked.compare);
  unknown = settled.unknown;
  const { hide, lock } = asked.given, can = [...hideable, ...settings.map((s) => s.name)];
  noteDoubts(notes, [...misreadRun(s.experiment, { preset: asked.preset, b: asked.compare }, { ...settled, values: s.values }), ...misread({ hide, lock }, { hide: can, lock: can })],
    { p: () => title(`${s.experiment.name}.${preset.name}`, preset) });
  showTitles();
  if (old) s.resume({ saved: { runs: kept.runs, step: kept.step }, step: kept.goal });
}

const showTitles = () => stage.say({ cmd: "titles", titles: titles(run.experiment, run.runs, run.variants) });

function rest() {
  if (!run.open) return;
  note();
  run.keep(); // and its picture
}

function sleep() {
  if (run.open) note();
  run.release();
  stage.stop();
  drawn = false;
  keptStep = run.goal;
}

const stepNow = () => (run.settled ? run.step : keptStep);

const note = () => run.settled && run.step > 0 && remember(key, { step: run.step, wish: presence.wish });

// keep writes the run and its picture down. It does so at step 0 too: a run that is left
// before it is saved again is trained again from there.
function keep() {
  if (run.saved) write(key, { step: run.saved.step, preset: run.preset, changes: run.changes, runs: run.saved.runs, picture });
}

let keeping;

function keepLater() {
  clearTimeout(keeping);
  const bytes = run.saved?.runs.reduce((sum, r) => sum + r.byteLength, 0) ?? 0;
  keeping = setTimeout(() => {
    if (presence.state === "playing" && run.told) run.keep();
  }, Math.min(keepMost, Math.max(keepLeast, bytes / keepRate)));
}

// depict shows the run's last picture.
function depict(blob) {
  picture = blob;
  poster.own(blob);
}

// portray shows a recording of the run, if it has one: the run has no picture yet.
function portray() {
  picture = null;
  const begun = run.experiment !== null;
  poster.of({
    experiment: demos[tab].experiment, preset: (begun && run.preset) || asked.preset || "live",
    settings: begun ? run.values : asked.settings, several: begun ? run.variants.length > 1 : asked.compare !== "",
  });
}

const size = () => [byId("stage-box").clientWidth, byId("stage-box").clientHeight];

async function takePicture() {
  const { step } = run;
  const blob = drawn && step > 0 && (await still(stage.picture(), ...size()));
  if (!blob || run.step < step) return;
  depict(blob);
  if (!run.told) keep();
}

const waiting = []; // for the trainer to run
let saving = [], loading = null; // for its answers

function heard(kind) {
  switch (kind) {
    case "registry":
      furnish();
      break;
    case "opened":
      showTitles();
      if (!run.saved) run.ask();
      furnish();
      break;
    case "frame":
      if (run.frame && run.settled) draw();
      break;
    case "metrics":
      if (run.settled) sendMetrics();
      break;
    case "set":
      run.keep();
      break;
    case "checkpoint":
      keep();
      for (const done of saving.splice(0)) done({ runs: run.saved.runs, step: run.saved.step });
      takePicture();
      keepLater();
      break;
    case "settled":
      sendMetrics(true);
      run.ask();
      break;
    case "state":
      if (working() || !drawn) run.ask();
      loading?.("");
      if (run.settled && !run.told) sendMetrics(true);
      if (run.told) keepLater();
      else if (run.settled && run.step > 0 && run.step !== run.saved?.step) {
        note();
        run.keep();
      }
      break;
    case "refused":
      loading?.(run.refusal);
      if (run.goal) forgetKept();
      break;
    case "fault":
      bridge.emit("fault", { kind: run.fault.kind, message: run.fault.message, step: run.fault.step });
      break;
  }
  if (run.settled || run.fault) for (const done of waiting.splice(0)) done(run.fault ? null : run.experiment);
  show();
}

// forgetKept is for what was kept and cannot be gone on from, or shall not be.
function forgetKept() {
  keptStep = 0;
  run.resume(null);
  drop(key);
}

function draw() {
  const shown = performance.now(), { frame } = run;
  probe.show(frame);
  stage.draw(frame).then(() => {
    const first = !drawn && stage.ready;
    drawn = stage.ready;
    bridge.emit("frame-step", { step: frame.step });
    if (first) show();
    setTimeout(() => working() && run.ask(), run.told ? pauseAfter(performance.now() - shown) : 0);
  });
}

// What the person and the page around do.

function want(playing) {
  run.wanted = playing;
  update({ wish: playing });
  run.want(playing);
}

function step(n) {
  want(false);
  update({ called: true });
  run.send({ cmd: "step", n });
}

function reset() {
  forgetKept();
  run.start();
  portray();
}

function set(name, text) {
  const { resets } = run.experiment.settings.find((s) => s.name === name);
  const before = run.values[name];
  run.set(name, text);
  if (run.values[name] !== before) {
    if (resets) forgetKept();
    portray(); // until its own picture comes
  }
  showSettings();
}

function setSpeed(speed) {
  run.setSpeed(speed);
  byId("speed").value = speed;
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  themed();
}

// sendMetrics sends the parent the newest numbers and their step. With last the run has
// stopped at that step.
const sendMetrics = (last = false) => run.history.last && bridge.emit("metrics", { step: run.history.last.step, metrics: metrics() }, last);

const metrics = () => run.history.last && Object.fromEntries(run.experiment.metrics.map((m, i) => [m.name, run.history.last.values[i]]));

// registry resolves once the trainer runs, with null where it cannot.
function registry() {
  update({ called: true });
  if (run.settled || run.fault) return Promise.resolve(run.fault ? null : run.experiment);
  return new Promise((done) => waiting.push(done));
}

const lab = {
  registry, step, reset, set, theme,
  play(speed) {
    if (speed !== undefined) setSpeed(speed);
    want(true);
  },
  pause: () => want(false),
  preset(name) {
    forgetKept();
    run.choose(name);
    portray();
    showSettings();
  },
  layers(some) {
    if (!some) return on;
    Object.assign(on, some);
    if (layers) layers.show(tab);
    else sendPictures({ cmd: "layers", layers: on });
  },
  save: () => new Promise((done) => {
    saving.push(done);
    run.keep();
  }),
  async load(runs) {
    for (let i = 0; i < 2; i++) await lab.save(); // what was said before has been answered then
    return new Promise((done) => {
      loading = (why) => {
        loading = null;
        done(why);
      };
      run.send({ cmd: "load", runs });
    });
  },
  state: () => ({
    state: presence.state, playing: run.playing, step: stepNow(), preset: run.preset || asked.preset,
    values: run.experiment && run.values, metrics: run.experiment && metrics(), measured: run.history.last?.step,
  }),
};

// Messages: the parent's, and to it. Its origin is what the browser says, then
// the origin of its messages.

let origin = location.ancestorOrigins?.[0] ?? (document.referrer ? new URL(document.referrer).origin : "");
let deck = false; // reveal.js is around
const framed = parent !== self;
const named = () => URL.canParse(origin) && new URL(origin).origin === origin; // those of files and sandboxes cannot
const post = (message) => framed && parent.postMessage(message, named() ? origin : "*");
const bridge = new Bridge(lab, post);

addEventListener("message", (e) => {
  if (!framed || e.source !== parent) return;
  origin = e.origin;
  if (e.data === "slide:start" || e.data === "slide:stop") {
    deck = true;
    update({ left: e.data === "slide:stop" });
  } else bridge.hear(e.data);
});

// Keys.

let probing = false; // arrows move the probe
const probe = new Probe((x, y) => stage.say({ cmd: "probe", x, y }));

function press(e) {
  if (probing) {
    probe.press(e);
    probing = probe.at !== null;
    stage.say({ cmd: "keys", arrows: probing });
  }
  const action = meant(e, probing);
  if (action === "parent") {
    bridge.emit("key", { key: e.key, code: e.code, shiftKey: e.shiftKey });
    if (deck) post(reveal(e.keyCode));
    if (deck) e.preventDefault();
    return;
  }
  const i = speeds.indexOf(run.speed);
  const does = own({
    play: () => want(!run.playing),
    reset: () => run.experiment && reset(),
    slower: () => setSpeed(speeds[Math.max(0, i - 1)]),
    faster: () => setSpeed(speeds[Math.min(speeds.length - 1, i + 1)]),
    probe: () => {
      probing = !probing && Boolean(run.frame);
      const at = probing ? { x: 0, y: 0 } : { x: null, y: null };
      probe.move(at);
      stage.say({ cmd: "probe", ...at });
      stage.say({ cmd: "keys", arrows: probing });
    },
    layer() {
      const name = Object.keys(on)[Number(e.key) - 1];
      if (name) lab.layers({ [name]: !on[name] });
    },
  }, action);
  if (!does || asked.hide.has(action) || asked.lock.has(action)) return;
  does();
  e.preventDefault();
}

addEventListener("keydown", press);
// A button that was clicked would keep Space and Enter from the deck.
addEventListener("click", (e) => e.detail > 0 && e.target.closest("button")?.blur());

// What is seen.

function veilText() {
  if (presence.state === "asleep" || drawn || run.fault) return "";
  return waitingFor(run, run.settled);
}

let sent = `${presence.state} ${run.playing}`; // to the parent

function show() {
  const asleep = presence.state === "asleep";
  byId("stage-box").dataset.state = drawn ? "shown" : asleep ? "asleep" : "loading";
  Object.assign(document.documentElement.dataset, { playing: run.playing, presence: presence.state });
  byId("play").setAttribute("aria-pressed", run.playing);
  for (const id of ["play", "step"]) byId(id).disabled = Boolean(run.fault);
  byId("reset").disabled = !run.experiment;
  veil(veilText(), run);
  showFault(run, show);
  const now = `${presence.state} ${run.playing}`;
  if (now !== sent) bridge.emit("state", { state: presence.state, playing: run.playing, step: stepNow() });
  const changed = now !== sent || (run.settled && !run.told && run.history.last !== written); // it stopped at a new step
  if (changed || run.history.last !== written) summarise();
  if (changed || performance.now() - said > sayEvery) say();
  sent = now;
}

function summarise() {
  const { last } = run.history;
  written = run.settled ? last : null;
  byId("summary").textContent = last && run.settled
    ? summary(run)
    : keptStep ? t("embed.kept", { step: whole(keptStep, language()) }) : known(`embed.${tab}`) ? t(`embed.${tab}`) : "";
  byId("summary").title = byId("summary").textContent;
}

// say tells those who do not see it, who would not follow every change.
function say() {
  if (run.history.last?.step && run.settled) said = performance.now();
  byId("live").textContent = byId("summary").textContent;
  stage.say({ cmd: "label", text: `${t("picture")}. ${byId("summary").textContent}` });
}

// The controls: what there is at first, and what comes with the registry.

let form = null, layers = null;
const wide = () => rems() > 50; // enough for the panel to stand next to the picture
const parts = { preset: "preset-box", layers: "layers", settings: "form", speed: "speed", step: "step", reset: "reset", summary: "summary", link: "lab" };

function dress() {
  const full = asked.controls === "full";
  byId("bar").hidden = asked.controls === "none";
  byId("start").hidden = asked.controls === "none";
  for (const id of ["step", "reset", "speed", "more"]) byId(id).hidden = !full || asked.hide.has(id);
  for (const part of asked.hide) if (has(parts, part)) byId(parts[part]).hidden = true;
  for (const part of asked.lock) if (["speed", "step", "reset"].includes(part)) Object.assign(byId(part), { inert: true, title: t("embed.locked") });
  byId("speed").replaceChildren(...speeds.map((n) => el("option", { value: n }, n ? t("perSecond", { n }) : t("fastest"))));
  byId("speed").value = run.speed;
  leadAway(byId("lab"), secretOf(location.hash), post);
  linkToLab(asked.preset, asked.compare, asked.settings);
  if (!full) return;
  let was = wide();
  new ResizeObserver(() => wide() !== was && unfold((was = !was) && form !== null)).observe(document.body);
  unfold(false);
}

// linkToLab makes the link to the page open a run of a preset, a comparison and settings.
function linkToLab(preset, compare, settings) {
  byId("lab").href = url("../") + format({ tab, p: preset, b: compare, lang: asked.lang, theme: asked.theme, type: asked.type, speed: asked.speed || "", points: asked.points }, settings);
}

function unfold(open) {
  byId("panel").hidden = !open;
  byId("more").setAttribute("aria-expanded", open);
}

// furnish builds what depends on the experiment.
function furnish() {
  if (asked.controls !== "full" || !run.experiment) return;
  if (!form) {
    const e = run.experiment;
    byId("later").hidden = true;
    byId("preset-box").hidden = asked.hide.has("preset");
    byId("preset").replaceChildren(...e.presets.map((p) => el("option", { value: p.name }, title(`${e.name}.${p.name}`, p))));
    form = new Form(byId("form"), e, set);
    unfold(wide());
    layers = new Layers(byId("layers"), (now) => sendPictures({ cmd: "layers", layers: Object.assign(on, now) }));
    layers.on[tab] = on;
    layers.show(tab);
    for (const name of [...asked.hide, ...asked.lock]) {
      const field = byId("form").querySelector(`[data-setting="${CSS.escape(name)}"]`)?.closest(".setting");
      if (!field) continue;
      if (asked.hide.has(name)) field.hidden = true;
      for (const input of field.querySelectorAll("input, select")) Object.assign(input, { disabled: true, title: t("embed.locked") });
    }
    for (const group of byId("form").querySelectorAll("details")) group.hidden = !group.querySelector(".setting:not([hidden])");
    for (const [part, inputs] of [["preset", "#preset"], ["layers", "#layers input"], ["settings", "#form input, #form select"]]) {
      if (asked.lock.has(part)) for (const input of document.querySelectorAll(inputs)) input.disabled = true;
    }
  }
  showSettings();
}

function showSettings() {
  linkToLab(run.preset, formatVariants(run.variants), { ...run.changes, ...unknown });
  showTitles();
  byId("preset").value = run.preset;
  form?.show(run.values, base(run.experiment, run.preset));
  form?.suit(run);
}

byId("start").onclick = () => want(true);
byId("play").onclick = () => want(!run.playing);
byId("step").onclick = () => registry().then((e) => e && step(1));
byId("reset").onclick = reset;
byId("speed").onchange = () => setSpeed(Number(byId("speed").value));
byId("preset").onchange = () => lab.preset(byId("preset").value);
byId("more").onclick = () => unfold(byId("panel").hidden);


function themed() {
  sendPictures({ cmd: "theme", dark: isDark() });
}

dark.onchange = themed;
translate();
dress();
mark(shortcuts);
if (asked.points && !brought.points) {
  byId("bar").before(el("p", { class: "notice", id: "notice", role: "status" }, brought.lacks ? t("points.embedLacks", { n: whole(brought.lacks, language()) }) : t("points.damaged")));
}
themed();
sendPictures({ cmd: "type", large: isLarge() });
sendPictures({ cmd: "mode", mode: demos[tab].mode });
stage.say({ cmd: "motion", reduced: calm });
sendPictures({ cmd: "layers", layers: on });
sendPictures({ cmd: "captions", text: captions() });
stage.say({ cmd: "keys", arrows: false });
show();
summarise();
say();
bridge.emit("ready", { version, state: presence.state, step: keptStep });
if (!spoken) notes.add(() => t("languageMissing"));
noteDoubts(notes, doubts(asked, demos, tab), { tab: () => t(`tab.${tab}`), speed: () => t("fastest") });
