// All words of the page in English: those that the page has itself, as the registry,
// errors and lessons are in English already.
import { bench } from "./en/bench.js";
import { charts } from "./en/charts.js";
import { choices, groups } from "./en/choices.js";
import { digits } from "./en/digits.js";
import { embed } from "./en/embed.js";
import { exporting } from "./en/export.js";
import { flat } from "./en/flat.js";
import { gumbel } from "./en/gumbel.js";
import { halves } from "./en/halves.js";
import { keys } from "./en/keys.js";
import { layers } from "./en/layers.js";
import { live } from "./en/live.js";
import { misread } from "./en/misread.js";
import { offline } from "./en/offline.js";
import { page } from "./en/page.js";
import { points } from "./en/points.js";
import { runfile } from "./en/runfile.js";
import { runs } from "./en/runs.js";

export const en = {
  strings: { ...bench, ...charts, ...live, ...layers, ...flat, ...exporting, ...points, ...offline, ...page, ...gumbel, ...halves, ...digits, ...runfile, ...runs, ...keys, ...misread, ...embed },
  choices, groups, units: {}, registry: {}, errors: [], advice: [], lessons: {},
};
