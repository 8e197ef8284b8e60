// Opening run files. The trainer checks a file with the command's own reader. Nothing
// changes until the run is open.
import { errorText } from "./errors.js";
import { t } from "./strings.js";

// Opener opens files that are chosen, or dropped on the page.
export class Opener {
  // on has session(), the session that checks files; bench(experiment), the session that
  // trains an experiment, or null; opening(is), called when opening a run starts and
  // ends; show(bench), which shows a session; and notes.
  constructor(on) {
    this.on = on;
    addEventListener("dragover", (e) => e.dataTransfer?.types.includes("Files") && e.preventDefault());
    addEventListener("drop", (e) => {
      const file = e.dataTransfer?.files[0];
      if (!file || e.defaultPrevented) return; // such as points dropped on their own panel
      e.preventDefault();
      this.open(file);
    });
  }

  // open opens a run file in the bench of its experiment, paused where it was saved.
  async open(file) {
    const { on } = this;
    try {
      const bytes = await file.arrayBuffer();
      const { experiment, preset, step, values, digest } = await on.session().judge(bytes);
      const bench = on.bench(experiment);
      if (!bench) throw new Error(t("runfile.noTab", { name: experiment }));
      await bench.whenKnown();
      on.opening(true);
      await bench.load({ preset, step, values, bytes });
      on.show(bench);
      if (!digest) on.notes.add(() => t("runfile.unchecked", { name: file.name }));
    } catch (e) {
      on.opening(false);
      on.notes.add(() => t("openBad", { name: file.name, reason: errorText(e.message) }));
    }
  }
}
