// The embed's words.
export const embed = {
  "embed.start": "Train live",
  "embed.wgan": "WGAN-GP on a plane. Play trains it here.",
  "embed.gumbel": "Gumbel-Softmax on digits. Play trains it here.",
  "embed.categorical": "One relaxed choice between three classes. Play draws from it here.",
  "embed.kept": "Step {step}, as it was left. Play goes on.",
  "embed.poster": "Ganbel's mark, in place of a picture of the run.",
  "embed.poster.recorded": "Recorded. {words}",
  "embed.settings": "Settings",
  "embed.later": "The settings come with the trainer: press Play.",
  "embed.locked": "fixed here",
  "embed.away": "The page around this frame lets it open no window. Copy the address:",
};
