// The panel that says in one sentence what is wrong, with one button against it.
import { byId } from "./dom.js";
import { errorText } from "./errors.js";
import { exact, whole } from "./numbers.js";
import { unreachable } from "./network.js";
import { language, t } from "./strings.js";

// clean drops what the sentence around a message says itself.
const clean = (message) => (message ?? "").replace(/^the trainer (broke: |stopped with )|( at step \d+: .*)?[.。]*$/g, "");

// cures returns what helps against a fault of a session, the best first: words
// for a button and what it does.
function cures(fault, session) {
  switch (fault.kind) {
    case "wasm":
      return [[t("do.reload"), () => location.reload()]];
    case "crash": {
      const { last } = session.ring;
      if (!last) return [[t("do.anew"), () => session.start()]];
      return [[t("do.restart", { step: whole(last.step, language()) }), () => session.reopen()]];
    }
    case "network":
    case "download":
      return [[t("do.again"), () => { // in a new worker, which has no digits yet
        session.boot();
        session.reopen();
      }]];
    case "diverged": {
      const rate = String(Number((Number(session.values["learning-rate"]) / 10).toPrecision(2)));
      const slower = [t("do.slower", { rate: exact(Number(rate)) }), () => {
        session.set("learning-rate", rate);
        session.start();
      }];
      const entry = session.ring.before(fault.step);
      if (!entry || entry.step === 0) return [slower];
      const rewind = [t("do.rewind", { step: whole(entry.step, language()) }), () => {
        session.wanted = false; // to be changed before it goes on
        session.leap(entry);
      }];
      return [rewind, slower];
    }
    case "open":
      return [[t("do.preset"), () => {
        session.changes = {};
        session.variants = [];
        session.start();
      }]];
  }
  return [];
}

// showFault shows the fault of the session that is seen, else nothing. cured is
// called after it was helped.
export function showFault(session, cured) {
  const fault = session?.fault;
  const box = byId("fault");
  box.hidden = !fault;
  self.ononline = null;
  if (!fault) return;
  const step = fault.step ?? session.step;
  box.dataset.kind = fault.kind;
  const network = fault.kind === "network";
  byId("fault-text").textContent = t(network ? unreachable() : `fault.${fault.kind}`, { message: errorText(clean(fault.message)), step: whole(step, language()) });
  const all = cures(fault, session);
  for (const [i, id] of ["fault-do", "fault-else"].entries()) {
    const button = byId(id), cure = all[i];
    button.hidden = !cure;
    if (!cure) continue;
    button.textContent = cure[0];
    button.onclick = () => {
      cure[1]();
      cured();
    };
  }
  if (network) self.ononline = () => byId("fault-do").click();
}
