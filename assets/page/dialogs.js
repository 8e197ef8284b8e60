// The dialogs: comparing two runs, and sharing one.
import { other, said } from "./compare.js";
import { byId, el } from "./dom.js";
import { url } from "./files.js";
import { right } from "./form.js";
import { whole } from "./numbers.js";
import { saveFile } from "./points.js";
import { carried } from "./points-link.js";
import { mend, parse, same } from "./state.js";
import { choice, language, t, title } from "./strings.js";

// Those that an earlier run can be forked with: what Adopt can carry over.
const forkable = (setting) => !["width", "depth", "activation", "latents", "classes", "hidden", "prior", "seed", "field", "view", "batch"].includes(setting.name);

export class CompareDialog {
  // on has compare(variants), which starts new runs, fork(entry, name, value), and end().
  constructor(on) {
    this.on = on;
    this.dialog = byId("compare-dialog");
    byId("compare-start").onclick = () => this.start();
    byId("compare-end").onclick = () => this.close(on.end);
    byId("compare-cancel").onclick = () => this.dialog.close();
  }

  close(then) {
    this.dialog.close();
    then();
  }

  // open asks which setting B changes; entry is the checkpoint to fork from, null to fork
  // from A's present step.
  open(session, entry = null) {
    Object.assign(this, { session, entry });
    const { experiment, values, variants } = session;
    byId("compare-end").hidden = Boolean(entry) || variants.length < 2;
    const settings = experiment.settings.filter((s) => s.name !== "seed" && (!entry || forkable(s)));
    const now = variants.length === 2 ? Object.entries(variants[1])[0] : null;
    this.setting = settings.find((s) => s.name === now?.[0]) ?? settings.find((s) => s.name === "rule") ?? settings[0];
    const pick = el("select", { id: "compare-setting" }, ...settings.map((s) => el("option", { value: s.name }, title(`setting.${s.name}`, s))));
    pick.value = this.setting.name;
    pick.onchange = () => {
      this.setting = settings.find((s) => s.name === pick.value);
      this.fields(values, null);
    };
    this.rows = [el("label", { for: "compare-setting" }, t("compare.setting")), pick];
    this.fields(values, now?.[0] === this.setting.name ? now[1] : null);
    this.dialog.showModal();
  }

  fields(values, wanted) {
    const { setting, session, entry } = this, step = entry?.step ?? session.step;
    byId("compare-about").textContent = !step ? t("compare.about")
      : forkable(setting) ? t("compare.forkAbout", { step: whole(step, language()) }) : `${t("compare.about")} ${t("compare.anew")}`;
    const value = values[setting.name], next = wanted ?? other(setting, value);
    const choices = setting.kind === "choice" ? setting.choices.filter((c) => c !== "points") : setting.kind === "bool" ? ["true", "false"] : null;
    this.input = choices
      ? el("select", { id: "compare-b" }, ...choices.filter((c) => c !== value).map((c) => el("option", { value: c }, choice(setting.name, c))))
      : el("input", { id: "compare-b", type: "number", step: "any", min: setting.min, max: setting.max });
    this.input.value = next;
    this.told = el("p", { class: "mended", role: "status" });
    byId("compare-fields").replaceChildren(...this.rows,
      el("span", { class: "label" }, t("compare.a")), el("output", {}, said(setting, value)),
      el("label", { for: "compare-b" }, t("compare.b")), this.input, this.told);
  }

  async start() {
    const { setting, session } = this;
    const given = this.input.value, value = mend(setting, given);
    const wrong = value === null || !same(setting, value, given) ? t("form.not", { right: right(setting) })
      : same(setting, value, session.values[setting.name]) ? t("compare.same") : "";
    this.told.textContent = wrong;
    if (wrong) {
      this.input.focus();
      return;
    }
    this.dialog.close();
    const entry = this.entry ?? (forkable(setting) ? await session.stands() : null);
    if (entry) this.on.fork(entry, setting.name, value);
    else this.on.compare([{}, { [setting.name]: value }]);
  }
}

// share shows the links and snippets for the page as it is now, and offers the points of
// the run as a file if they do not fit into a link.
export function share(points) {
  const { hash } = location;
  let embed = "", element = "";
  try {
    embed = url("embed.html") + hash;
    element = url("ganbel-lab.js");
  } catch {} // the page in one file has neither
  const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  const frame = `<iframe src="${quoted(embed)}" width="800" height="600" title="Ganbel" loading="lazy" allow="fullscreen"></iframe>`;
  const all = [
    ["share.link", location.href],
    ["share.frame", frame],
    ["share.element", `<script src="${element}" defer></script>\n<ganbel-lab hash="${quoted(hash)}"></ganbel-lab>`],
    ["share.reveal", `<section data-background-iframe="${quoted(`${embed.replace(/&(autoplay|type)=[^&]*/g, "")}&autoplay=slide&type=large`)}" data-background-interactive></section>`],
    ["share.quarto", `\`\`\`{=html}\n${frame}\n\`\`\``],
  ];
  byId("share-list").replaceChildren(...(element ? all : all.slice(0, 1)).map(([words, text]) => {
    const id = words.replace(".", "-");
    const field = el("textarea", { id, rows: text.includes("\n") ? 3 : 2, readonly: true, spellcheck: "false" }, text);
    const copy = el("button", { type: "button", "data-copy": id }, t("share.copy"));
    field.onfocus = () => field.select();
    copy.onclick = async () => {
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = t("share.copied");
      } catch { // it is not allowed here: select it for the person's own copy
        field.focus();
      }
    };
    return el("div", { class: "share" }, el("label", { for: id }, t(words)), copy, field);
  }));
  const { lacks } = carried(parse(hash).page.points ?? "");
  if (lacks) {
    const keep = el("button", { type: "button", id: "share-points" }, t("points.save"));
    keep.onclick = () => saveFile(points);
    byId("share-list").prepend(el("p", { class: "notice" }, t("points.shareLacks", { n: whole(lacks, language()) }), " ", keep));
  }
  byId("share").showModal();
}
