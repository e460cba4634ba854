// The button that pays, and the two ends of a payment.
import { h } from "../dom.js";
import { icon, tick } from "../icons.js";
import { formatAmount } from "../money.js";
import { merchantName } from "../summary.js";

export function payButton(session) {
  const words = `Pay ${formatAmount(session.amount, session.currency)}`;
  return h(
    "div",
    { class: "step-foot" },
    h("button", { type: "submit", class: "button is-main is-wide", "data-testid": "pay-button" }, words),
  );
}

export function loadingStep() {
  const element = h(
    "div",
    { class: "loading", role: "status", "aria-label": "Loading" },
    h("span"),
    h("span"),
    h("span"),
  );
  return { title: "Payment options", element, noBack: true };
}

export function successStep(session) {
  const words = `${formatAmount(session.amount, session.currency)} paid to ${merchantName(session)}.`;
  const element = h("div", { class: "result is-good" }, tick(), h("p", { class: "lead", role: "status" }, words));
  return { title: "Payment successful", element, noBack: true, isEnd: true };
}

export function failedStep(session, error) {
  const going = session.options.redirects ? `Taking you back to ${merchantName(session)}.` : "";
  const element = h(
    "div",
    { class: "result is-bad" },
    icon("alert"),
    h("p", { class: "lead", role: "alert" }, error.description),
    going ? h("p", { class: "quiet" }, going) : null,
  );
  return { title: "Payment failed", element, noBack: true, isEnd: true };
}

/** Nothing can be paid here: the order is paid already, unknown, or the service did not answer. */
export function blockedStep(title, text, { again, close }) {
  const element = h(
    "div",
    { class: "result is-bad" },
    icon("alert"),
    h("p", { class: "lead", role: "alert" }, text),
    h(
      "div",
      { class: "step-foot" },
      again ? h("button", { type: "button", class: "button is-main is-wide", onclick: again }, "Try again") : null,
      close ? h("button", { type: "button", class: "button is-quiet is-wide", onclick: close }, "Close") : null,
    ),
  );
  return { title, element, noBack: true };
}
