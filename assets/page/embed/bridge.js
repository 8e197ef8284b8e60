// What the page around an embed can say, and what it hears: messages by
// postMessage, from and to the parent window only.
//
//   {ganbel: 1, id, cmd: "play", speed}     speed is in iterations a second, 0 the fastest
//   {ganbel: 1, id, cmd: "pause"}           {…, cmd: "step", n}      {…, cmd: "reset"}
//   {ganbel: 1, id, cmd: "set", name, value}, or values: {name: value}
//   {ganbel: 1, id, cmd: "preset", preset}
//   {ganbel: 1, id, cmd: "layers", layers: {name: true or false}}
//   {ganbel: 1, id, cmd: "theme", theme}    "dark" or "light"
//   {ganbel: 1, id, cmd: "save"}            → runs: [ArrayBuffer], step
//   {ganbel: 1, id, cmd: "load", runs}      goes on from what save gave
//   {ganbel: 1, id, cmd: "state"}           → state, playing, step, preset, values, metrics, and measured, the step of the metrics
//   {ganbel: 1, id, cmd: "subscribe", events: ["metrics", "frame-step"]}
//
// Each is answered by {ganbel: 1, id, ok: true, …}, or where it cannot be by
// {ganbel: 1, id, error}, which says what would be right; without an id only
// errors are. A command that needs the trainer loads it. The embed says
// {ganbel: 1, event, …}:
//
//   ready {version, state, step}     it hears
//   state {state, playing, step}     state is asleep, ready, playing or resting
//   fault {kind, message, step}
//   note {message}                   a part of the address was not understood
//   key {key, code, shiftKey}        a key that the embed does not use
//   metrics {step, metrics}          at most four times a second while it plays, once subscribed
//   frame-step {step}                a picture was drawn, once subscribed
import { mend, same } from "../state.js";

export const version = 1;
const optional = ["metrics", "frame-step"]; // events that are sent once subscribed
const metricsEvery = 250; // milliseconds
const mostSteps = 100_000;
const longest = 200; // characters of a value in an error

// written returns a value of a message as text. A message may hold a value that write
// cannot format, such as a list that contains itself.
function written(value, write = JSON.stringify) {
  try {
    const text = String(write(value));
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  } catch {
    return `this ${typeof value}`;
  }
}

// wrong says what a setting may be, where a value cannot be; else it returns "".
export function wrong(setting, value) {
  const { name, kind, min, max, choices } = setting;
  const mended = ["string", "number", "boolean"].includes(typeof value) ? mend(setting, String(value)) : null;
  if (mended !== null && same(setting, mended, String(value))) return "";
  const right = { choice: () => `one of ${choices.join(", ")}`, bool: () => "true or false", int: () => `a whole number from ${min} to ${max}`, float: () => `a number from ${min} to ${max}` };
  return `${name} must be ${right[kind]()}, not ${written(value, typeof value === "string" ? JSON.stringify : String)}`;
}

class Refusal extends Error {}

function refuse(message) {
  throw new Refusal(message);
}

// awake resolves with the experiment once the lab's trainer runs.
const awake = async (lab) => (await lab.registry()) ?? refuse("the trainer did not start: the event fault says why");

const known = (what, name, all) => all.includes(name) || refuse(`there is no ${what} ${written(name)}; there are ${all.join(", ")}`);

// The commands: each checks a message m, has the lab do it and returns the answer.
// lab has registry(), which resolves with the experiment once the trainer runs,
// with null where it does not start.
const commands = {
  play({ speed }, lab) {
    if (speed !== undefined && !(Number.isFinite(speed) && speed >= 0)) refuse(`speed must be a number of iterations a second, 0 for the fastest, not ${written(speed)}`);
    lab.play(speed);
  },
  pause: (_, lab) => lab.pause(),
  async step({ n = 1 }, lab) {
    if (!(Number.isInteger(n) && n >= 1 && n <= mostSteps)) refuse(`n must be a whole number from 1 to ${mostSteps}, not ${written(n)}`);
    await awake(lab);
    lab.step(n);
  },
  async reset(_, lab) {
    await awake(lab);
    lab.reset();
  },
  async set({ name, value, values }, lab) {
    if (values !== undefined && (typeof values !== "object" || values === null)) refuse("values must be an object of settings by name");
    const given = values === undefined ? [[name, value]] : Object.entries(values), { settings } = await awake(lab);
    for (const [name, value] of given) {
      known("setting", name, settings.map((s) => s.name));
      const why = wrong(settings.find((s) => s.name === name), value);
      if (why) refuse(why);
    }
    for (const [name, value] of given) lab.set(name, String(value));
  },
  async preset({ preset }, lab) {
    const { presets } = await awake(lab);
    known("preset", preset, presets.map((p) => p.name));
    lab.preset(preset);
  },
  layers({ layers }, lab) {
    if (typeof layers !== "object" || layers === null) refuse("layers must be an object of names that are true or false");
    for (const [name, on] of Object.entries(layers)) {
      known("layer", name, Object.keys(lab.layers()));
      if (typeof on !== "boolean") refuse(`layer ${name} must be true or false, not ${written(on)}`);
    }
    lab.layers(layers);
  },
  theme({ theme }, lab) {
    known("theme", theme, ["dark", "light"]);
    lab.theme(theme);
  },
  async save(_, lab) {
    await awake(lab);
    return lab.save();
  },
  async load({ runs }, lab) {
    if (!Array.isArray(runs) || !runs.length || !runs.every((r) => r instanceof ArrayBuffer)) refuse("runs must be a list of ArrayBuffers, as save gives");
    await awake(lab);
    const why = await lab.load(runs);
    if (why) refuse(why);
  },
  state: (_, lab) => lab.state(),
};

export class Bridge {
  // post(message) sends one to the parent.
  constructor(lab, post, now = () => performance.now()) {
    Object.assign(this, { lab, post, now });
    this.subscribed = new Set();
    this.measured = -Infinity;
  }

  // hear answers a message; what is none of these is another's, and left alone.
  async hear(m) {
    if (typeof m !== "object" || m === null || !("ganbel" in m)) return;
    const id = m.id === undefined ? {} : { id: m.id };
    try {
      if (m.ganbel !== version) refuse(`this embed speaks version ${version}, not ${written(m.ganbel)}`);
      known("command", m.cmd, [...Object.keys(commands), "subscribe"]);
      const more = m.cmd === "subscribe" ? this.subscribe(m) : await commands[m.cmd](m, this.lab);
      if ("id" in id) this.post({ ganbel: version, ...id, ok: true, ...more });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      this.post({ ganbel: version, ...id, error: e.message });
    }
  }

  subscribe({ events }) {
    if (!Array.isArray(events)) refuse(`events must be a list of ${optional.join(", ")}`);
    for (const e of events) known("event to subscribe to", e, optional);
    this.subscribed = new Set(events);
  }

  // emit posts an event. It drops metrics that come too soon after the last ones, except
  // the final metrics of a run that has stopped.
  emit(event, fields, last = false) {
    if (optional.includes(event) && !this.subscribed.has(event)) return;
    if (event === "metrics") {
      if (last ? fields.step === this.sentOf : this.now() - this.measured < metricsEvery) return;
      [this.measured, this.sentOf] = [this.now(), fields.step];
    }
    this.post({ ganbel: version, event, ...fields });
  }
}

