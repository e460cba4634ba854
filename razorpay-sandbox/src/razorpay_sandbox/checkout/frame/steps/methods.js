// The ways to pay.
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { downtimeOf, methodGroups } from "../display.js";

const TEST_IDS = { card: "Card", upi: "UPI", netbanking: "Netbanking", wallet: "Wallet" };

function instrumentWords(entry) {
  const { instrument } = entry;
  const named = instrument.banks || instrument.wallets || instrument.networks || instrument.issuers;
  return named ? named.join(", ") : entry.words;
}

function row(session, entry, choose) {
  const downtime = downtimeOf(session, entry.method);
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "method",
        "data-testid": TEST_IDS[entry.method],
        "data-method": entry.method,
        onclick: () => choose(entry),
      },
      h(
        "div",
        { class: "method-inside", "data-value": entry.method },
        h("span", { class: "method-icon" }, icon(entry.method)),
        h(
          "span",
          { class: "method-text" },
          h("strong", {}, entry.title),
          h("span", { class: "quiet" }, instrumentWords(entry)),
        ),
        downtime ? h("span", { class: "pill is-warning" }, "Slow now") : null,
        icon("next"),
      ),
    ),
  );
}

export function methodsStep(session, choose) {
  const groups = methodGroups(session);
  const element = h(
    "div",
    { class: "methods" },
    ...groups.map(({ heading, entries }) =>
      h(
        "section",
        {},
        heading ? h("h3", { class: "group-heading" }, heading) : null,
        h("ul", { class: "method-list" }, ...entries.map((entry) => row(session, entry, choose))),
      ),
    ),
    groups.length ? null : h("p", { class: "quiet" }, "No way to pay is switched on for this order."),
  );
  return { title: "Payment options", element };
}

/** A quiet banner for a method, bank or wallet in trouble. */
export function downtimeBanner(downtime, name) {
  if (!downtime) return null;
  const text =
    downtime.severity === "high"
      ? `${name} payments are failing at the moment. Use another way to pay if you can.`
      : `${name} payments are slower than usual at the moment.`;
  return h("p", { class: "banner", role: "status" }, icon("alert"), text);
}
