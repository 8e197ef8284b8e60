// What covers the stage until there is a picture: why there is none yet.
import { byId } from "./dom.js";
import { t } from "./strings.js";

const mb = (n) => (n / 1e6).toFixed(1);

// waiting returns what a session waits for; open says that its run is.
export function waiting({ ready, loading }, open) {
  if (!ready) return t("booting");
  if (loading?.total && loading.received < loading.total) return t("bytes", { name: loading.name, n: mb(loading.received), all: mb(loading.total) });
  return t(open ? "pictureLoading" : "opening");
}

// veil writes words, "" for none, and how much of what a session downloads has come.
export function veil(words, { loading }) {
  byId("veil-text").textContent = words;
  const bar = byId("veil-bar");
  bar.hidden = !words || !loading?.total;
  if (bar.hidden) return;
  bar.max = loading.total;
  bar.value = loading.received;
}
