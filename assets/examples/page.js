// Drives the third embed of page.html.
"use strict";
const lab = document.getElementById("driven");
const form = document.getElementById("drive");
const said = document.getElementById("said");
const commands = {
  play: () => lab.play(),
  pause: () => lab.pause(),
  step: () => lab.step(10),
  reset: () => lab.reset(),
  set: () => lab.set("lambda", form.elements.lambda.value),
};

form.onsubmit = async (e) => {
  e.preventDefault();
  const { name } = e.submitter;
  try {
    await commands[name]();
    said.textContent = `${name}: done`;
  } catch (error) {
    said.textContent = `${name}: ${error.message}`;
  }
};

lab.addEventListener("metrics", ({ detail: { step, metrics } }) => {
  said.textContent = `step ${step}: W₁ ${metrics.w1?.toFixed(3)}, ${metrics.modes} modes`;
});
