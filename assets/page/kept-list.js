// The list of the runs that are kept: each can be taken up again or deleted, and all at once.
import { said } from "./compare.js";
import { tabOf } from "./demos.js";
import { byId, el } from "./dom.js";
import { whole } from "./numbers.js";
import { language, t, title } from "./strings.js";

// what returns what a kept run is called: its tab, its preset, and what was changed.
export function what({ experiment, preset, changes, runs }, registry) {
  const e = registry(experiment);
  const named = e?.presets.find((p) => p.name === preset);
  const setting = (name) => e?.settings.find((s) => s.name === name);
  const all = [byId(`tab-${tabOf(experiment)}`)?.textContent ?? experiment, named ? title(`${experiment}.${preset}`, named) : preset];
  for (const [name, value] of Object.entries(changes)) all.push(setting(name) ? said(setting(name), value) : `${name} ${value}`);
  if (runs > 1) all.push(t("runs.several", { n: runs }));
  return all.join(" · ");
}

export class KeptList {
  // on has open(key); registry(experiment) is its row of the registry, undefined while
  // that is not known.
  constructor(kept, on) {
    this.kept = kept;
    this.on = on;
    this.heading = el("h2", { id: "kept-title" });
    this.about = el("p", { class: "help", id: "kept-about" });
    this.rows = el("div", { id: "kept-list" });
    this.all = el("button", { type: "button", id: "kept-clear" });
    this.close = el("button", { class: "main" });
    this.dialog = el("dialog", { class: "export", id: "kept", "aria-labelledby": "kept-title" }, this.heading, this.about, this.rows,
      el("form", { method: "dialog", class: "row" }, this.close, this.all));
    this.all.onclick = async () => {
      await kept.drop(this.shown);
      this.show();
    };
    document.body.append(this.dialog);
  }

  // open shows the list.
  async open() {
    await this.show();
    if (!this.dialog.open) this.dialog.showModal();
  }

  async show() {
    const runs = await this.kept.list();
    this.shown = runs.map((run) => run.key);
    this.heading.textContent = t("runs");
    this.about.textContent = t(!runs.length ? "runs.none" : this.kept.closed ? "runs.closed" : "runs.about", { n: runs.length });
    this.all.textContent = t("runs.clear");
    this.all.disabled = !runs.length;
    this.close.textContent = t("close");
    const when = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" });
    this.rows.replaceChildren(...runs.map((run) => {
      const name = what(run, this.on.registry), at = t("runs.at", { step: whole(run.step, language()), time: when.format(run.time) });
      const button = (words, act) => {
        const b = el("button", { type: "button", "aria-label": `${t(words)}: ${name}, ${at}` }, t(words));
        b.onclick = act;
        return b;
      };
      return el("div", { class: "export-row", "data-kept": run.key, "data-step": run.step },
        el("div", {}, el("strong", {}, name), el("p", {}, at)),
        el("div", { class: "export-buttons" },
          button("runs.open", () => {
            this.dialog.close();
            this.on.open(run.key);
          }),
          button("runs.drop", async () => {
            await this.kept.drop([run.key]);
            await this.show();
            this.rows.querySelector("button")?.focus();
          })));
    }));
  }
}
