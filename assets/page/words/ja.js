// All words of the page in Japanese, with those for the registry and for errors. Only a
// page in Japanese loads them.
import { bench } from "./ja/bench.js";
import { charts } from "./ja/charts.js";
import { choices, groups, units } from "./ja/choices.js";
import { digits } from "./ja/digits.js";
import { embed } from "./ja/embed.js";
import { advice, errors } from "./ja/errors.js";
import { exporting } from "./ja/export.js";
import { flat } from "./ja/flat.js";
import { gumbel } from "./ja/gumbel.js";
import { halves } from "./ja/halves.js";
import { keys } from "./ja/keys.js";
import { layers } from "./ja/layers.js";
import { lessons } from "./ja/lessons.js";
import { live } from "./ja/live.js";
import { misread } from "./ja/misread.js";
import { offline } from "./ja/offline.js";
import { page } from "./ja/page.js";
import { points } from "./ja/points.js";
import { registry } from "./ja/registry.js";
import { runfile } from "./ja/runfile.js";
import { runs } from "./ja/runs.js";

export const ja = {
  strings: { ...bench, ...charts, ...live, ...layers, ...flat, ...exporting, ...points, ...offline, ...page, ...gumbel, ...halves, ...digits, ...runfile, ...runs, ...keys, ...misread, ...embed },
  choices, groups, units, registry, errors, advice, lessons,
};
