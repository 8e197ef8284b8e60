// Keeps the page for use without a network. assets/page/offline.js registers this file as
// service-worker.js?DIGEST, where DIGEST is that of a build, and assets/built/offline.json
// lists the files of the build with their digests. So each build has its own worker, with
// its own cache, which deletes older caches.
// The network is always asked first; the cache answers only if the network does not. Only files in the list are stored, all of them or none, when a build is new. All other requests, such as the streams of a watched run and addresses with a token, are left alone.
"use strict";

const home = new URL("./", location.href);
const build = location.search.slice(1);
const mark = `ganbel ${home.pathname} `; // begins the names of our caches
const list = "assets/built/offline.json";
const atOnce = 4; // files

const address = (path) => new URL(path === "index.html" ? "" : path, home).href;

// hex returns the SHA-256 of bytes.
async function hex(bytes) {
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// take stores a file of the build, unless the server lacks it. It throws an Error if the
// server's file differs from the list.
async function take(cache, path, digest) {
  const response = await fetch(address(path), { cache: "no-cache", priority: "low" });
  if (response.status === 404) return; // such as for a tape that was not deployed
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  const bytes = await response.arrayBuffer();
  if ((await hex(bytes)) !== digest) throw new Error(`${path} is not of build ${build}`);
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.set("Content-Length", bytes.byteLength);
  await cache.put(address(path), new Response(bytes, { headers }));
}

// install stores the files of the build, all or none.
async function install() {
  const response = await fetch(address(list), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${list}: HTTP ${response.status}`);
  const { digest, files } = await response.clone().json();
  if (digest !== build) throw new Error(`the server has build ${digest}, not ${build}`);
  const cache = await caches.open(mark + build), left = Object.entries(files);
  const some = async () => {
    for (let next = left.shift(); next; next = left.shift()) await take(cache, ...next);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, some));
    await cache.put(address(list), response);
  } catch (e) {
    left.length = 0;
    await caches.delete(mark + build);
    throw e;
  }
  await self.skipWaiting();
}

// activate deletes the caches of other builds, and takes over the open pages.
async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(mark) && name !== mark + build).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// kept returns the cached response for a path, or undefined.
async function kept(path) {
  if (!(await caches.has(mark + build))) return undefined;
  return (await caches.open(mark + build)).match(address(path), { ignoreVary: true });
}

// pathOf returns the path below home of a request that the cache may answer, otherwise
// null.
function pathOf({ method, url }) {
  const { origin, pathname, searchParams } = new URL(url);
  if (method !== "GET" || origin !== home.origin || !pathname.startsWith(home.pathname) || searchParams.has("token")) return null;
  const path = pathname.slice(home.pathname.length) || "index.html";
  return path === "index.html" || path.startsWith("assets/") ? path : null;
}

self.addEventListener("install", (e) => e.waitUntil(install()));
self.addEventListener("activate", (e) => e.waitUntil(activate()));
self.addEventListener("fetch", (e) => {
  const path = pathOf(e.request);
  if (path === null) return;
  e.respondWith(fetch(e.request).catch(async (fault) => {
    const response = await kept(path);
    if (!response) throw fault;
    return response;
  }));
});
