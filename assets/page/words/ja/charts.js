// Words of numbers and charts about the step of a measurement.
export const charts = {
  measuredAt: "ステップ {step} で測定",
  atStep: "ステップ {step}",
  notMeasured: "まだ測っていません",
};
