// The colours of everything drawn, which are those of render/stage/colour.go. A
// colour is "#rrggbb" or "#rrggbbaa".

// Okabe and Ito's orange and blue are told apart with any colour vision.
const light = {
  back: "#ffffff", ink: "#20262e", text: "#4b5561", quiet: "#b8c0ca", well: "#f1f3f6", casing: "#20262e",
  real: "#e69f00", fake: "#0072b2", one: "#b8236f", code: "#0072b2", heat: 0.92,
};
const dark = {
  back: "#14171c", ink: "#e4e8ed", text: "#a9b3be", quiet: "#4a535e", well: "#0c0e12", casing: "#eef1f4",
  real: "#e69f00", fake: "#0072b2", one: "#e0559b", code: "#56b4e9", heat: 0.85,
};
export const theme = (isDark) => (isDark ? dark : light);

export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const hex = (bytes) => "#" + bytes.map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");

// fade returns a colour with its opacity multiplied by alpha.
export const fade = (colour, alpha) => colour.slice(0, 7) + hex([alpha * (colour.length > 7 ? parseInt(colour.slice(7), 16) : 255)]).slice(1);

// blend returns the colour t of the way from a to b.
export const blend = (a, b, t) => {
  const [p, q] = [rgb(a), rgb(b)];
  return hex(p.map((v, i) => v + (q[i] - v) * t));
};

// cividis is the colour map of Nuñez, Anderton and Renslow (2018), whose lightness
// rises evenly and which looks alike to all, at 17 even places.
const cividis = ["#00224e", "#002e6a", "#1a386f", "#32436d", "#434e6c", "#535a6d", "#61656f", "#6f7073", "#7d7c78",
  "#8b8778", "#9a9376", "#aaa073", "#bbad6d", "#ccba64", "#ddc858", "#efd748", "#fee838"].map(rgb);

// heat returns cividis at t, clamped to [0, 1], as bytes.
export function heat(t) {
  t = Math.max(0, Math.min(t, 1)) * 16;
  const i = Math.min(Math.floor(t), 15);
  return cividis[i].map((v, k) => v + (cividis[i + 1][k] - v) * (t - i));
}
export const heatColour = (t) => hex(heat(t));
