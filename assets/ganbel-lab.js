// <ganbel-lab preset="clip" n-critic="3" controls="full"></ganbel-lab> is a lazy
// frame of embed.html. Attributes are its options (page/embed/options.js; key for
// id) and settings, or hash, a link to Ganbel. Later changes reach the run. Methods
// return promises; page/embed/bridge.js has the events. Size it by CSS.
"use strict";
{
  const script = document.currentScript ?? document.querySelector('script[src*="ganbel-lab.js"]');
  const fixed = /^(tab|lang|type|speed|autoplay|controls|layers|hide|lock|key|hash)$/;
  const other = /^(id|class|style|title|slot|part|hidden|inert|tabindex|dir|role|(data|aria)-.*|on.*)$/;
  const rare = ["metrics", "frame-step"]; // sent to those who listen
  const style = new CSSStyleSheet();
  style.replaceSync(":host{display:block;aspect-ratio:16/10}:host([hidden]){display:none}iframe{width:100%;height:100%;border:0}p{margin:1em;font:1em/1.5 system-ui,sans-serif}");
  const site = new URL(script.src).origin;
  // The message in place of a frame that the page around does not allow, before and after
  // its address.
  const refused = document.documentElement.lang.startsWith("ja")
    ? [`このページの Content-Security-Policy では枠を表示できません（frame-src に ${site} が必要です）。こちらで開けます：`, ""]
    : [`The Content-Security-Policy of this page lets no frame of Ganbel in: its frame-src must name ${site}. It is at `, "."];

  customElements.define("ganbel-lab", class extends HTMLElement {
    #frame;
    #next = 0;
    #answers = new Map();
    #waiting = [];
    #ready = false;
    #live = new Set();
    #origin = site; // of the frame, "*" in a sandbox

    #hear = ({ source, origin, data }) => {
      if (source !== this.#frame.contentWindow || data?.ganbel !== 1) return;
      this.#origin = origin === "null" ? "*" : site;
      const { event, id, error, ganbel, ...detail } = data;
      if (event === "ready") {
        this.#ready = true;
        this.#subscribe();
        for (const m of this.#waiting.splice(0)) this.#post(m);
      }
      if (event) this.dispatchEvent(new CustomEvent(event, { detail }));
      const [done, failed] = this.#answers.get(id) ?? [];
      this.#answers.delete(id);
      if (error) failed?.(Error(error));
      else done?.(detail);
    };

    #refuse = ({ blockedURI, effectiveDirective }) => {
      if (!/^(frame|child|default)-src$/.test(effectiveDirective) || !this.#frame.src.startsWith(blockedURI)) return;
      const p = document.createElement("p"), link = Object.assign(document.createElement("a"), { href: this.src, textContent: this.src });
      p.append(refused[0], link, refused[1]);
      this.shadowRoot.replaceChildren(p);
    };

    #changes = new MutationObserver((all) => {
      for (const { attributeName: name } of all) {
        const value = this.getAttribute(name);
        if (value === null || fixed.test(name) || other.test(name)) continue;
        (/^(preset|theme)$/.test(name) ? this.ask(name, { [name]: value }) : this.set(name, value)).catch(console.warn);
      }
    });

    connectedCallback() {
      this.#frame = Object.assign(document.createElement("iframe"), { title: this.title || "Ganbel", loading: "lazy", allow: "fullscreen", src: this.src });
      addEventListener("message", this.#hear);
      document.addEventListener("securitypolicyviolation", this.#refuse);
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [style];
      root.replaceChildren(this.#frame);
      this.#changes.observe(this, { attributes: true });
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      document.removeEventListener("securitypolicyviolation", this.#refuse);
      this.#changes.disconnect();
      this.#ready = false;
    }

    get src() {
      const query = new URLSearchParams((this.getAttribute("hash") ?? "v=1").replace("#", ""));
      for (const { name, value } of this.attributes) {
        if (name !== "hash" && !other.test(name)) query.set(name === "key" ? "id" : name, value);
      }
      return new URL(`embed.html#${query}`, script.src).href;
    }

    #post(m) {
      this.#frame.contentWindow.postMessage(m, this.#origin);
    }

    #subscribe() {
      if (this.#ready) this.#post({ ganbel: 1, cmd: "subscribe", events: [...this.#live] });
    }

    // ask sends a command and resolves with its answer.
    ask(cmd, fields) {
      const m = { ...fields, ganbel: 1, id: ++this.#next, cmd };
      if (this.#ready) this.#post(m);
      else this.#waiting.push(m);
      return new Promise((...both) => this.#answers.set(m.id, both));
    }

    addEventListener(kind, ...rest) {
      super.addEventListener(kind, ...rest);
      if (rare.includes(kind)) this.#live.add(kind);
      this.#subscribe();
    }

    play(speed) { return this.ask("play", { speed }); }
    pause() { return this.ask("pause"); }
    step(n = 1) { return this.ask("step", { n }); }
    reset() { return this.ask("reset"); }
    set(name, value) { return this.ask("set", { name, value }); }
    state() { return this.ask("state"); }
    save() { return this.ask("save"); }
    load(runs) { return this.ask("load", { runs }); }
  });
}
