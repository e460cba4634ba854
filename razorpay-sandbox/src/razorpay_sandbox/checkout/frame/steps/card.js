// Paying by card. The number stays in this form; only last four digits, network and type go on.
import {
  CARDS_THAT_FAIL,
  CARDS_THAT_PAY,
  digitsOf,
  expiryProblem,
  groupDigits,
  networkOf,
  numberProblem,
  reduceCard,
} from "../cards.js";
import { begin } from "../flow.js";
import { downtimeOf } from "../display.js";
import { allPass, field, h } from "../dom.js";
import { downtimeBanner } from "./methods.js";
import { otpStep } from "./otp.js";
import { payButton } from "./result.js";

function makeFields(session) {
  const badge = h("span", { class: "network", "aria-live": "polite" });
  return {
    badge,
    number: field(
      "Card number",
      { name: "card[number]", inputmode: "numeric", maxlength: "23", placeholder: "0000 0000 0000 0000" },
      { after: badge },
    ),
    expiry: field("Expiry", { name: "card[expiry]", inputmode: "numeric", maxlength: "7", placeholder: "MM/YY" }),
    cvv: field("CVV", {
      name: "card[cvv]",
      type: "password",
      inputmode: "numeric",
      maxlength: "4",
      placeholder: "•••",
    }),
    name: field("Name on card (optional)", {
      name: "card[name]",
      maxlength: "60",
      value: session.options.prefill.name,
      readonly: Boolean(session.options.readonly.name && session.options.prefill.name),
    }),
  };
}

function regroup(fields) {
  const { input } = fields.number;
  const before = digitsOf(input.value.slice(0, input.selectionStart)).length;
  const digits = digitsOf(input.value);
  input.value = groupDigits(digits);
  let place = 0;
  for (let seen = 0; seen < before && place < input.value.length; place += 1) if (input.value[place] !== " ") seen += 1;
  input.setSelectionRange(place, place);
  const network = digits ? networkOf(digits).name : "";
  fields.badge.textContent = network === "Unknown" ? "" : network;
}

function slashExpiry(event) {
  const { target } = event;
  const digits = digitsOf(target.value).slice(0, 6);
  if (event.inputType?.startsWith("delete")) return;
  target.value = digits.length >= 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
}

function chips(fields, label, cards) {
  function fill(number) {
    fields.number.input.value = groupDigits(number);
    fields.expiry.input.value = "12/35";
    fields.cvv.input.value = "1234".slice(0, networkOf(number).cvv);
    if (!fields.name.input.value) fields.name.input.value = "Asha Rao";
    for (const each of [fields.number, fields.expiry, fields.cvv]) each.clear();
    regroup(fields);
  }
  return h(
    "div",
    { class: "chips", role: "group", "aria-label": label },
    h("span", { class: "chips-label" }, label),
    ...cards.map(([name, number]) =>
      h("button", { type: "button", class: "chip", "data-card": number, onclick: () => fill(number) }, name),
    ),
  );
}

function problems(fields) {
  const digits = digitsOf(fields.number.input.value);
  const wanted = networkOf(digits).cvv;
  const cvv = fields.cvv.input.value;
  return [
    [fields.number, numberProblem(digits)],
    [fields.expiry, expiryProblem(fields.expiry.input.value)],
    [fields.name, /\d/.test(fields.name.input.value) ? "Enter the name without digits" : null],
    [fields.cvv, /^\d{3,4}$/.test(cvv) && cvv.length >= wanted ? null : `Enter ${wanted} digits`],
  ];
}

export function cardStep(session) {
  const fields = makeFields(session);
  fields.number.input.addEventListener("input", () => regroup(fields));
  fields.expiry.input.addEventListener("input", slashExpiry);

  async function submit(event) {
    event.preventDefault();
    if (!allPass(problems(fields))) return;
    const digits = digitsOf(fields.number.input.value);
    const { international_cards: abroad, error_cards: errorCards } = session.preferences;
    const card = reduceCard(digits, fields.name.input.value.trim(), abroad.includes(digits));
    const payment = await begin(session, "card", { card });
    if (payment) session.sheet.show(otpStep(session, card, errorCards[digits] || null));
  }

  const element = h(
    "form",
    { class: "step-form", novalidate: true, autocomplete: "off", onsubmit: submit },
    downtimeBanner(downtimeOf(session, "card"), "Card"),
    h(
      "div",
      { class: "test-cards" },
      chips(fields, "Test cards", CARDS_THAT_PAY),
      chips(fields, "That fail", CARDS_THAT_FAIL),
    ),
    fields.number.element,
    h("div", { class: "field-row" }, fields.expiry.element, fields.cvv.element),
    fields.name.element,
    payButton(session),
  );
  const step = { title: "Pay by card", element, focus: fields.number.input };
  step.afterFailure = () => {
    fields.cvv.input.value = "";
  };
  return step;
}
