// The way out of an embed, to the full page. A sandbox may refuse to open a window: then
// WordPress, which frames embeds so, is asked to go there, and others are shown the address.
import { el } from "../dom.js";
import { t } from "../strings.js";

// leadAway makes a link open where it points to also from a sandbox, whose windows may be
// in it, too: there the page has another address, see theme.js. secret is WordPress's, ""
// for none, and post sends the page around a message.
export function leadAway(link, secret, post) {
  link.onclick = (e) => {
    const to = link.href.replace("#", "?open#");
    if (self.origin !== "null") {
      if (parent === self || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      open(to, "_blank", "noopener");
      return;
    }
    e.preventDefault();
    if (secret) post({ secret, message: "link", value: link.href });
    else if (!open(to)) tellOf(link);
  };
}

// tellOf shows the address over the link, to be copied.
function tellOf(link) {
  if (document.getElementById("away")) return;
  const field = el("input", { readonly: true, value: link.href, "aria-label": t("openLab") });
  link.after(el("p", { id: "away", role: "status" }, t("embed.away"), " ", field));
  field.focus();
  field.select();
}
