// Moving between runs: by Back and Forward, by a link that was edited, and from the list
// of kept runs.
import { parse as parseVariants } from "./compare.js";
import { demos } from "./demos.js";
import { errorText } from "./errors.js";
import { lessons } from "./lessons.js";
import { has, own } from "./own.js";
import { mend, parse } from "./state.js";
import { t } from "./strings.js";

// fits returns the record of a run if a session can open it, otherwise null.
export function fits(s, record) {
  const known = record?.experiment === s.experimentName && (!s.experiment || s.experiment.presets.some((p) => p.name === record.preset));
  return known ? record : null;
}

// senseless returns the parts of a link that mean nothing here, as written. e is the
// link's experiment, if known.
export function senseless({ page, rest }, e) {
  const bad = (key) => `${key}=${page[key]}`, found = [];
  if (page.tab && !has(demos, page.tab)) found.push(bad("tab"));
  if (page.lesson && !lessons.some((l) => l.id === page.lesson)) found.push(bad("lesson"));
  if (!e) return found;
  if (page.p && !e.presets.some((p) => p.name === page.p)) found.push(bad("p"));
  if (page.b && !parseVariants(e, page.b).length) found.push(bad("b"));
  for (const s of e.settings) if (has(rest, s.name) && mend(s, rest[s.name]) === null) found.push(`${s.name}=${rest[s.name]}`);
  return found;
}

export class Travel {
  // on has the page's session(), sessions by tab, tab(), lesson, notes, doubt(page's keys),
  // save(), words(), choose(tab), bench(experiment) and show(session); take(link), which
  // makes it the page's, and obey(session), which applies the link to the run.
  constructor(address, kept, on) {
    Object.assign(this, { address, kept, on });
    this.following = 0; // above 0 while the page follows the browser's history
    this.turn = 0;
  }

  // follow shows the address after Back, Forward or an edit changed it.
  async follow() {
    const turn = ++this.turn;
    this.following++;
    try {
      await this.go(this.address.run, parse(location.hash), () => turn === this.turn);
    } catch (e) {
      this.bad(e);
    }
    this.following--;
    if (turn !== this.turn) return;
    this.address.next = false;
    this.on.words();
  }

  // go opens the run of a key, otherwise that of a link. newest reports whether the
  // address is still the same.
  async go(key, linked, newest) {
    const { on } = this, { page } = linked, { lesson } = on;
    const bad = key ? [] : senseless(linked, own(on.sessions, page.tab ?? on.tab())?.experiment);
    if (bad.length) { // an edited link is followed as a whole or not at all
      on.notes.add(() => t("runs.still", { reason: t("runs.link", { given: bad.join(", ") }) }));
      on.save();
      return;
    }
    if ((page.lesson ?? "") !== lesson.id) {
      if (page.lesson) lesson.open(page.lesson);
      else lesson.leave();
    }
    if (lesson.lesson) return;
    on.notes.clear();
    on.take(linked);
    if (has(demos, page.tab)) on.choose(page.tab);
    const s = on.session();
    if (s.readonly || s.key === key) return;
    const record = key && (await this.kept.read(key));
    await s.whenKnown();
    if (!newest() || s !== on.session()) return;
    if (fits(s, record)) {
      await s.restore(record);
      return;
    }
    if (key) on.notes.add(() => t("runs.gone"));
    on.obey(s);
    on.doubt(page);
  }

  bad(e) {
    this.on.notes.add(() => t("runs.bad", { reason: errorText(e.message) }));
  }

  // open opens a kept run, in the tab of its experiment.
  async open(key) {
    const { on, address } = this, open = Object.values(on.sessions).find((s) => s.key === key);
    if (open) {
      on.show(open);
      return;
    }
    const record = await this.kept.read(key), s = record && on.bench(record.experiment);
    address.next = true;
    try {
      await s?.whenKnown();
      if (!s || !fits(s, record)) on.notes.add(() => t("runs.gone"));
      else {
        await s.restore(record);
        on.show(s);
      }
    } catch (e) {
      this.bad(e);
    }
    address.next = false;
  }
}
