// Run by "node --test assets/page". It runs the service worker with a fake server and
// fake caches.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("../../service-worker.js", import.meta.url), "utf8");
const sha = (text) => createHash("sha256").update(text).digest("hex");

// site is a server at https://example.org/lab/, with files and their list, and a
// browser's caches. asked has the requested paths; if down is true it does not answer.
function site(files, digest) {
  const s = { files, down: false, asked: [], caches: new Map() };
  s.publish = (next, name) => {
    s.files = { ...next, "assets/built/offline.json": JSON.stringify({ digest: name, files: Object.fromEntries(Object.entries(next).map(([path, text]) => [path, sha(text)])) }) };
  };
  s.publish(files, digest);
  s.fetch = async (request) => {
    const path = new URL(request.url ?? request).pathname.slice("/lab/".length) || "index.html";
    s.asked.push(path);
    if (s.down) throw new TypeError("Failed to fetch");
    return path in s.files ? new Response(s.files[path], { headers: { "Content-Type": "text/plain", "Content-Encoding": "br" } }) : new Response("none", { status: 404 });
  };
  s.store = {
    keys: async () => [...s.caches.keys()],
    has: async (name) => s.caches.has(name),
    delete: async (name) => s.caches.delete(name),
    async open(name) {
      if (!s.caches.has(name)) s.caches.set(name, new Map());
      const cache = s.caches.get(name);
      return { put: async (at, response) => void cache.set(at, response), match: async (at) => cache.get(at)?.clone() };
    },
  };
  return s;
}

// start runs the worker of a build and returns functions that send it events.
function start(s, digest) {
  const hears = {}, self = { addEventListener: (kind, act) => { hears[kind] = act; }, skipWaiting: async () => {}, clients: { claim: async () => {} } };
  vm.runInNewContext(source, { self, location: new URL(`https://example.org/lab/service-worker.js?${digest}`), fetch: s.fetch, caches: s.store, URL, Headers, Response, crypto });
  const wait = async (kind) => {
    let done;
    hears[kind]({ waitUntil: (p) => { done = p; } });
    await done;
  };
  return {
    install: () => wait("install"), activate: () => wait("activate"),
    // ask returns the promise of an answer, null if the worker leaves the request alone.
    ask(url, method = "GET") {
      let answer = null;
      hears.fetch({ request: { url: new URL(url, "https://example.org/lab/").href, method }, respondWith: (p) => { answer = p; } });
      return answer;
    },
  };
}

const [a, b] = ["a".repeat(32), "b".repeat(32)];
const text = async (answer) => (await answer).text();

test("all of a build is kept, and answers if the network does not", async () => {
  const s = site({ "index.html": "one", "assets/page/main.js": "1", "assets/built/tapes/x.tape": "tape" }, a), w = start(s, a);
  delete s.files["assets/built/tapes/x.tape"]; // which was not deployed
  await w.install();
  await w.activate();
  assert.deepEqual([...s.caches.keys()], [`ganbel /lab/ ${a}`]);
  s.files["assets/page/main.js"] = "newer";
  assert.equal(await text(w.ask("assets/page/main.js")), "newer", "the network is asked first");
  s.files["index.html"] = "two";
  assert.equal(await text(w.ask("")), "two");
  s.down = true;
  for (const at of ["", "index.html", "#v=1", "?x=1"]) assert.equal(await text(w.ask(at)), "one", at);
  const kept = await w.ask("assets/page/main.js?v=1");
  assert.deepEqual([await kept.text(), kept.headers.get("Content-Type"), kept.headers.get("Content-Encoding"), kept.headers.get("Content-Length")], ["1", "text/plain", null, "1"]);
  await assert.rejects(w.ask("assets/other.js"), /Failed to fetch/);
  s.down = false;
  assert.equal((await w.ask("assets/none.js")).status, 404, "what the server says stands");
});

test("streams, tokens, other sites and what is no file of the page are left alone", async () => {
  const s = site({ "index.html": "one" }, a), w = start(s, a);
  await w.install();
  s.asked.length = 0;
  for (const at of ["run/events", "run/frame", "run/state", "oembed?url=x", "?token=abc", "assets/page/main.js?token=abc", "service-worker.js", "https://other.org/lab/assets/x.js", "/other/index.html", "/"]) {
    assert.equal(w.ask(at), null, at);
  }
  for (const method of ["POST", "HEAD", "PUT"]) assert.equal(w.ask("index.html", method), null, method);
  assert.deepEqual(s.asked, []);
});

test("a new build replaces the old one, and one that does not arrive leaves it", async () => {
  const s = site({ "index.html": "one", "assets/x.js": "1" }, a), old = start(s, a);
  await old.install();
  await old.activate();
  s.caches.set("another's", new Map());
  s.caches.set(`ganbel /lab/other/ ${a}`, new Map());
  const before = [...s.caches.keys()];

  s.publish({ "index.html": "two", "assets/x.js": "2" }, b);
  s.files["assets/x.js"] = "3"; // not what the list says
  await assert.rejects(start(s, b).install(), /assets\/x.js is not of build b/);
  assert.deepEqual([...s.caches.keys()], before, "nothing half is left");
  await assert.rejects(start(s, "c".repeat(32)).install(), /the server has build b/);
  s.down = true;
  await assert.rejects(start(s, b).install(), /Failed to fetch/);
  assert.deepEqual([...s.caches.keys()], before);
  assert.equal(await text(old.ask("")), "one");

  s.down = false;
  s.files["assets/x.js"] = "2";
  const next = start(s, b);
  await next.install();
  await next.activate();
  assert.deepEqual([...s.caches.keys()], ["another's", `ganbel /lab/other/ ${a}`, `ganbel /lab/ ${b}`]);
  s.down = true;
  assert.deepEqual([await text(next.ask("")), await text(next.ask("assets/x.js"))], ["two", "2"]);
  assert.equal(await old.ask("").catch((e) => e.message), "Failed to fetch", "what is dropped is gone");
});
