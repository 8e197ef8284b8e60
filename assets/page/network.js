// Whether a fault is the network's.
import { origin, url } from "./files.js";

// answers resolves with whether the server answers at all. A service worker leaves HEAD
// to the network.
export async function answers() {
  if (origin === "*") return true; // the page in one file has no server
  if (!navigator.onLine) return false;
  return fetch(url("licences.txt"), { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
}

// unreachable returns the name of the words that say so: of one who has no network, or
// may have none.
export const unreachable = () => (navigator.onLine ? "fault.network" : "fault.offline");
