// The page that other sites frame: one run, its picture and a button. The link's
// hash says which, as it does for the whole page. It trains only while somebody
// asked for it and can see it; a slide of reveal.js says when it is left.
import { demos, pauseAfter, sayEvery } from "./demos.js";
import { byId } from "./dom.js";
import { showFault } from "./fault.js";
import { Keys } from "./keys.js";
import { whole } from "./numbers.js";
import { sentence } from "./readouts.js";
import { Session } from "./session.js";
import { Stage } from "./stage-client.js";
import { parse, settle } from "./state.js";
import { captions, language, speak, t, translate } from "./strings.js";

const { page: link, rest } = parse(location.hash);
const tab = link.tab in demos ? link.tab : "wgan";
let inView = false, left = false, said = -Infinity;

speak(link.lang);
translate();
byId("lab").href = new URL(`../../${location.hash}`, import.meta.url);

const stage = new Stage(byId("stage"), {
  ready() {
    show();
    session.ask();
  },
  key: (e) => keys.press(e),
  range() {},
  pointer() {},
});

const session = new Session(demos[tab].experiment, demos[tab].digits, (kind) => {
  if (kind === "frame" && session.frame) {
    const shown = performance.now();
    stage.draw(session.frame).then(() => setTimeout(() => !document.hidden && session.ask(), pauseAfter(performance.now() - shown)));
  } else if (kind === "opened") {
    session.ask();
  }
  show();
});

const keys = new Keys({ play: () => byId("play").click(), step: () => session.once(), reset: () => session.start() });

function show() {
  byId("stage-box").dataset.state = session.frame ? "shown" : "loading";
  document.documentElement.dataset.playing = session.playing;
  byId("play").disabled = !session.experiment || Boolean(session.fault);
  byId("play").setAttribute("aria-pressed", session.playing);
  showFault(session, show);
  if (!session.experiment || performance.now() - said < sayEvery) return;
  if (session.history.last?.step) said = performance.now();
  byId("summary").textContent = sentence(tab, session, whole(session.history.last?.step ?? 0, language()));
  stage.say({ cmd: "label", text: `${t("picture")}. ${byId("summary").textContent}` });
}

const see = () => session.see(inView && !left && !document.hidden);

byId("play").onclick = () => session.want(!session.playing);
new IntersectionObserver(([entry]) => {
  inView = entry.intersectionRatio >= .25;
  see();
}, { threshold: [0, .25] }).observe(document.body);
document.addEventListener("visibilitychange", () => {
  see();
  session.ask();
});
addEventListener("message", ({ source, data }) => {
  if (source !== parent || (data !== "slide:start" && data !== "slide:stop")) return;
  left = data === "slide:stop";
  see();
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => stage.say({ cmd: "theme", dark: (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark" });
dark.onchange = theme;
theme();
stage.say({ cmd: "mode", mode: tab });
stage.say({ cmd: "layers", layers: demos[tab].layers });
stage.say({ cmd: "captions", text: captions() });
stage.start();

session.wanted = link.autoplay === "visible";
session.speed = Number(link.speed) || 0;
if (typeof WebAssembly !== "object") {
  session.fail({ kind: "wasm" });
} else {
  session.boot((s) => {
    s.preset = (s.experiment.presets.find((p) => p.name === link.p) ?? s.experiment.presets[0]).name;
    s.changes = settle(s.experiment, s.preset, rest).changes;
  });
}
