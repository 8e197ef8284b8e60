// What was recorded of a preset: it plays while the trainer loads, and can be
// scrubbed through before anything was trained.
import { History } from "./history.js";
import { checkpoint, load } from "./tape.js";

const every = 140; // milliseconds between frames

export class Playback {
  // show(session) is called when another frame of a tape is to be seen, and ready
  // (session) when a tape has come.
  constructor(show, ready) {
    this.on = { show, ready };
  }

  // follow gives a session the tape of its preset, as long as it has the preset's own
  // run: a single run with no settings changed.
  follow(session) {
    const own = !session.quiet && session.variants.length < 2 && !Object.keys(session.changes).length;
    this.choose(session, own ? session.preset : "");
  }

  // choose loads the tape of a preset for a session, unless it has it already.
  // session.tape then has entries like those of a ring; it is null if the preset has no
  // tape or is "".
  async choose(session, preset) {
    if ((session.tapeOf ?? "") === preset) return;
    this.drop(session);
    session.tapeOf = preset;
    if (!preset) return;
    let tape = null;
    try {
      tape = await load(session.experimentName, preset);
    } catch {} // a page without its tapes trains all the same
    if (!tape || session.tapeOf !== preset) return;
    const history = new History(0); // a tape keeps all its rows, at any steps
    tape.steps.forEach((step, i) => history.add(step, tape.row(i)));
    const frames = new Map();
    session.tape = tape.steps.map((step, i) => ({
      step, history, recorded: true, values: [tape.row(i)],
      checkpoint: tape.checkpoints.findLast((c) => c.step <= step) ?? null,
      get frame() {
        if (!frames.has(i)) frames.set(i, tape.frame(i));
        return frames.get(i);
      },
    }));
    this.on.ready(session);
  }

  // drop removes a session's tape, and stops it if it plays.
  drop(session) {
    if (this.session === session) this.stop();
    if (session.scrubbed?.recorded) session.scrubbed = null;
    session.tape = session.tapeOf = null;
  }

  // play shows the tape from its beginning, until stop.
  play(session) {
    this.stop();
    const { tape } = session;
    let i = 0;
    const next = () => {
      session.scrubbed = tape[i];
      session.frame = session.scrubbed.frame;
      this.on.show(session);
      if (++i < tape.length) this.timer = setTimeout(next, every);
    };
    this.session = session;
    next();
  }

  stop() {
    clearTimeout(this.timer);
    if (this.session?.scrubbed?.recorded) this.session.scrubbed = null;
    this.session = null;
  }

  // goOn lets a session train on from a recorded entry: from the checkpoint
  // before it, from nothing where there is none.
  async goOn(session, entry) {
    let bytes = null;
    try {
      bytes = entry.checkpoint && (await checkpoint(entry.checkpoint));
    } catch {} // it begins anew
    if (session.scrubbed !== entry) return; // the person went elsewhere meanwhile
    session.scrubbed = null;
    if (bytes) session.leap({ step: entry.checkpoint.step, runs: [bytes] });
    session.want(true);
  }
}
