// An experiment in the trainer's registry.

// belong adds the experiment's name to each of its settings, presets, metrics and
// actions, and returns the experiment. Words are found by both names, as a name can mean
// different things in different experiments.
export function belong(experiment) {
  const { settings, presets, metrics, actions } = experiment;
  for (const thing of [settings, presets, metrics, actions ?? []].flat()) thing.of = experiment.name;
  return experiment;
}
