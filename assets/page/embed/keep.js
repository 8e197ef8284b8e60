// What is kept of an embed's run while its page is away, under its address and
// its id: the bytes that it goes on from in IndexedDB, and in localStorage, which
// can be written while a page goes, the step that it had. Where a browser refuses
// either, nothing is kept and nothing fails.
import { answer, database } from "../database.js";

const most = 12; // runs
const oldest = 14 * 24 * 3600 * 1000; // milliseconds
const mark = "ganbel-embed:";

// keyOf returns the name of an embed: what its address says of the run, not of
// how it looks.
export function keyOf(path, { tab, preset, id, compare, points, settings }) {
  const query = new URLSearchParams({ tab, preset, ...(compare && { b: compare }), ...(points && { points }), ...settings });
  query.sort();
  return `${path}?${query}${id ? `#${id}` : ""}`;
}

// stale returns which of [[key, time]], in milliseconds, must go.
export function stale(entries, now) {
  const newest = entries.toSorted((a, b) => b[1] - a[1]);
  return newest.filter(([, time], i) => i >= most || now - time > oldest).map(([key]) => key);
}

// remember writes what of a run is small, now: {step, wish}; forget drops it.
export function remember(key, small) {
  try {
    localStorage.setItem(mark + key, JSON.stringify(small));
  } catch {} // storage is closed or full
}

export function forget(key) {
  try {
    localStorage.removeItem(mark + key);
  } catch {}
}

function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(mark + key));
  } catch {
    return null;
  }
}

const open = database("ganbel-embeds", (db) => db.createObjectStore("runs", { keyPath: "key" }).createIndex("time", "time"));

// write keeps {step, preset, changes, points, runs, picture} and drops what is stale.
export async function write(key, record) {
  try {
    const runs = (await open()).transaction("runs", "readwrite").objectStore("runs");
    runs.put({ ...record, key, time: Date.now() });
    const entries = [];
    const cursor = runs.index("time").openKeyCursor();
    cursor.onsuccess = () => {
      const at = cursor.result;
      if (at) {
        entries.push([at.primaryKey, at.key]);
        at.continue();
        return;
      }
      for (const old of stale(entries, Date.now())) {
        runs.delete(old);
        forget(old);
      }
    };
  } catch {} // storage is closed or full
}

// drop forgets a run that was started anew.
export async function drop(key) {
  forget(key);
  try {
    (await open()).transaction("runs", "readwrite").objectStore("runs").delete(key);
  } catch {}
}

// read returns what was kept, or null, also for a run that had made no step. goal is the
// step that it had, at or after that of its bytes, and wish whether it was to play.
export async function read(key) {
  try {
    const record = await answer((await open()).transaction("runs").objectStore("runs").get(key));
    if (!record) return null;
    const last = remembered(key), goal = Math.max(record.step, last?.step ?? 0);
    return goal ? { ...record, goal, wish: last?.wish } : null;
  } catch {
    return null;
  }
}
