// Keeps the page for use without a network, with ../../service-worker.js. The page in one
// file does not need it, and an embed, as another site's guest, stores nothing. A page
// that watches a run stores nothing either, and deletes what was stored before.
import { byId, el } from "./dom.js";
import { keeps, origin, url } from "./files.js";
import { runAddress } from "./live.js";
import { t } from "./strings.js";

// workers returns navigator.serviceWorker, null if it is not available here.
function workers() {
  if (origin === "*" || origin === "null" || parent !== self || !/^https?:$/.test(location.protocol)) return null;
  try {
    return navigator.serviceWorker ?? null; // a sandbox may throw
  } catch {
    return null;
  }
}

// trains resolves once the trainer has loaded: its files come first.
function trains() {
  const play = byId("play");
  return new Promise((done) => {
    const look = () => play.disabled || done(watch.disconnect());
    const watch = new MutationObserver(look);
    watch.observe(play, { attributes: true, attributeFilter: ["disabled"] });
    look();
  });
}

// active resolves once a registration's newest worker is active, or has failed.
function active({ installing, waiting }) {
  const newest = installing ?? waiting;
  if (!newest) return true;
  return new Promise((done) => {
    newest.onstatechange = () => {
      if (newest.state === "activated") done(true);
      if (newest.state === "redundant") done(false); // it stored nothing; the next visit tries again
    };
    newest.onstatechange();
  });
}

// keepOffline stores the page once it trains, and then says so at its foot.
export async function keepOffline() {
  const service = workers();
  if (!service) return;
  const home = new URL("../", url("x"));
  try {
    if (runAddress()) {
      await forget(service, home);
      return;
    }
    if (navigator.connection?.saveData) return;
    await trains();
    const response = await fetch(url("built/offline.json"), { cache: "no-cache" });
    const { digest } = response.ok ? await response.json() : {};
    if (!/^[0-9a-f]{32}$/.test(digest)) return;
    const registration = await service.register(keeps(digest), { scope: home.href, updateViaCache: "none" });
    if (!(await active(registration))) return;
    document.documentElement.dataset.offline = digest;
    byId("licences").parentElement.append(" · ", el("span", { "data-t": "offline.kept" }, t("offline.kept")));
  } catch {} // the page works as before
}

// forget deletes what the page stored when it was served at this address.
async function forget(service, home) {
  const registration = await service.getRegistration(home);
  if (registration?.scope === home.href) await registration.unregister();
  for (const name of await caches.keys()) if (name.startsWith(`ganbel ${home.pathname} `)) await caches.delete(name);
}
