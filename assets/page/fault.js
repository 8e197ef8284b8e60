// The panel that says in one sentence what is wrong, with one button against it.
import { byId } from "./dom.js";
import { whole } from "./numbers.js";
import { language, t } from "./strings.js";

// clean drops what the sentence around a message says itself.
const clean = (message) => (message ?? "").replace(/^the trainer (broke|stopped): |( at step \d+: .*)?[.。]*$/g, "");

// cure returns the words of the button and what it does for a fault of a session.
function cure(fault, session) {
  switch (fault.kind) {
    case "wasm":
      return [t("do.reload"), () => location.reload()];
    case "crash":
      if (session.saved) return [t("do.restart", { step: whole(session.saved.step, language()) }), () => session.reopen()];
      return [t("do.anew"), () => session.start()];
    case "download":
      return [t("do.again"), () => { // in a new worker, which has no digits yet
        session.boot();
        session.reopen();
      }];
    case "diverged": {
      const rate = String(Number((Number(session.values["learning-rate"]) / 10).toPrecision(2)));
      return [t("do.slower", { rate }), () => {
        session.set("learning-rate", rate);
        session.start();
      }];
    }
    case "open":
      return [t("do.preset"), () => {
        session.changes = {};
        session.start();
      }];
  }
}

// showFault shows the fault of the session that is seen, else nothing. cured is
// called after it was helped.
export function showFault(session, cured) {
  const fault = session?.fault;
  const box = byId("fault");
  box.hidden = !fault;
  if (!fault) return;
  const step = fault.step ?? session.step;
  box.dataset.kind = fault.kind;
  byId("fault-text").textContent = t(`fault.${fault.kind}`, { message: clean(fault.message), step: whole(step, language()) });
  const [words, act] = cure(fault, session);
  byId("fault-do").textContent = words;
  byId("fault-do").onclick = () => {
    act();
    cured();
  };
}
