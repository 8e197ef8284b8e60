// The runs that are kept: those that were left, and where those stand that are open. A run
// is a record, see Session.record, with its whole timeline. They are in IndexedDB, and
// where that is closed or full in memory, as long as the page is open. There are at most
// so many, of at most so many bytes; the oldest go first.
import { answer, database, ended } from "./database.js";
import { History } from "./history.js";
import { Ring, size } from "./ring.js";

export const most = 24; // runs
export const mostBytes = 200e6;
const bytesOfOne = 32e6; // above them a timeline is thinned
const keepLeast = 2000, keepMost = 10_000; // milliseconds between savings while it trains
const keepRate = 400; // bytes a millisecond that savings may come to

// stale returns the keys of those of some runs, {key, time, bytes}, that must go; that of
// the run keep stays.
export function stale(runs, keep) {
  const gone = [];
  let n = 0, bytes = 0;
  for (const run of runs.toSorted((a, b) => (b.key === keep) - (a.key === keep) || b.time - a.time)) {
    n++;
    bytes += run.bytes;
    if (run.key !== keep && (n > most || bytes > mostBytes)) gone.push(run.key);
  }
  return gone;
}

// thin returns those entries of a timeline that are kept.
function thin(entries) {
  const ring = new Ring(undefined, bytesOfOne);
  for (const entry of entries) ring.add(entry);
  return ring.entries;
}

// name gives each entry a name, by which it is found again.
let named = 0;
const session = Math.random().toString(36).slice(2);
const name = (entry) => (entry.id ??= `${session}-${++named}`);

// about returns what of a record is small: all but its entries and histories.
function about({ entries, histories, ...record }, time) {
  return { ...record, time, bytes: entries.reduce((sum, e) => sum + size(e), 0), ids: entries.map(name) };
}

// Memory keeps runs as long as the page is open. It takes a record as it is, and gives copies
// of the histories.
export class Memory {
  constructor() {
    this.runs = new Map();
  }

  async put(record, time) {
    this.runs.set(record.key, { ...about(record, time), record });
    for (const key of stale([...this.runs.values()], record.key)) this.runs.delete(key);
  }

  async read(key) {
    const record = this.runs.get(key)?.record;
    return record ? { ...record, histories: record.histories.map((h) => h.clone()) } : null;
  }

  async list() {
    return [...this.runs.values()].map(({ record, ...small }) => small);
  }

  async drop(keys) {
    for (const key of keys) this.runs.delete(key);
  }
}

const parts = (key) => IDBKeyRange.bound([key], [key, []]);

// Disk keeps runs in IndexedDB: what of a run is small in "runs", its entries and its
// histories in "parts".
export class Disk {
  constructor() {
    this.known = new Map(); // by run, the names of the entries that this page has kept
    this.open = database("ganbel-runs", (db) => {
      db.createObjectStore("runs", { keyPath: "key" });
      db.createObjectStore("parts", { keyPath: ["run", "id"] });
    });
  }

  async stores(mode) {
    this.db = await this.open();
    return this.within(mode);
  }

  within(mode) {
    const transaction = this.db.transaction(["runs", "parts"], mode);
    return { transaction, runs: transaction.objectStore("runs"), parts: transaction.objectStore("parts") };
  }

  // put writes what is not kept yet, all or nothing.
  async put(record, time) {
    const to = await this.stores("readwrite"), done = ended(to.transaction), run = record.key, small = about(record, time);
    to.runs.getAll().onsuccess = ({ target: { result: all } }) => {
      try {
        write(to, record, small, all.find((one) => one.key === run)?.ids);
        for (const key of stale([...all.filter((one) => one.key !== run), small], run)) remove(to, key);
        to.transaction.commit();
      } catch {
        to.transaction.abort();
      }
    };
    await done;
    this.known.set(run, small.ids);
  }

  // flush is put for a page that goes, which hears no answers any more.
  flush(record, time) {
    const small = about(record, time), known = this.known.get(record.key) ?? [];
    if (!this.db || known.at(-1) === small.ids.at(-1)) return;
    const to = this.within("readwrite");
    write(to, record, small, known);
    to.transaction.commit();
  }

  async read(key) {
    const from = await this.stores("readonly");
    const [small, all] = await Promise.all([answer(from.runs.get(key)), answer(from.parts.getAll(parts(key)))]);
    if (!small) return null;
    const { ids, bytes, time, ...record } = small, by = new Map(all.map(({ run, ...part }) => [part.id, part]));
    const entries = ids.map((id) => by.get(id)), { histories } = by.get("histories") ?? {};
    if (!entries.length || !entries.every(Boolean) || !histories) return null; // another window cleared it meanwhile
    return { ...record, entries, histories: histories.map((h) => Object.assign(new History(), h)) };
  }

  async list() {
    return answer((await this.stores("readonly")).runs.getAll());
  }

  async drop(keys) {
    const to = await this.stores("readwrite"), done = ended(to.transaction);
    for (const key of keys) remove(to, key);
    await done;
  }
}

// write writes a record, of whose entries some are there.
function write(to, record, small, ids = []) {
  const run = record.key, there = new Set(ids);
  for (const entry of record.entries) if (!there.delete(entry.id)) to.parts.put({ ...entry, run });
  for (const id of there) to.parts.delete([run, id]);
  to.parts.put({ run, id: "histories", histories: record.histories.map((h) => ({ ...h })) });
  to.runs.put(small);
}

function remove(to, key) {
  to.runs.delete(key);
  to.parts.delete(parts(key));
}

export class Kept {
  constructor(disk = new Disk(), now = Date.now) {
    this.disk = disk;
    this.now = now;
    this.memory = new Memory();
    this.closed = false; // nothing outlives the page
    this.due = new Map(); // by session, when its run is kept next
    this.last = Promise.resolve();
  }

  // put keeps a run, in the place of what was kept under its key. It resolves when it is.
  put(record) {
    const one = { ...record, entries: thin(record.entries), histories: record.histories.map((h) => h.clone()) };
    if (!one.entries.some((entry) => entry.step > 0)) return this.last;
    return this.last = this.last.then(async () => {
      try {
        await this.disk.put(one, this.now());
        await this.memory.drop([one.key]);
        this.closed = false;
      } catch {
        await this.memory.put(one, this.now());
        this.closed = true;
      }
    });
  }

  // stands keeps the open run of a session as it stands: at once if it stands still, else
  // every few seconds.
  stands(session, at) {
    const { ring, told, scripted } = session, bytes = ring.last ? size(ring.last) : 0;
    if (scripted || !ring.last?.step || (told && at < (this.due.get(session) ?? 0))) return;
    this.due.set(session, at + Math.min(keepMost, Math.max(keepLeast, bytes / keepRate)));
    this.put(session.record());
  }

  // flush keeps the open run of a session of a page that goes.
  flush(session) {
    const record = session.record();
    if (session.scripted || !record.step) return;
    try {
      this.disk.flush({ ...record, entries: thin(record.entries) }, this.now());
    } catch {} // storage is closed
  }

  // read resolves with the record of a run, null if it is not kept.
  async read(key) {
    await this.last;
    return (await this.memory.read(key)) ?? this.disk.read(key).catch(() => null);
  }

  // list resolves with what is small of all runs, the newest first.
  async list() {
    await this.last;
    const all = [...(await this.disk.list().catch(() => [])), ...(await this.memory.list())];
    return [...new Map(all.map((run) => [run.key, run])).values()].toSorted((a, b) => b.time - a.time);
  }

  // drop forgets runs.
  drop(keys) {
    return this.last = this.last.then(async () => {
      await this.memory.drop(keys);
      await this.disk.drop(keys).catch(() => {});
    });
  }
}
