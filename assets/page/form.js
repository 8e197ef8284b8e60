// The form of settings, made from the registry.
import { exact, slider } from "./numbers.js";
import { rems } from "./type.js";
import { said } from "./compare.js";
import { mend, same } from "./state.js";
import { choice, doc, group, t, title, unit } from "./strings.js";
import { el, icon } from "./dom.js";

// What acts at once stands above what starts the run anew.
const order = ["data", "critic", "temperature", "optimiser", "model"];

// Form builds the fields of an experiment into a form element. change(name,
// text) is called when the person chose a value.
export class Form {
  constructor(form, experiment, change) {
    this.form = form;
    this.fields = new Map();
    const before = new Map([...form.querySelectorAll("details")].map((d) => [d.dataset.group, d.open]));
    const roomy = rems() > 45; // on a phone the person opens groups
    form.replaceChildren();
    form.onsubmit = (e) => e.preventDefault();
    const groups = new Map();
    const rank = (s) => order.indexOf(s.group);
    for (const setting of experiment.settings.toSorted((a, b) => rank(a) - rank(b))) {
      if (!groups.has(setting.group)) {
        const box = el("details", { open: before.get(setting.group) ?? roomy, "data-group": setting.group },
          el("summary", {}, el("span", {}, group(setting.group))));
        groups.set(setting.group, box);
        form.append(box);
      }
      const field = new Field(setting, change);
      this.fields.set(setting.name, field);
      groups.get(setting.group).append(field.element);
    }
  }

  // only leaves some settings in sight, all for null.
  only(names) {
    for (const [name, field] of this.fields) field.element.hidden = names !== null && !names.includes(name);
    for (const box of this.form.querySelectorAll("details")) {
      box.hidden = [...box.querySelectorAll(".setting")].every((e) => e.hidden);
      if (names !== null && !box.hidden) box.open = true;
    }
  }

  // suit shows only the fields that apply to the runs of a session: a figure hides some.
  // If there are two runs the fields are A's, and say how B differs.
  suit({ figure, runs }) {
    for (const [name, field] of this.fields) {
      field.element.classList.toggle("apart", Boolean(figure?.hides.includes(name)));
      const other = runs.length === 2 && runs[0][name] !== runs[1][name];
      field.other.hidden = !other;
      field.other.textContent = other ? t("compare.other", { value: said(field.setting, runs[1][name]) }) : "";
    }
    for (const box of this.form.querySelectorAll("details")) box.classList.toggle("apart", !box.querySelector(".setting:not(.apart)"));
  }

  // show sets the fields to the values, and marks those that differ from the preset's.
  show(values, presetValues) {
    for (const [name, field] of this.fields) field.show(values[name], presetValues[name]);
  }
}

// right describes the valid values of a number.
export const right = ({ kind, min, max }) => t(`form.${kind}`, { min, max });

class Field {
  constructor(setting, change) {
    this.setting = setting;
    const id = `set-${setting.name}`, help = `${id}-help`;
    const words = title(`setting.${setting.name}`, setting);
    this.mended = el("p", { class: "mended", role: "status", hidden: true });
    const commit = (text) => {
      this.replace(text);
      change(setting.name, text);
    };
    const common = { id, name: setting.name, "aria-describedby": help, "data-setting": setting.name };

    if (setting.kind === "choice") {
      this.input = el("select", common, ...setting.choices.map((c) => el("option", { value: c }, choice(setting.name, c))));
      this.input.onchange = () => commit(this.input.value);
    } else if (setting.kind === "bool") {
      this.input = el("input", { ...common, type: "checkbox" });
      this.input.onchange = () => commit(String(this.input.checked));
    } else {
      this.input = el("input", { ...common, type: "number", min: setting.min, max: setting.max, step: setting.kind === "int" ? 1 : "any", inputmode: setting.kind === "int" ? "numeric" : "decimal" });
      this.input.onchange = () => {
        commit(this.input.value);
        this.show(this.input.value.trim() === "" ? this.value : undefined);
      };
      this.scale = slider(setting);
    }
    const info = el("button", { type: "button", class: "info", "aria-expanded": "false", "aria-controls": help, "aria-label": `${words}: ?` }, "i");
    const text = el("p", { id: help, class: "help", hidden: true }, doc(`setting.${setting.name}`, setting));
    info.onclick = () => {
      text.hidden = !text.hidden;
      info.setAttribute("aria-expanded", String(!text.hidden));
    };
    const label = el("label", { for: id }, words);
    if (setting.resets) label.append("\u00a0", icon("restart", t("restarts")));
    this.element = el("div", { class: `setting ${setting.kind}` },
      el("div", { class: "head" }, label, info, setting.unit ? el("span", { class: "unit" }, unit(setting.unit)) : ""), this.input, this.mended);
    if (this.scale) this.element.append(this.range(words, commit));
    this.other = el("p", { class: "help other", hidden: true });
    this.element.append(this.other, text);
  }

  range(words, commit) {
    const { scale, setting } = this;
    this.slider = el("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": words, "data-slider": setting.name });
    const read = () => String(scale.value(this.slider.value / 1000));
    this.slider.oninput = () => {
      this.input.value = read();
      this.slider.setAttribute("aria-valuetext", exact(Number(read())));
      if (!setting.resets) commit(read());
    };
    this.slider.onchange = () => commit(read());
    return this.slider;
  }

  // replace says so if another value replaces an invalid one that the person chose.
  replace(given) {
    const { setting } = this, used = mend(setting, given);
    this.used = used ?? this.value;
    this.mended.hidden = used !== null && same(setting, used, given);
    if (!this.mended.hidden) this.mended.textContent = t(used === null ? "form.kept" : "form.mended", { given, used: this.used, right: right(setting) });
  }

  show(value = this.value, presetValue = this.presetValue) {
    if (value === undefined) return;
    if (!same(this.setting, value, this.used)) this.mended.hidden = true; // it was about another value
    this.value = value;
    this.presetValue = presetValue;
    if (this.setting.kind === "bool") this.input.checked = value === "true";
    else if (document.activeElement !== this.slider || !this.slider) this.input.value = value;
    if (this.slider && document.activeElement !== this.slider) {
      this.slider.value = Math.round(1000 * this.scale.position(Number(value)));
      this.slider.setAttribute("aria-valuetext", exact(Number(value)));
    }
    const differs = presetValue !== undefined && !same(this.setting, value, presetValue);
    this.element.classList.toggle("differs", differs);
    this.element.querySelector("label").title = differs ? t("changedMark") : "";
  }
}
