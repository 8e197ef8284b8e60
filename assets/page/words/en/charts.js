// Words of numbers and charts about the step of a measurement.
export const charts = {
  measuredAt: "Measured at step {step}",
  atStep: "step {step}",
  notMeasured: "Not measured yet",
};
