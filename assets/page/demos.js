// The demos: which experiment each shows, what its picture is made of, and how
// often it is drawn and told of.

import { url } from "./files.js";

export const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// isDark reports whether the dark theme is on: chosen here, else what dark, the
// browser's wish, says.
export const dark = matchMedia("(prefers-color-scheme: dark)");
export const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

export const speeds = [1, 3, 10, 30, 100, 0]; // iterations a second, 0 for the fastest

// pauseAfter returns how long to wait, in milliseconds, after a picture that took so long
// to draw: 20 pictures a second, and where they are slow, which blocks the page,
// half of the time for everything else.
export const pauseAfter = (took) => Math.max((calm ? 500 : 1000 / 20) - took, took);

export const sayEvery = 5000; // milliseconds between sentences about a run

// The layers that are on at first are true; digits says where MNIST is, for an
// experiment that learns it.
export const demos = {
  wgan: {
    experiment: "wgan-gp",
    mode: "wgan", // of the stage
    layers: {
      real: true, fake: true, contours: true, slope: true, warp: false, descent: false, batch: false, segments: false, noise: false,
      handles: false, surface: false, difference: false,
    },
    digits: null,
  },
  mnist: {
    experiment: "wgan-mnist",
    mode: "samples",
    layers: { fake: true, real: true },
    digits: url("built/mnist-10k.gz"),
    classifier: url("built/mnist-classifier.safetensors"), // which scores what is generated
  },
  categorical: {
    experiment: "gumbel-categorical",
    mode: "categorical",
    layers: {},
    digits: null,
  },
  gumbel: {
    experiment: "gumbel-vae",
    mode: "gumbel",
    layers: { digits: true, reconstructions: true, prior: true, code: true, simplex: true },
    digits: url("built/mnist-10k.gz"),
  },
  sop: {
    experiment: "gumbel-sop",
    mode: "sop",
    layers: { given: true, truth: true, mean: true, samples: true },
    digits: url("built/mnist-10k.gz"),
  },
  semi: {
    experiment: "gumbel-semi",
    mode: "semi",
    layers: { analogies: true, guesses: true },
    digits: url("built/mnist-10k.gz"),
  },
};

// tabOf returns the name of the demo of an experiment, or undefined.
export const tabOf = (experiment) => Object.keys(demos).find((name) => demos[name].experiment === experiment);
