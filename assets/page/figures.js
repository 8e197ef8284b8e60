// Presets of several runs side by side: figures of the papers, live. The page adds them
// to those of the registry, on which they are based.

const sets = ["8gaussians", "25gaussians", "swissroll"];

// Each has the fields of a preset, and:
//   from     the preset that it is based on
//   runs     the settings that differ in each of its runs
//   hides    the settings that cannot be changed: the runs differ in them, or the
//            figure depends on them
const figures = {
  "wgan-gp": [{
    name: "figure-1a", from: "live", title: "Figure 1(a)",
    doc: "Six critics, each against data plus noise: three data sets, with clipped weights above and with the penalty below. Clipping leaves too simple a surface.",
    values: { data: sets[0], rule: "penalty", generator: "fixed", objective: "wasserstein", lambda: "10", "n-critic": "1" },
    runs: ["clip", "penalty"].flatMap((rule) => sets.map((data) => ({ data, rule }))),
    hides: ["data", "rule", "generator", "objective"],
  }],
};

// withFigures returns an experiment of the registry with its figures among the presets.
export function withFigures(experiment) {
  const all = (Object.hasOwn(figures, experiment.name) ? figures[experiment.name] : []).flatMap((figure) => {
    const from = experiment.presets.find((p) => p.name === figure.from);
    return from ? [{ ...from, ...figure, values: { ...from.values, ...figure.values } }] : [];
  });
  return { ...experiment, presets: [...experiment.presets, ...all] };
}

// figureOf returns the preset of that name if it has several runs, otherwise null.
export const figureOf = (experiment, preset) => experiment?.presets.find((p) => p.name === preset && p.runs) ?? null;
