// The frame page of the stage: it loads the wasm that draws, hands it the page's
// messages, sets its labels and keeps Ebitengine, which thinks that the whole
// document is its own, from taking keys, scrolling and reloads.
// wasm/stage/main.go lists the messages; this file adds label {text}, what a
// screen reader says of the picture, captions {text: {layer: caption}}, and for a
// page in a sandbox keys {arrows} and its answer key {key, code, …}.
"use strict";
{
  const root = document.documentElement;
  const files = root.dataset.files && JSON.parse(root.dataset.files); // the page in one file has its own addresses
  const at = (name) => files?.[name] ?? name;
  const home = self.origin === "null" ? "*" : self.origin; // a sandbox and a page on a disk have no origin
  const note = document.getElementById("note");
  const captions = { digits: "digits", reconstructions: "reconstructions", prior: "prior samples", code: "code", simplex: "simplex", slope: "‖∇D‖", logits: "logits", gumbelNoise: "+ Gumbel noise", perturbed: "their sum ÷ τ", softSample: "its softmax", chosen: "chosen so far", chances: "softmax of the logits" };
  let labels = [];
  let shift = false; // whether it is held with the pointer
  let label = "The picture of the run";
  const prefers = (what) => matchMedia(`(prefers-${what})`).matches;
  // What came before the stage could take it; the page may think otherwise later.
  const waiting = [{ cmd: "theme", dark: prefers("color-scheme: dark") }, { cmd: "motion", reduced: prefers("reduced-motion: reduce") }];
  root.dataset.theme = waiting[0].dark ? "dark" : "light";

  const host = self.host = {
    receive: null, // the stage's, once it has started
    post(message) {
      if (message.type === "pointer") message.shift = shift;
      parent.postMessage(message, home);
    },
    labels(list) {
      labels = list;
      write();
    },
    rest() {
      awake = false;
    },
    cursor(name) {
      root.style.cursor = name;
    },
    started() {
      note.textContent = "";
      dress();
      for (const message of waiting.splice(0)) tell(message);
      host.post({ type: "stage-ready" });
      if (history.state?.lost) host.post({ type: "stage-restored" });
    },
    failed(message) {
      fail(`The drawing stopped (${message}). Reload the page to draw again.`);
    },
  };

  function fail(message) {
    root.dataset.fault = "";
    note.textContent = message;
    host.receive = () => {};
    host.post({ type: "stage-error", message });
  }

  // What the page says.

  addEventListener("message", ({ origin, source, data }) => {
    if ((home !== "*" && origin !== home) || source !== parent || typeof data?.cmd !== "string") return;
    switch (data.cmd) {
      case "keys":
        arrows = data.arrows;
        return;
      case "label":
        label = data.text;
        document.querySelector("canvas")?.setAttribute("aria-label", label);
        return;
      case "captions":
        Object.assign(captions, data.text);
        write();
        return;
      case "theme":
        root.dataset.theme = data.dark ? "dark" : "light";
        break;
      case "type":
        root.dataset.type = data.large ? "large" : "";
        break;
      case "layers": // what is dragged up and down must not scroll the page
        root.toggleAttribute("data-grips", Boolean(data.layers.handles));
    }
    tell(data);
  });

  function tell(message) {
    if (!host.receive) {
      waiting.push(message);
      return;
    }
    host.receive(message);
    awake = true;
    for (const callback of held.splice(0)) animate(callback);
    for (const callback of delayed.splice(0)) later(callback);
  }

  // Ebitengine asks for every frame there is, and ten times a second whether it
  // shall sound; a still stage takes none of both.
  const animate = requestAnimationFrame.bind(self);
  const held = [];
  let awake = true;
  self.requestAnimationFrame = (callback) => {
    if (awake) return animate(callback);
    held.push(callback);
    return 0;
  };
  const later = setTimeout.bind(self);
  const delayed = [];
  self.setTimeout = (callback, ...rest) => {
    if (awake) return later(callback, ...rest);
    delayed.push(callback);
    return 0;
  };

  function write() {
    document.getElementById("labels").replaceChildren(...labels.map(({ text, name, title, mark, anchor, x, y, size, width }) => {
      const span = document.createElement("span");
      span.className = [anchor, name ? "name" : "", title ? "title" : "", mark].join(" ").trim();
      span.textContent = name ? captions[text] ?? text : text;
      Object.assign(span.style, { left: `${x}px`, top: `${y}px`, fontSize: `${size}px`, maxWidth: width ? `${width}px` : "" });
      return span;
    }));
    // A name longer than expected is moved into the picture.
    for (const span of document.querySelectorAll("#labels > :not(.title)")) {
      const { left, right } = span.getBoundingClientRect(), over = Math.max(0, right - innerWidth) + Math.min(0, left);
      if (over) span.style.left = `${parseFloat(span.style.left) - over}px`;
    }
  }

  // In a sandbox the page cannot reach into this frame, so keys are sent to it.
  let arrows = true; // the page uses the arrow keys, so they must not scroll
  const reached = (() => {
    try {
      return Boolean(parent.document);
    } catch {
      return false;
    }
  })();
  if (!reached) {
    addEventListener("keydown", (e) => {
      const { key, code, keyCode, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing } = e;
      host.post({ type: "key", key, code, keyCode, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing });
      if (arrows && key.startsWith("Arrow")) e.preventDefault();
    });
  }

  // What Ebitengine would hear it would keep: it calls preventDefault on each of
  // these, and reloads the page when the context is lost. The stage needs none, so
  // Tab, shortcuts, scrolling, zooming and the context menu stay the page's.
  const deaf = new Set(["keydown", "keyup", "mousedown", "mouseup", "mousemove", "wheel", "touchstart", "touchmove", "touchend", "contextmenu", "dragover", "drop", "webglcontextlost"]);
  HTMLCanvasElement.prototype.addEventListener = function (kind, ...rest) {
    if (!deaf.has(kind)) EventTarget.prototype.addEventListener.call(this, kind, ...rest);
  };
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (e) => e.preventDefault()); // a file would replace the frame

  for (const [event, kind] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"], ["pointerleave", "leave"], ["pointercancel", "cancel"]]) {
    document.documentElement.addEventListener(event, (e) => {
      if (kind === "down" && e.button !== 0) return;
      if (kind === "down" && e.isTrusted) document.documentElement.setPointerCapture(e.pointerId); // a drag goes on outside
      shift = e.shiftKey;
      if (host.receive) tell({ cmd: "pointer", x: e.clientX, y: e.clientY, kind });
    });
  }

  function dress() {
    const canvas = document.querySelector("canvas");
    canvas.tabIndex = 0;
    canvas.style.outline = "";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  }

  // Ebitengine asks for an antialiased context; the shaders smooth their own edges.
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return getContext.call(this, kind, kind === "webgl2" ? { ...options, antialias: false } : options);
  };

  // Ebitengine asks for gamepads, and a browser that was asked once polls them for ever.
  Object.defineProperty(navigator, "getGamepads", { value: () => [] });

  // A lost context: a new instance draws again, while the run goes on elsewhere.
  addEventListener("webglcontextlost", (e) => {
    e.preventDefault();
    host.receive = null;
    host.post({ type: "stage-lost" });
    const now = Date.now(), past = (history.state?.lost ?? []).filter((t) => now - t < 60_000);
    if (past.length >= 3) {
      fail("WebGL was lost again and again. Close other pages that draw, then reload this one.");
      return;
    }
    history.replaceState({ lost: [...past, now] }, "");
    later(() => location.reload(), 200 * past.length);
  }, { capture: true });

  // Ebitengine reads the number of pixels only once.
  const ratio = devicePixelRatio;
  let patience;
  addEventListener("resize", () => {
    clearTimeout(patience);
    if (devicePixelRatio !== ratio) patience = later(() => location.reload(), 300);
  });

  async function load() {
    if (typeof WebAssembly !== "object") throw new Error("This browser runs no WebAssembly. Allow it in the settings or take another browser.");
    const probe = document.createElement("canvas").getContext("webgl2");
    if (!probe) throw new Error("This browser draws no WebGL 2. Switch on hardware acceleration in the settings or take another browser.");
    const named = probe.getExtension("WEBGL_debug_renderer_info");
    const renderer = probe.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : probe.RENDERER);
    tell({ cmd: "slow", slow: /swiftshader|llvmpipe|softpipe|basic render|software/i.test(renderer) }); // no graphics card
    probe.getExtension("WEBGL_lose_context")?.loseContext(); // contexts are few
    let go, instance;
    try {
      if (!self.Go) throw new Error("built/wasm_exec.js cannot be loaded");
      go = new Go();
      const response = await fetch(at("built/stage.wasm"));
      if (!response.ok) throw new Error(`built/stage.wasm: HTTP ${response.status}`);
      const streams = (response.headers.get("Content-Type") ?? "").startsWith("application/wasm");
      ({ instance } = streams
        ? await WebAssembly.instantiateStreaming(response, go.importObject)
        : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject));
    } catch (e) {
      throw new Error(`The drawing cannot be loaded (${e.message}). Reload the page; if that does not help, run “make build” again.`);
    }
    let code = 0;
    go.exit = (c) => { code = c; };
    go.run(instance).then(() => host.failed(`code ${code}`), (e) => host.failed(e.message));
  }

  load().catch((e) => fail(e.message));
}
