package lab

import "ganbel/core/data"

// A Frame is what can be drawn of a run at one step. Its tensors are copies.
//
// WGAN runs fill "real" and "fake" (n, 2), "descent" (n, 2), ∇D at every one of
// "fake", "critic" and "slope" (g, g) over
// [-view, view]² with row i at y = -view + 2·view·i/(g-1) and columns alike in x,
// "modes" (m, 2), the centres of data with modes, "warp" (w, w, 2), where the generator
// sends the lattice [-2, 2]², and "view" (1). "weights" (64) counts the critic's weights,
// not its biases, in 64 equal bins over [-r, r]; "weights-range" (2) is r, the least of
// 1, 2 and 5 times a power of ten that holds all, and with the rule clip the share of
// weights within 1 % of -c or c, else 0.
//
// Once they made a critic step since they were opened or loaded, they also fill,
// "slopes" (batch), the gradient norms at the last critic step's interpolates, and
// of the first b = min(64, batch) rows of the last critic step's batch as that step
// saw them: "batch-noise" (b, 2), z, but not for a fixed generator, "batch-real", "batch-fake" and
// "batch-mix" (b, 2), x, x̃ and x̂, "batch-slope" (b), ‖∇D(x̂)‖, and "batch-critic"
// (b, 2), D(x) and D(x̃); row i of all belongs together. "terms" (6) are of the
// whole batch: mean D(x), mean D(x̃), mean ‖∇D(x̂)‖, λ·mean (‖∇D(x̂)‖ - 1)², which
// only the rule penalty adds to the loss, and the critic's loss, and then the
// generator's loss in its last step, NaN for none. "layers" (L) holds, for every
// layer of the present critic, first layer first and the output last, the norm of
// the gradient of its loss on the b rows by that layer's activations (figure 1(b)).
//
// Runs that generate images fill "samples" (100, rows, columns, channels) in [0, 1],
// always of the same noise, where there are "classes" (1), K, image i of class i mod K,
// "real" (n, rows, columns, channels), the first training examples, and once they made
// a step with a penalty "slopes" (batch), ‖∇D‖ at its interpolates.
//
// Runs of wgan-values fill "surfaces" (2, 3, g, g), D over [-view, view]², clipped and
// penalised critics a row, data sets a column, "surface-data" (3, n, 2), points of each
// data set, and "surface-view" (1), view. Runs of wgan-depth, of c = .1, .01, .001 and the
// penalty in this order, fill "depth-real" (n, 2), "depth-fake" (4, n, 2), what each
// generates of the same noise, "depth-view" (1), "depth-weights" (2, 64) and "depth-ends"
// (2, 2), which are what "weights" and "weights-range" are to wgan-gp, but of c = .01 over
// [-2c, 2c] and of the penalty over a range that holds 99 % of them, and once there was
// a step "depth-norms" (4, L), what "layers" is.
//
// Runs that generate text fill "letters" (v), the alphabet's code points, U+FFFD for all
// others, "text" (100, letters a line), generated lines as indices of "letters", always of
// the same noise, "text-real", some lines of the text, and "slopes" as above. "floor-"
// and a metric's name (1) is what that metric would be of a perfect generator.
//
// Runs of the VAE fill "digits", "reconstructions" (n, 28, 28), "prior" (m, 28, 28),
// all in [0, 1], "codes" (n, N, K), the relaxed sample of every digit, and "code"
// (N, K), the first of them, "usage" (N, K), the mean of q(z|x) over test digits,
// "bits" (1), 1 where the code is of bits, which then lie in rows of 20 or fewer in
// place of (N, K),
// "simplex" (s, 3), Gumbel-Softmax samples of one three-way choice at the current
// temperature, "chances" (3), its probabilities, and "temperature" (1).
//
// Runs of structured output prediction fill "digits" (n, 28, 28), test digits,
// "completions" (n, 6, 28, 28), with each pixel's chance by one sample of the layers
// below the upper half as it was given, "mean" (n, 28, 28), that over 32 samples,
// "layer-1" and "layer-2" (n, N, K), the layers of every digit's first sample, bits
// lying as in a VAE's code, "bits" (1) and "temperature" (1).
//
// Runs of gumbel-gradients fill, once there were draws, "bias", "chance" and
// "variance" (e), of every one of gumbel.GradientEstimators, relative to the exact
// gradient and its square, and "temperature" (1).
//
// Semi-supervised runs fill "digits" (n, 28, 28), test digits as the model sees them,
// "labels" (n), theirs, "classes" (n, K), q(y|x), "reconstructions" (n, 28, 28), in
// the likeliest class, "analogies" (r, 1+K, 28, 28), a test digit and what is decoded of
// its z in each class, and "temperature" (1). The measurement of what their classes
// cost fills "class-counts" (m), K, and "marginalisation" and "gumbel-softmax" (m),
// steps a second, 0 where they were not measured yet.
//
// Runs of the one choice fill "logits", "noise", "perturbed", (logits + noise)/τ,
// "sample", its softmax, "hard", one-hot, and "chances" (3 each) of the present
// draw, "cloud" (n, 3), samples at this temperature, "counts" (3), how often each
// class was the largest, "temperature" (1), and of the gradient by the logits
// "exact" (3), "gradient" (3), its mean estimate, and "estimate" (4): its bias, that
// bias' standard error, its variance, and the draws that these are of.
//
// Runs of the Gumbel-Softmax distributions fill "chances" (K), π, "temperatures" (5),
// of which the first, 0, is the categorical distribution, "samples" (5, s, K),
// the i-th of which are of the same noise at all temperatures, and for three classes
// "log-density" (4, g, g), the logarithm of equation 3 at the temperatures but the
// first, at the points of gumbel's Density. From the first step on they fill,
// of all samples so far, "expectations" and "deviations", E[y] and its standard
// deviation, and "frequencies", how often an element is the greatest, (5, K) each, and
// "greatest" and "entropies" (5 each), the means of max y and of the entropy of y.
type Frame struct {
	Experiment string
	Step       int
	Tensors    map[string]data.Tensor
	Data       string // what the data is called, see train.Run; "" if there is none
}
