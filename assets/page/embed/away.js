// The link from an embed to the full page. A sandbox may not allow windows. Then, in
// WordPress, the page around is asked to follow the link; elsewhere the embed shows the
// address.
import { el } from "../dom.js";
import { t } from "../strings.js";

// leadAway makes a link work also in a sandbox. The window it opens may be in the
// sandbox, too, so it uses another address of the page, see theme.js. secret is
// WordPress's, or "", and post sends a message to the page around.
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
    else if (!open(to)) showAddress(link);
  };
}

// showAddress shows the address over the link, to be copied.
function showAddress(link) {
  if (document.getElementById("away")) return;
  const field = el("input", { readonly: true, value: link.href, "aria-label": t("openLab") });
  link.after(el("p", { id: "away", role: "status" }, t("embed.away"), " ", field));
  field.focus();
  field.select();
}
