// The coloured side of the sheet: who is paid, how much, for what, and by whom.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { formatAmount } from "./money.js";

const INK_ON_DARK = "#ffffff";
const INK_ON_LIGHT = "#10182b";

/** @param {number[]} colour red, green and blue */
function relativeLuminance(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function resolvedColour(text) {
  const probe = h("span", { hidden: true });
  probe.style.color = text;
  if (!probe.style.color) return null;
  document.body.append(probe);
  const found = getComputedStyle(probe).color.match(/^rgb\((\d+), (\d+), (\d+)\)$/);
  probe.remove();
  return found ? found.slice(1).map(Number) : null;
}

/** Use the merchant's colour for the main button, with whichever ink can be read on it. */
export function applyTheme(overlay, theme) {
  const colour = theme.color ? resolvedColour(theme.color) : null;
  if (!colour) return;
  const light = relativeLuminance(colour);
  const whiteIsReadable = 1.05 / (light + 0.05) >= 4.5;
  overlay.style.setProperty("--action", `rgb(${colour.join(" ")})`);
  overlay.style.setProperty("--action-ink", whiteIsReadable ? INK_ON_DARK : INK_ON_LIGHT);
}

function logoOf(session) {
  const name = merchantName(session);
  const initial = h("span", { class: "logo", "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
  if (!session.options.image) return initial;
  const image = h("img", { class: "logo", alt: "", src: session.options.image });
  image.addEventListener("error", () => image.replaceWith(initial));
  return image;
}

export function merchantName(session) {
  return session.options.name || session.preferences?.merchant_name || "Your order";
}

function contactLine(session, editContact) {
  const { contact, email } = session.buyer;
  if (!contact && !email) return null;
  const text = h(
    "span",
    { class: "buyer-text" },
    session.options.hidden.contact ? "" : contact,
    email && !session.options.hidden.email ? h("span", {}, email) : null,
  );
  if (!text.textContent) return null;
  const fixed = session.options.readonly.contact && session.options.readonly.email;
  return h(
    "div",
    { class: "buyer" },
    icon("phone"),
    text,
    fixed ? null : h("button", { type: "button", class: "link on-dark", onclick: editContact }, "Edit"),
  );
}

function priceLines(lines) {
  if (!lines.length) return null;
  return h("dl", { class: "bill-lines" }, ...lines.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export function drawSummary(element, session, editContact) {
  const { options } = session;
  element.replaceChildren(
    h("p", { class: "test-tag" }, "Test mode"),
    h("div", { class: "merchant" }, logoOf(session), h("h1", { class: "merchant-name" }, merchantName(session))),
    h(
      "div",
      { class: "bill" },
      h("p", { class: "bill-label" }, options.description || "Amount to pay"),
      priceLines(session.priceLines),
      h("p", { class: "bill-amount" }, session.amount === null ? "" : formatAmount(session.amount, session.currency)),
    ),
    contactLine(session, editContact) || "",
    h("p", { class: "assurance" }, icon("lock"), "Sandbox. No real money moves."),
  );
}
