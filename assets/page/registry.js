// What the trainer's registry tells of an experiment.

// belong writes into each setting, preset, metric and action of an experiment whose it is,
// and returns the experiment: words are found by both, for one name means different
// things in different experiments.
export function belong(experiment) {
  const { settings, presets, metrics, actions } = experiment;
  for (const thing of [settings, presets, metrics, actions ?? []].flat()) thing.of = experiment.name;
  return experiment;
}
