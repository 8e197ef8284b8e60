// Words of numbers and charts about the step of a measurement.
export const charts = {
  en: {
    measuredAt: "Measured at step {step}",
    atStep: "step {step}",
    notMeasured: "Not measured yet",
  },
  ja: {
    measuredAt: "ステップ {step} で測定",
    atStep: "ステップ {step}",
    notMeasured: "まだ測っていません",
  },
};
