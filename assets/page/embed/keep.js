// What is kept of an embed's run while its page is away, under its address and
// its id: the bytes that it goes on from in IndexedDB, and in localStorage, which
// can be written while a page goes, the step that it had. Where a browser refuses
// either, nothing is kept and nothing fails.

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

let opened;

function database() {
  return (opened ??= new Promise((done, failed) => {
    const r = indexedDB.open("ganbel-embeds", 1);
    r.onupgradeneeded = () => r.result.createObjectStore("runs", { keyPath: "key" }).createIndex("time", "time");
    r.onsuccess = () => done(r.result);
    r.onerror = r.onblocked = () => failed(r.error);
  }));
}

const answer = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

// write keeps {step, preset, changes, points, runs, picture} and drops what is stale.
export async function write(key, record) {
  try {
    const runs = (await database()).transaction("runs", "readwrite").objectStore("runs");
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
    (await database()).transaction("runs", "readwrite").objectStore("runs").delete(key);
  } catch {}
}

// read returns what was kept, or null; goal is the step that the run had, at or
// after that of its bytes, and wish whether it was to play.
export async function read(key) {
  try {
    const record = await answer((await database()).transaction("runs").objectStore("runs").get(key));
    if (!record) return null;
    const last = remembered(key);
    return { ...record, goal: Math.max(record.step, last?.step ?? 0), wish: last?.wish };
  } catch {
    return null;
  }
}
