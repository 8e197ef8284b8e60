// The lessons, as data. A lesson is a list of steps. A step says one thing
// and may
//   scene   put the page into a state: {preset, set, compare, layers};
//   ask     ask for a prediction, whose right answer comes first here and
//           anywhere on the page;
//   until   run until a condition holds: {step}, {metric, above or below, run},
//           {event}; diverging ends any wait;
//   reveal  say what was to be seen;
//   show    leave only these settings to play with.
// words/ja/lessons.js has the sentences in Japanese.

const quiet = { real: true, fake: true, contours: true, slope: false };

export const lessons = [
  {
    id: "critic", tab: "wgan", title: "What a critic draws",
    steps: [
      {
        scene: { preset: "fixed", layers: quiet },
        say: "The fakes stand still here. Only the critic D learns: score real points high and fakes low.",
        ask: "What will its contour lines do at the real points?",
        answers: ["Ring them, like summits", "Run straight past them", "Stay as they are"],
        until: { step: 400 },
        reveal: "Each cluster of real points became a summit of D, with slopes that lead there.",
      },
      {
        ask: "The critic's estimate is mean D(real) − mean D(fake). What does it approach?",
        say: "Look at the chart “Distance”.",
        answers: ["The exact distance W₁", "Zero", "Infinity"],
        until: { step: 1200 },
        reveal: "A critic with slope 1 measures the Wasserstein distance: how far the fakes must travel.",
        show: ["data", "lambda"],
      },
    ],
  },
  {
    id: "explode", tab: "wgan", title: "A critic without a rule",
    steps: [
      {
        scene: { preset: "fixed", set: { rule: "none" }, layers: { ...quiet, slope: true } },
        say: "Now nothing holds the critic's slope.",
        ask: "What will happen to the gradient norm ‖∇D‖?",
        answers: ["It grows without end", "It settles near 1", "It falls to 0"],
        until: { metric: "slope-mean", above: 20 },
        reveal: "The loss rewards any gap, so D stretches it for ever. Its number no longer measures anything.",
        show: ["rule", "learning-rate"],
      },
    ],
  },
  {
    id: "clip", tab: "wgan", title: "Clipping or penalty",
    steps: [
      {
        scene: { preset: "fixed", compare: "rule:clip", layers: quiet },
        say: "Two critics, same data, same noise. A pays a gradient penalty, B has its weights clipped.",
        ask: "Which one draws the finer surface?",
        answers: ["A, the penalty", "B, the clipping", "Both alike"],
        until: { step: 500 },
        reveal: "Clipping pushes the weights to ±c, as the chart “Critic's weights” shows, and leaves too simple a surface. The penalty follows the data.",
        show: ["clip", "lambda", "data"],
      },
    ],
  },
  {
    id: "penalty", tab: "wgan", title: "Where the penalty lives",
    steps: [
      {
        scene: { preset: "live", set: { lambda: "10" }, compare: "lambda:0.01", layers: { real: false, fake: false, contours: false, slope: true, segments: true, batch: true } },
        say: "The penalty looks at one point on each line between a real and a fake one: the dots.",
        ask: "A has λ = 10, B has λ = 0.01. Whose dots will have slopes near 1?",
        answers: ["A, with λ = 10", "B, with λ = 0.01", "Both"],
        until: { step: 300 },
        reveal: "A strong penalty holds the slope to 1 along the lines; a weak one lets it wander.",
        show: ["lambda"],
      },
    ],
  },
  {
    id: "ncritic", tab: "wgan", title: "How many critic steps?",
    steps: [
      {
        scene: { preset: "live", compare: "n-critic:1", layers: { ...quiet, descent: true } },
        say: "The arrows are ∇D at the fakes: where each one is sent. A makes 5 critic steps for each of the generator's, B one.",
        ask: "After equally many iterations, whose fakes are nearer to the data?",
        answers: ["A, five critic steps", "B, one critic step", "Both alike"],
        until: { step: 500 },
        reveal: "A critic that is nearly done points the right way. Five steps cost more, and are worth it here.",
        show: ["n-critic", "learning-rate"],
      },
    ],
  },
  {
    id: "collapse", tab: "wgan", title: "Mode collapse",
    steps: [
      {
        scene: { preset: "gan", set: { data: "8gaussians" }, layers: quiet },
        say: "This is an ordinary GAN: D says real or fake, with a logarithmic loss.",
        ask: "How many of the eight modes will it cover?",
        answers: ["Fewer than all", "All eight"],
        until: { step: 1000 },
        reveal: "Nothing tells the fakes to spread: they crowd where D was fooled last, and run on together.",
      },
      {
        scene: { preset: "live", set: { data: "8gaussians" }, layers: quiet },
        say: "The same networks, with a Wasserstein critic and a gradient penalty.",
        ask: "And now?",
        answers: ["Most or all modes", "As before"],
        until: { metric: "modes", above: 5.5 },
        reveal: "A slope of 1 everywhere tells every fake where to go, even far away.",
        show: ["data", "lambda", "n-critic"],
      },
    ],
  },
  {
    id: "sheet", tab: "wgan", title: "One sheet, many islands",
    steps: [
      {
        scene: { preset: "many", layers: { ...quiet, contours: false, warp: true } },
        say: "The generator bends one sheet of noise, drawn as a grid, onto 25 separate islands.",
        ask: "How will it get from island to island?",
        answers: ["Thin bridges: it cannot tear", "It tears into 25 pieces", "It stays flat"],
        until: { step: 500 },
        reveal: "A continuous map cannot tear. The few fakes between the modes are its bridges.",
        show: ["data"],
      },
    ],
  },
  {
    id: "loss", tab: "mnist", title: "A loss worth watching",
    steps: [
      {
        scene: { preset: "live" },
        say: "Convolutional networks learn to draw digits. The chart “Negative critic loss” shows how far the critic finds them from real ones.",
        ask: "After its first peak, as the digits get better, what will the curve do?",
        answers: ["Fall", "Rise", "Say nothing of it"],
        until: { step: 200 },
        reveal: "It falls while the digits get clearer, on held-out digits too. An ordinary GAN's loss tells nothing of the kind.",
        show: ["n-critic", "lambda"],
      },
    ],
  },
  {
    id: "gumbel", tab: "categorical", title: "Noise that chooses",
    steps: [
      {
        scene: { preset: "live", set: { "logit-1": "2", "logit-2": "1", "logit-3": "0", temperature: "1" } },
        say: "Add Gumbel noise to three logits, 2, 1 and 0, and take the largest.",
        ask: "How often does the first one win?",
        answers: ["67 %, its softmax", "Always", "A third"],
        until: { step: 200 },
        reveal: "The largest of logit + Gumbel noise is a fair draw from the softmax: the Gumbel-max trick.",
        show: ["logit-1", "logit-2", "logit-3"],
      },
    ],
  },
  {
    id: "temperature", tab: "categorical", title: "Bias against variance",
    steps: [
      {
        scene: { preset: "live", set: { temperature: "1" } },
        say: "The argmax has no gradient, so a softmax at temperature τ stands in for it.",
        ask: "At a lower τ, what becomes of the gradient's variance?",
        answers: ["It grows", "It shrinks", "It stays"],
        until: { step: 300 },
        reveal: "Now set τ to 0.1: the samples move to the corners, the bias falls and the variance rises.",
        show: ["temperature", "estimator"],
      },
    ],
  },
  {
    id: "flip", tab: "gumbel", title: "Flip a code",
    steps: [
      {
        scene: { preset: "live" },
        say: "A digit becomes ten choices of ten, and is drawn again from these alone.",
        ask: "What will the decoder learn first?",
        answers: ["The mean digit, a blur", "Sharp digits", "Noise"],
        until: { metric: "elbo", above: -170 },
        reveal: "First the blur, whose KL is small, then more and more of the code is used.",
      },
      {
        say: "Click a cell of the code: force one choice to another class.",
        ask: "What will change in the picture?",
        answers: ["A part of the digit", "All of it", "Nothing"],
        until: { event: "flip" },
        reveal: "Each choice has learned a trait, a stroke or a slant. Dead codes change nothing.",
        show: ["temperature", "estimator"],
      },
    ],
  },
];
