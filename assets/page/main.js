// The page: tabs, each with a session of its own, one stage for all, and what is
// around it. This file puts the parts together; each part has a file of its own.
import { Address } from "./address.js";
import { format as formatVariants, parse as parseVariants, titles } from "./compare.js";
import { calm, dark, demos, isDark, pauseAfter, sayEvery, speeds, tabOf } from "./demos.js";
import { CompareDialog, share } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { errorText } from "./errors.js";
import { ExportDialog, exporter } from "./export.js";
import { showFault } from "./fault.js";
import { url } from "./files.js";
import { Form } from "./form.js";
import { KeptList } from "./kept-list.js";
import { Kept } from "./kept.js";
import { Keys, mark, table } from "./keys.js";
import { Layers } from "./layers.js";
import { Lesson, menu } from "./lesson.js";
import { lessons } from "./lessons.js";
import { Banner, LiveSession, runAddress, standing } from "./live.js";
import { look } from "./look.js";
import { tick, whole } from "./numbers.js";
import { misread, misreadRun, noteDoubts } from "./misread.js";
import { Notes } from "./notes.js";
import { keepOffline } from "./offline.js";
import { Opener } from "./open-run.js";
import { has, own } from "./own.js";
import { Panel } from "./panel.js";
import { Panels } from "./panels.js";
import { Playback } from "./playback.js";
import { Points } from "./points.js";
import { Probe, steps as ways } from "./probe.js";
import { summary } from "./say.js";
import { Session, short } from "./session.js";
import { SlowMotion } from "./slow.js";
import { Stage } from "./stage-client.js";
import { base, changed, format, parse, settle } from "./state.js";
import { captions, doc, language, speak, t, title, translate } from "./strings.js";
import { Tabs } from "./tabs.js";
import { Timeline } from "./timeline.js";
import { Tools } from "./tools.js";
import { Travel, fits } from "./travel.js";
import { isLarge } from "./type.js";
import { veil as writeVeil, waiting as waitingFor } from "./veil.js";

let { page: link, rest } = parse(location.hash);
let tab = has(demos, link.tab) ? link.tab : "wgan";
const sessions = {};
const address = new Address(), kept = new Kept();
const watched = runAddress(); // the page shows a run that another process trains
const live = watched && new LiveSession(watched, (kind) => heard(live, kind));
const banner = live && new Banner(document.querySelector(".transport"));
const session = () => live ?? sessions[tab];

const spoken = await speak(link.lang);

const stage = new Stage(byId("stage"), {
  ready() {
    fault();
    pump();
  },
  range: (m) => layers.range(m),
  pointer(m) {
    if (tab === "categorical") {
      if (m.bar !== undefined && m.kind !== "up") panels.on.set(`logit-${m.bar + 1}`, String(m.value), m.run);
      return;
    }
    if (tab !== "wgan") {
      panels.press(m);
      return;
    }
    if (tools.pointer(m)) return;
    probe.move(m);
    if (!live && session().values?.data === "points") points.pointer(m);
  },
  key(e) { // what is pressed on the picture is meant for the page
    const way = e.altKey && layers.state().handles && probe.at && own(ways, e.key);
    if (way) {
      e.preventDefault();
      const { data: [view] } = session().frame.runs[0].view;
      tools.nudge(probe.at, way.map((v) => (v * view) / 32));
      return;
    }
    probe.press(e);
    keys.press(e);
  },
});

const notes = new Notes(byId("notes"));
const panel = new Panel();
const layers = new Layers(byId("layers"), (on) => {
  stage.say({ cmd: "layers", layers: on });
  save();
});

const points = new Points({ session, draw: (frame) => stage.draw(frame), note: (text) => notes.add(text), changed: () => save() });

const probe = new Probe((x, y) => stage.say({ cmd: "probe", x, y }));
const tools = new Tools(byId("tools-of-tab"), { session, say: (m) => stage.say(m), grips: () => layers.state().handles });

const panels = new Panels({
  session,
  set(name, text, run) {
    session().set(name, text, run);
    settingsChanged();
  },
  flipped: () => lesson.look("flip"),
});

const playback = new Playback((s) => s === session() && heard(s, "scrubbed"), (s) => {
  if (s === session() && !s.open && !s.scrubbed && !calm && link.autoplay !== "0") playback.play(s);
  else if (s === session()) timelines();
});

const timeline = new Timeline(byId("timeline-box"), {
  scrub(entry) {
    if (session().scrubbed?.recorded) playback.stop();
    session().scrub(entry);
  },
  fork: (entry) => compareDialog.open(session(), entry),
});

const compareDialog = new CompareDialog({
  compare(variants) {
    address.next = true;
    session().compare(variants);
  },
  fork(entry, name, value) {
    address.next = true;
    session().fork(entry, name, value);
  },
  end() {
    address.next = true;
    session().part();
  },
});

const slow = new SlowMotion(byId("slow-box"), {
  session,
  begin() {
    session().want(false);
    transport();
  },
  end() {
    transport();
    if (session().frame) stage.draw(session().frame);
    pump();
  },
  layers: (which) => stage.say({ cmd: "layers", layers: which ? { ...none(), ...which } : layers.state() }),
  show: (frame) => stage.draw(frame),
  failed: (message) => notes.add(() => errorText(message)),
  frame: () => new Promise((resolve) => {
    waiting.push(resolve);
    session().ask();
  }),
});
const waiting = []; // for the next frame
const none = () => Object.fromEntries(Object.keys(layers.state()).map((name) => [name, false]));

const exporting = new ExportDialog(exporter({ session, stage, frames: async () => session().ring.entries.map((e) => e.frame) }), (file) => opener.open(file));

const keptList = new KeptList(kept, { open: (key) => travel.open(key), registry: (name) => Object.values(sessions).find((s) => s.experimentName === name)?.experiment });

const lesson = new Lesson(byId("lesson"), {
  scene,
  play: () => session().want(true),
  pause: () => session().want(false),
  only: (names) => {
    shownSettings = names;
    form?.only(names);
  },
  see() {
    const s = session();
    if (s.opens?.size) return { step: 0, get: () => null }; // another is still shown
    const column = (name) => s.experiment?.metrics.findIndex((m) => m.name === name);
    return { step: s.step, diverged: s.fault?.kind === "diverged", get: (name, run) => s.histories[run]?.last?.values[column(name)] };
  },
  changed: () => arrive(),
  left() {
    for (const s of Object.values(sessions)) s.scripted = s.quiet = false;
    arrive();
    furnish();
  },
});

const travel = new Travel(address, kept, {
  session, sessions, save, bench, show: showBench, lesson, notes, doubt,
  choose: (name) => name !== tab && choose(name),
  tab: () => tab,
  take(linked) {
    ({ page: link, rest } = linked);
    if (link.lang && link.lang !== language()) talk(link.lang);
    setType(link.type ?? "");
  },
  obey(s) {
    const before = s.config();
    begin(s);
    const next = [s.preset, s.changes, s.differences];
    Object.assign(s, before, { points: s.points }); // the link's, if it carries any
    s.configure(...next);
  },
  words: () => words(),
});

const opener = new Opener({ session, bench, show: showBench, notes, opening: (is) => { address.next = is; } });

const keys = new Keys({
  slice: () => tab === "wgan" && tools.across(probe.at),
  slower: () => shiftSpeed(-1),
  faster: () => shiftSpeed(1),
  layer: (i) => layers.toggle(i),
  tabs: () => {
    const names = Object.keys(demos);
    byId(`tab-${names[(names.indexOf(tab) + 1) % names.length]}`).click();
  },
});

// Sessions.

// make makes the session of a tab. key may name a kept run to open.
function make(name, key) {
  const s = sessions[name] = new Session(demos[name], (kind) => heard(s, kind), (record) => kept.put(record));
  s.points = points.points;
  s.wanted = link.autoplay !== "0" && !calm;
  s.speed = speeds.includes(Number(link.speed)) ? Number(link.speed) : 0;
  if (typeof WebAssembly !== "object") {
    s.fault = { kind: "wasm" };
    return s;
  }
  (key ? kept.read(key) : Promise.resolve(null)).then((record) => {
    s.stored = fits(s, record);
    if (key && !s.stored) notes.add(() => t("runs.gone"));
    s.boot(begin);
  });
  if (!key && !link.b && !link.lesson && !lesson.lesson && !Object.keys(rest).length) playback.choose(s, (tab === name && link.p) || "live");
  return s;
}

// begin restores the kept run, otherwise takes the link, once the registry is known.
function begin(s) {
  const linked = s === session(), stored = fits(s, s.stored);
  s.stored = null;
  if (stored) {
    const { preset, named, changes, differences, points } = stored;
    Object.assign(s, { preset, named, changes, differences, points: points ?? s.points });
    s.take(stored);
    if (linked) rest = settle(s.experiment, preset, rest).unknown;
    return;
  }
  const preset = s.experiment.presets.find((p) => linked && p.name === link.p) ?? s.experiment.presets[0];
  s.preset = preset.name;
  s.named = linked && link.p === preset.name;
  if (s.scene) {
    arrange(s, s.scene);
    s.scene = null;
    s.scripted = true;
    return;
  }
  if (!linked) return;
  const settled = settle(s.experiment, s.preset, rest);
  s.changes = settled.changes;
  s.variants = parseVariants(s.experiment, link.b);
  rest = settled.unknown;
  points.follow(s, link.points);
  noteDoubts(notes, misreadRun(s.experiment, { preset: link.p, b: link.b }, { ...settled, values: s.values }), { p: () => title(`${s.experiment.name}.${preset.name}`, preset) });
}

// scene puts a tab into the state that a lesson asks for, at step 0 and paused.
function scene(name, wanted) {
  slow.end();
  tools.clear();
  if (name !== tab || !session()) choose(name);
  const s = session();
  s.want(false);
  if (wanted.layers) layers.set({ ...none(), ...wanted.layers });
  if (!s.experiment) {
    s.scene = wanted;
    return;
  }
  arrange(s, wanted);
  s.start({ least: 0, scripted: true });
  settingsChanged();
}

function arrange(s, { preset, set = {}, compare }) {
  s.wanted = false;
  s.quiet = true;
  s.named = false;
  s.preset = s.experiment.presets.find((p) => p.name === preset)?.name ?? s.preset;
  s.changes = changed(s.experiment, s.preset, set);
  s.variants = parseVariants(s.experiment, compare);
}

function heard(s, kind) {
  if (kind === "checkpoint") kept.stands(s, performance.now());
  if (s !== session()) return;
  switch (kind) {
    case "registry":
      if (live) showWatched();
      else furnish();
      break;
    case "opened":
      if (playback.session === s) playback.stop();
      veil();
      refurnish();
      stage.say({ cmd: "ghost", points: s.ghost?.points ?? null });
      say(true);
      pump();
      break;
    case "frame":
      if (waiting.length) {
        for (const resolve of waiting.splice(0)) resolve(s.frame);
        return;
      }
      if (slow.running) return;
      if (s.open && s.frame) {
        const shown = performance.now();
        see(s.frame);
        stage.draw(s.frame).then(() => setTimeout(pump, s.told ? pauseAfter(performance.now() - shown) : 0));
        tellStep();
        timelines();
        veil();
        lesson.look();
      } else pump();
      return;
    case "scrubbed":
      see(s.frame);
      stage.draw(s.frame);
      plot();
      timelines();
      transport();
      veil();
      return;
    case "checkpoint":
      timelines();
      return;
    case "metrics":
      plot();
      lesson.look();
      break;
    case "leapt":
      settingsChanged();
      timelines();
      break;
    case "refused":
      notes.add(() => t("runs.still", { reason: errorText(s.refusal) }));
      address.next = false;
      settingsChanged();
      break;
  }
  fault();
}

// see shows a frame in all but the stage.
function see(frame) {
  probe.show(frame);
  panel.picture(frame);
  panels.show(session());
  tools.show(frame);
}

// showWatched shows the tab of the run that is watched.
function showWatched() {
  const name = tabOf(live.experimentName);
  if (name) choose(name);
  else notes.add(() => t("live.unknown", { name: live.experimentName }));
}

// pump asks for the next frame.
function pump() {
  if (!document.hidden && !slow.running) session().ask();
}

function visible() {
  for (const [name, s] of Object.entries(sessions)) s.see(name === tab && !document.hidden);
  pump();
}

// What is seen.

let form, shownSettings = null, called = []; // the names of the runs

const names = () => (session().experiment ? titles(session().experiment, session().runs, session().present.variants) : []);

// furnish builds all that depends on the experiment, its registry known.
function furnish() {
  const s = session(), e = s.experiment;
  layers.show(tab);
  if (!e) return;
  byId("about").textContent = doc(`experiment.${e.name}`, e);
  byId("preset").replaceChildren(...e.presets.map((p) => el("option", { value: p.name }, title(`${e.name}.${p.name}`, p))));
  form = new Form(byId("form"), e, (name, text) => {
    s.set(name, text);
    settingsChanged();
  });
  form.only(shownSettings);
  panels.furnish(tab);
  panels.show(s);
  refurnish();
}

// refurnish builds what depends on which runs there are.
function refurnish() {
  const s = session();
  if (!s.experiment) return;
  called = names();
  stage.say({ cmd: "titles", titles: called.length === 2 ? [...called, t("compare.difference")] : called });
  layers.several(called.length);
  byId("panel").dataset.runs = Math.max(1, called.length);
  panel.furnish(tab, s, called);
  settingsChanged();
}

// settingsChanged shows the settings as they stand, and writes them into the link.
function settingsChanged() {
  const s = session(), e = s.experiment;
  if (!e) return;
  if (String(names()) !== String(called)) return refurnish();
  const preset = e.presets.find((p) => p.name === s.preset);
  byId("preset").value = s.preset;
  byId("preset-doc").textContent = doc(`${e.name}.${s.preset}`, preset);
  form.show(s.values, base(e, s.preset));
  form.suit(s);
  points.offer(live === null && s.values.data === "points");
  playback.follow(s);
  timelines();
  save();
  transport();
  fault();
}

// save writes the page's state into the link, once the requested run is open.
function save() {
  const s = session();
  if (live || (s.open && s.opens.size) || (!s.experiment && !address.next)) return;
  link = {
    ...link, tab, p: s.experiment && (s.named || s.preset !== s.experiment.presets[0].name) ? s.preset : "", speed: s.speed || "",
    b: formatVariants(s.variants), layers: layers.text(), lesson: lesson.id, points: "",
  };
  const hash = format(link, { ...s.changes, ...rest });
  address.write(s.experiment ? points.link(s, hash) : hash, s.key);
}

// arrive saves, as an entry of the browser's history unless that led here.
function arrive() {
  address.next = !travel.following;
  save();
}

function plot() {
  panel.show();
  summarise();
  say();
}

function timelines() {
  const s = session();
  const recorded = Boolean(s.tape) && s.step === 0 && s.ring.entries.length <= 1 && s.variants.length === 0;
  timeline.show({ entries: recorded ? s.tape : s.ring.entries, step: s.step, at: s.scrubbed, recorded, whole: Boolean(s.figure) });
}

let said = 0;

// summarise writes in words how it goes, or went at the checkpoint that is shown.
function summarise() {
  if (session().experiment) byId("summary").textContent = summary(session());
}

// say tells those who do not see it, at most every five seconds.
function say(now = false) {
  const s = session();
  if (!s.experiment || (!now && performance.now() - said < sayEvery)) return;
  said = s.history.last?.step ? performance.now() : -Infinity; // what comes after the start is news
  summarise();
  byId("said").textContent = byId("summary").textContent;
  stage.say({ cmd: "label", text: `${t("picture")}. ${byId("summary").textContent}` });
  panel.label();
}

function tellStep() {
  const output = byId("step-count"), s = session(), step = s.scrubbed?.step ?? s.step;
  output.textContent = whole(step, language());
  output.dataset.step = step;
}

function transport() {
  const s = session();
  const works = s.experiment !== null && !s.fault;
  const play = byId("play");
  document.documentElement.dataset.playing = s.playing;
  play.setAttribute("aria-pressed", s.playing);
  const action = (name) => s.experiment?.actions?.some((a) => a.name === name);
  for (const id of ["play", "step"]) byId(id).disabled = !works;
  for (const id of ["reset", "new-seed", "preset", "compare"]) byId(id).disabled = !s.experiment || (id === "compare" && Boolean(s.figure));
  byId("step-critic").hidden = byId("step-generator").hidden = byId("slow").hidden = Boolean(s.experiment) && !action("critic-step");
  byId("step-critic").disabled = byId("slow").disabled = !works || !action("critic-step");
  byId("step-generator").disabled = !works || !action("generator-step") || s.values?.generator === "fixed";
  byId("slow").setAttribute("aria-pressed", slow.running);
  byId("compare").setAttribute("aria-pressed", s.variants.length === 2);
  tellStep();
  byId("rate").textContent = s.fault || !s.open || (live && !s.told) ? "" : !s.told ? t("paused") : s.rate ? t("rate", { n: tick(Number(s.rate.toPrecision(3))) }) : "";
  byId("rate").dataset.rate = s.told ? s.rate : 0;
  banner?.show(s);
}

// veil covers the stage until there is a picture, and says why.
function veil() {
  const s = session();
  const state = byId("stage-box").dataset.state = s.frame ? "shown" : "loading";
  writeVeil(s.fault || state === "shown" ? "" : live ? standing(s) : waitingFor(s, s.open), s);
}

function fault() {
  showFault(session(), settingsChanged);
  if (session().fault) lesson.look();
  transport();
  veil();
}

// doubt notes which of a link's own keys were not understood.
function doubt(page) {
  const can = { tab: Object.keys(demos), lesson: lessons.map((l) => l.id), speed: speeds.map(String), layers: layers.names(tab), autoplay: ["0", "visible", "slide"] };
  noteDoubts(notes, misread(page, can), { tab: () => t(`tab.${tab}`), speed: () => t("fastest") });
}

// bench returns the session that trains an experiment, or null.
function bench(experiment) {
  const name = tabOf(experiment);
  return name && !live ? sessions[name] ?? make(name) : null;
}

// showBench shows the run opened in a session.
function showBench(s) {
  const away = s !== session(); // otherwise the history has it already
  address.quietly(() => lesson.lesson && lesson.leave());
  slow.end();
  if (away) choose(tabOf(s.experimentName));
  address.next = away;
  save();
}

// What the person does.

function choose(name, focus = false, key) {
  if (live?.open && demos[name].experiment !== live.experimentName) return;
  if (session()) slow.end();
  tab = name;
  tabs.show(name, live !== null, focus);
  byId("panel").dataset.tab = name;
  byId("panel").setAttribute("aria-labelledby", `tab-${name}`);
  points.offer(false);
  notes.clear();
  tools.clear();
  if (!live && !sessions[name]) make(name, key);
  stage.forget();
  stage.say({ cmd: "mode", mode: demos[name].mode });
  furnish();
  probe.show(session().frame);
  if (session().frame) stage.draw(session().frame);
  byId("speed").value = session().speed;
  visible();
  fault();
  say(true);
}

const tabs = new Tabs(go);

// go shows a tab, and adds an entry to the browser's history.
function go(name, focus) {
  address.quietly(() => lesson.lesson && lesson.leave());
  if (!sessions[name]) link = { ...link, p: "", b: "" }; // it starts with its own preset
  address.next = true;
  choose(name, focus);
  save();
}

byId("play").onclick = () => {
  slow.end();
  const s = session();
  if (!s.playing && s.scrubbed?.recorded) playback.goOn(s, s.scrubbed);
  else s.want(!s.playing);
  pump();
};
byId("step").onclick = () => {
  slow.end();
  if (session().scrubbed?.recorded) session().scrubbed = null;
  session().once();
  pump();
};
for (const [id, action] of [["step-critic", "critic-step"], ["step-generator", "generator-step"]]) {
  byId(id).onclick = async () => {
    slow.end();
    const s = session();
    s.want(false);
    try {
      await Promise.all(s.runs.map((_, run) => s.do(run, action)));
    } catch (e) {
      notes.add(() => errorText(e.message));
    }
    pump();
  };
}
byId("slow").onclick = () => (slow.running ? slow.end() : slow.begin());
byId("reset").onclick = () => {
  slow.end();
  address.next = session().step > short; // so that Back returns to it
  session().start();
};
byId("new-seed").onclick = () => {
  slow.end();
  address.next = session().step > short;
  session().set("seed", String(1 + crypto.getRandomValues(new Uint16Array(1))[0]));
  settingsChanged();
};
byId("preset").onchange = () => {
  address.next = true;
  session().choose(byId("preset").value);
  settingsChanged();
};
byId("compare").onclick = () => compareDialog.open(session());
byId("open-lessons").onclick = () => byId("lessons").showModal();
byId("open-share").onclick = () => share(session().points);
byId("open-export").onclick = () => exporting.open();
byId("open-runs").onclick = () => keptList.open();
byId("help").onclick = () => {
  keys.list(tab, layers.count);
  byId("shortcuts").showModal();
};

function setSpeed(speed) {
  session().setSpeed(speed);
  byId("speed").value = speed;
  save();
}

function shiftSpeed(by) {
  const i = speeds.indexOf(session().speed) + by;
  if (has(speeds, i)) setSpeed(speeds[i]);
}

byId("speed").onchange = () => setSpeed(Number(byId("speed").value));

function looked() {
  stage.say({ cmd: "theme", dark: isDark() });
  stage.say({ cmd: "type", large: isLarge() });
  panel.draw();
  panels.redraw();
  tools.plot?.draw();
}

dark.onchange = looked;
const setType = look(looked, (type) => {
  link.type = type;
  save();
});

byId("language").onclick = () => {
  link.lang = language() === "en" ? "ja" : "en";
  save();
  talk(link.lang);
};

// talk changes the page's language.
async function talk(name) {
  understood(await speak(name));
  words();
}

// understood notes that the words of a language could not be loaded.
function understood(spoken) {
  if (!spoken) notes.add(() => t("languageMissing"));
}

// words writes all text in the language spoken.
function words() {
  translate();
  notes.translate();
  byId("speed").replaceChildren(...speeds.map((n) => el("option", { value: n }, n ? t("perSecond", { n }) : t("fastest"))));
  byId("speed").value = session()?.speed ?? 0;
  const [a, b] = [["Gulrajani et al. 2017", "1704.00028"], ["Jang, Gu & Poole 2017", "1611.01144"]]
    .map(([who, id]) => el("a", { href: `https://arxiv.org/abs/${id}`, rel: "noopener" }, who));
  byId("papers").replaceChildren(...t("papers", { a: "\0", b: "\0" }).split("\0").flatMap((text, i) => (i ? [[a, b][i - 1], text] : [text])));
  byId("licences").href = url("licences.txt");
  stage.say({ cmd: "captions", text: captions() });
  mark(table);
  menu((id) => lesson.open(id));
  if (!session()) return;
  lesson.draw();
  probe.show(session().frame);
  furnish();
  fault();
  say(true);
}

addEventListener("popstate", () => travel.follow());
addEventListener("pagehide", () => Object.values(sessions).forEach((s) => kept.flush(s)));
document.addEventListener("visibilitychange", visible);

words();
looked();
stage.say({ cmd: "motion", reduced: calm });
if (link.layers) layers.read(tab, link.layers);
choose(tab, false, address.run);
stage.start();
if (link.lesson) lesson.open(link.lesson);
doubt(link);
understood(spoken);
live?.boot();
keepOffline();
