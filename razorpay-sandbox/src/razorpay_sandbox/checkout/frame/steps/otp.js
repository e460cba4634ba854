// The bank's one-time password: 4 to 10 digits go through, fewer fail.
import { cancel, conclude } from "../flow.js";
import { allPass, field, h } from "../dom.js";

const LEAST_DIGITS = 4;

export function otpStep(session, card, errorReason) {
  const otp = field(
    "One-time password",
    { name: "otp", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "10" },
    {
      hint: "Test mode: any 4 to 10 digits go through, fewer fail.",
    },
  );

  function submit(event) {
    event.preventDefault();
    const text = otp.input.value.trim();
    if (!allPass([[otp, /^\d{1,10}$/.test(text) ? null : "Enter the digits of the password"]])) return;
    if (text.length >= LEAST_DIGITS) conclude(session, "success");
    else conclude(session, "failure", errorReason || "incorrect_otp");
  }

  const network = card.network === "Unknown" ? "" : `${card.network} `;
  const element = h(
    "form",
    { class: "step-form", novalidate: true, onsubmit: submit },
    h("p", { class: "lead" }, `Your bank sent a password for the ${network}card ending in ${card.last4}.`),
    otp.element,
    bankButtons(session, errorReason),
    h(
      "div",
      { class: "step-foot" },
      h("button", { type: "submit", class: "button is-main is-wide" }, "Verify and pay"),
      h("button", { type: "button", class: "link", onclick: () => cancel(session) }, "Cancel payment"),
    ),
  );
  return { title: "Verify with your bank", element, focus: otp.input, noBack: true };
}

/** The test bank's two answers, for whoever would rather decide than type. */
export function bankButtons(session, errorReason) {
  const words = errorReason
    ? `This card fails with “${errorReason}” when its bank declines.`
    : "Or answer for the bank:";
  return h(
    "div",
    { class: "bank-answers" },
    h("p", { class: "quiet" }, words),
    h(
      "button",
      {
        type: "button",
        class: "button is-small success",
        "data-val": "S",
        onclick: () => conclude(session, "success"),
      },
      "Success",
    ),
    h(
      "button",
      {
        type: "button",
        class: "button is-small danger",
        "data-val": "F",
        onclick: () => conclude(session, "failure", errorReason),
      },
      "Failure",
    ),
  );
}
