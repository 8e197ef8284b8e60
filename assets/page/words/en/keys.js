// Names of the shortcuts.
export const keys = {
  "key.space": "Space", "key.title": "{words} ({keys})",
  "key.play": "play or pause", "key.step": "one iteration", "key.critic": "one critic step", "key.generator": "one generator step",
  "key.slow": "slow motion", "key.reset": "reset, same seed", "key.seed": "new seed", "key.compare": "compare",
  "key.slower": "slower", "key.faster": "faster", "key.layer": "layers", "key.probe": "on the picture: read the critic off", "key.slice": "slice of D",
  "key.lessons": "lessons", "key.tabs": "next tab", "key.theme": "light or dark", "key.help": "this list",
};
