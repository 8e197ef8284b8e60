// What is said of run files, and of what is made from them.
export const runfile = {
  "runfile.none": "This is not a run file. A run is kept as a .safetensors file.",
  "runfile.cut": "The file is cut: {n} of {all} bytes are there. Save or copy it again.",
  "runfile.foreign": "This file is of another program: it holds no run of Ganbel.",
  "runfile.broken": "The run file is damaged ({what}). Save or copy it again.",
  "runfile.unchecked": "{name} carries no digest of itself, as older files do: damage to its numbers would go unnoticed.",
  "runfile.exporter": "The file could not be made: {message}.",
};
