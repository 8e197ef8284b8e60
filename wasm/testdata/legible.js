// The script that tests of legibility add to the page. legible(least) resolves with a
// line for every text that is hard to read now, in this document and in the picture's
// frame: letters smaller than least pixels, cut or overlapping; controls that overlap.
{
  // The texts on canvases, since each was last cleared.
  const written = new Map();
  const { fillText, setTransform } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.setTransform = function (...all) {
    written.delete(this.canvas);
    setTransform.apply(this, all);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const { a, e, f } = this.getTransform(), size = Number(/([\d.]+)px/.exec(this.font)[1]), width = this.measureText(text).width;
    const left = x - ({ center: 0.5, right: 1, end: 1 }[this.textAlign] ?? 0) * width;
    const top = y - ({ middle: 0.4, top: -0.05 }[this.textBaseline] ?? 0.75) * size;
    if (!written.has(this.canvas)) written.set(this.canvas, []);
    written.get(this.canvas).push({ text, size: size * a, left: left * a + e, right: (left + width) * a + e, top: top * a + f, bottom: (top + 0.8 * size) * a + f });
    fillText.call(this, text, x, y, ...rest);
  };

  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest(".unseen, noscript, option, script, style, textarea, svg title, dialog:not([open])");
  const over = (a, b, slack = 1.5) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack;
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}${e.classList.length ? `.${[...e.classList].join(".")}` : ""}`;
  // An accent touches the letter that it is on.
  const accents = (a, b) => {
    const base = a.closest("mover[accent=true]")?.firstElementChild;
    return base?.contains(a) && !base.contains(b) && base.parentElement.contains(b);
  };
  // A sticky bar covers other elements on purpose.
  const floating = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const { position } = e.ownerDocument.defaultView.getComputedStyle(at);
      if (at.matches(".transport, .stage, .recording, dialog") && ["sticky", "fixed"].includes(position)) return at;
      if (at.matches("dialog, .fault, .veil, .panel:not([role])")) return at;
    }
    return null;
  };

  function inspect(document, least, said) {
    const view = document.defaultView, style = (e) => view.getComputedStyle(e), width = document.documentElement.clientWidth;
    const modal = document.querySelector("dialog[open]"), root = modal ?? document.body;
    if (document.documentElement.scrollWidth > width) said(`the page is ${document.documentElement.scrollWidth} pixels wide in a window of ${width}`);

    // clip returns the visible part of a rectangle within scrolling elements, and where
    // it is cut.
    const clip = (r, e, text) => {
      let { left, right, top, bottom } = r;
      for (let at = e; at && at !== document.documentElement; at = at.parentElement) {
        const { overflowX, overflowY } = style(at), b = at.getBoundingClientRect();
        if (overflowX === "visible" && overflowY === "visible") continue;
        if (["auto", "scroll"].includes(overflowX) || ["auto", "scroll"].includes(overflowY)) {
          [left, right, top, bottom] = [Math.max(left, b.left), Math.min(right, b.right), Math.max(top, b.top), Math.min(bottom, b.bottom)];
        } else if (left < b.left - 1.5 || right > b.right + 1.5 || top < b.top - 1.5 || bottom > b.bottom + 1.5) {
          said(`“${text}” is cut by ${name(at)}`);
          return null;
        }
      }
      return right > left && bottom > top ? { left, right, top, bottom } : null;
    };

    const texts = [];
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());) {
      const e = node.parentElement, text = node.data.trim().slice(0, 40);
      if (!text || !seen(e) || e.closest("select")) continue;
      const box = e.getBoundingClientRect();
      if (box.width <= 1 && style(e).clipPath !== "none") continue;
      const size = parseFloat(style(e).fontSize), range = document.createRange();
      if (size < least - 0.01) said(`“${text}” in ${name(e)} has ${size} pixels`);
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        if (r.width < 1) continue;
        const middle = (r.top + r.bottom) / 2, ink = { left: r.left, right: r.right, top: middle - 0.38 * size, bottom: middle + 0.38 * size };
        const control = e.closest("button, summary, a, kbd");
        if (control) {
          const b = control.getBoundingClientRect();
          if (style(control).display !== "inline" && (ink.left < b.left - 1 || ink.right > b.right + 1 || ink.top < b.top - 1 || ink.bottom > b.bottom + 1)) said(`“${text}” spills out of ${name(control)}`);
        }
        const left = clip(ink, e, text);
        if (left && (left.left < -1 || left.right > width + 1)) said(`“${text}” in ${name(e)} reaches from ${left.left.toFixed()} to ${left.right.toFixed()} of ${width}`);
        if (left) texts.push({ ...left, text, e, node, float: floating(e) });
      }
    }
    for (const canvas of root.querySelectorAll("canvas")) {
      if (!written.has(canvas) || !seen(canvas) || !canvas.clientWidth) continue;
      const r = canvas.getBoundingClientRect(), unit = canvas.clientWidth / canvas.width;
      for (const w of written.get(canvas)) {
        if (w.size * unit < least - 0.01) said(`“${w.text}” on ${canvas.dataset.chart ?? name(canvas)} has ${w.size * unit} pixels`);
        if (w.left < -1 || w.right > canvas.width + 1 || w.top < -1 || w.bottom > canvas.height + 1) said(`“${w.text}” is cut by ${canvas.dataset.chart ?? name(canvas)}`);
        const ink = { left: r.left + w.left * unit, right: r.left + w.right * unit, top: r.top + w.top * unit, bottom: r.top + w.bottom * unit };
        const left = clip(ink, canvas.parentElement, w.text);
        if (left) texts.push({ ...left, text: w.text, e: canvas, node: w, float: floating(canvas) });
      }
    }
    texts.forEach((a, i) => {
      for (const b of texts.slice(0, i)) {
        if (a.node !== b.node && a.float === b.float && over(a, b) && !accents(a.e, b.e) && !accents(b.e, a.e)) said(`“${a.text}” in ${name(a.e)} and “${b.text}” in ${name(b.e)} overlap`);
      }
    });

    const controls = [...root.querySelectorAll("button, input:not([type=range]), select, textarea, summary, a[href]")].filter((e) => seen(e) && !e.matches(".unseen")).flatMap((e) => {
      const left = style(e).display === "inline" ? null : clip(e.getBoundingClientRect(), e.parentElement, name(e));
      return left ? [{ ...left, e, float: floating(e) }] : [];
    });
    controls.forEach((a, i) => {
      for (const b of controls.slice(0, i)) if (a.float === b.float && !a.e.contains(b.e) && !b.e.contains(a.e) && over(a, b)) said(`${name(a.e)} and ${name(b.e)} overlap`);
      for (const b of texts) if (a.float === b.float && !a.e.contains(b.e) && !b.e.contains(a.e) && over(a, b)) said(`${name(a.e)} lies on “${b.text}” in ${name(b.e)}`);
    });
    const pen = document.createElement("canvas").getContext("2d");
    for (const { e } of controls) {
      if (parseFloat(style(e).fontSize) < least - 0.01) said(`${name(e)} has letters of ${style(e).fontSize}`);
      if (e.matches("input[type=number]") && e.scrollWidth > e.clientWidth + 1) said(`${name(e)} cuts ${e.value}`);
      if (!e.matches("select") || !e.selectedOptions[0]) continue;
      const { font, paddingLeft, paddingRight } = style(e);
      pen.font = font;
      const need = pen.measureText(e.selectedOptions[0].text).width, room = e.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      if (need > room + 1) said(`${name(e)} cuts “${e.selectedOptions[0].text}”, ${need.toFixed()} pixels in ${room.toFixed()}`);
    }
  }

  self.legible = async (least) => {
    const all = new Set(), frame = document.getElementById("stage");
    inspect(document, least, (line) => all.add(line));
    if (frame && document.getElementById("stage-box").dataset.backend === "webgl" && frame.contentDocument?.body) inspect(frame.contentDocument, least, (line) => all.add(`picture: ${line}`));
    return [...all];
  };
}
