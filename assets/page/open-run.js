// Opening run files. The trainer's reader judges a file, which is the command's; until the
// run in it is open nothing changes.
import { told } from "./errors.js";
import { t } from "./strings.js";

// Opener opens files that are chosen, and those that are dropped on the page.
export class Opener {
  // on has session(), the bench that judges; bench(experiment), the one that trains an
  // experiment, null if there is none; opening(is), told while another run is opened;
  // show(bench), which makes it the one that is seen; and notes.
  constructor(on) {
    this.on = on;
    addEventListener("dragover", (e) => e.dataTransfer?.types.includes("Files") && e.preventDefault());
    addEventListener("drop", (e) => {
      const file = e.dataTransfer?.files[0];
      if (!file || e.defaultPrevented) return; // such as points, dropped on their own panel
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
      on.notes.add(() => t("openBad", { name: file.name, reason: told(e.message) }));
    }
  }
}
