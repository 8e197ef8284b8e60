// Whether a fault is the network's.
import { url } from "./files.js";

// answers resolves with whether the server answers at all. The service worker passes HEAD
// to the network.
export async function answers() {
  const file = url("licences.txt");
  if (!/^https?:/.test(file)) return true; // the page in one file has no server
  if (!navigator.onLine) return false;
  return fetch(file, { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
}

// unreachable returns the name of the words to use: surely offline, or maybe.
export const unreachable = () => (navigator.onLine ? "fault.network" : "fault.offline");
