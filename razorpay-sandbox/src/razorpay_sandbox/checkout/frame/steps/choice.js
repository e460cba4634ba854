// One row of a list to choose from: a bank, a wallet or a UPI app.
import { downtimeOf } from "../display.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

export function choiceRow(session, method, [code, name], choose) {
  const downtime = downtimeOf(session, method, code);
  return h(
    "li",
    { "data-name": `${name} ${code}`.toLowerCase() },
    h(
      "button",
      { type: "button", class: "choice", "data-code": code, onclick: () => choose(code, name) },
      h(
        "div",
        { class: "choice-inside", "data-value": code },
        h("span", { class: "choice-mark", "aria-hidden": "true" }, name.slice(0, 1)),
        h("span", { class: "choice-name" }, name),
        downtime
          ? h("span", { class: "pill is-warning" }, downtime.severity === "high" ? "Failing now" : "Slow now")
          : null,
        icon("next"),
      ),
    ),
  );
}
