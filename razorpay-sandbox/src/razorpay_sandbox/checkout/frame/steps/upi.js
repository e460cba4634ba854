// Paying by UPI: a code to scan on a big screen, the buyer's apps on a phone, a UPI id where collecting is allowed.
import { begin, cancel, conclude } from "../flow.js";
import { downtimeOf, upiApps, upiFlows } from "../display.js";
import { allPass, field, h } from "../dom.js";
import { icon } from "../icons.js";
import { plainAmount } from "../money.js";
import { merchantName } from "../summary.js";
import { choiceRow } from "./choice.js";
import { downtimeBanner } from "./methods.js";
import { payButton } from "./result.js";

const VPA = /^[a-zA-Z0-9._-]{2,256}@[a-zA-Z][a-zA-Z0-9]{1,63}$/;
const ANSWERS = { "success@razorpay": "success", "failure@razorpay": "failure" };
const ANSWER_AFTER_MS = 500;
const LAKH = 10_000_000; // in paise

function limitBanner({ amount, currency }) {
  if (currency !== "INR" || amount <= LAKH) return null;
  const words = "UPI takes at most ₹1 lakh a payment in most categories.";
  return h("p", { class: "banner", role: "status" }, icon("alert"), words);
}

/** Answer for the UPI app, which no test payment reaches. A code is shown before its payment begins. */
function simulator(session, words) {
  async function answer(outcome) {
    if (session.pending || (await begin(session, "upi", {}))) conclude(session, outcome);
  }
  const button = (kind, value, outcome, text) =>
    h(
      "button",
      { type: "button", class: `button is-small ${kind}`, "data-val": value, onclick: () => answer(outcome) },
      text,
    );
  return h(
    "div",
    { class: "bank-answers" },
    h("p", { class: "quiet" }, words),
    button("success", "S", "success", "Simulate: paid"),
    button("danger", "F", "failure", "Simulate: failed"),
  );
}

function upiLink(session) {
  const fields = {
    pa: "sandbox@razorpay",
    pn: merchantName(session).slice(0, 40),
    tr: session.options.order_id || session.id,
    am: plainAmount(session.amount, session.currency),
    cu: session.currency,
  };
  return `upi://pay?${new URLSearchParams(fields).toString().replaceAll("+", "%20").replaceAll("%40", "@")}`;
}

function codeToScan(session) {
  const address = `qr?${new URLSearchParams({ link: upiLink(session) })}`;
  return h(
    "div",
    { class: "waiting" },
    h("img", { class: "qr", alt: "UPI QR code", src: address }),
    h("p", { class: "lead" }, "Scan with any UPI app"),
    simulator(session, "Test mode: no real app can pay this code. Answer for it:"),
  );
}

function waitingStep(session, title, words, answers) {
  const element = h(
    "div",
    { class: "waiting" },
    h("div", { class: "pulse", "aria-hidden": "true" }, icon("phone")),
    ...words,
    answers,
    h(
      "div",
      { class: "step-foot" },
      h("button", { type: "button", class: "link", onclick: () => cancel(session) }, "Cancel payment"),
      h("p", { class: "quiet is-small" }, "In test mode a cancelled UPI payment goes through."),
    ),
  );
  return { title, element, noBack: true };
}

function appList(session, apps) {
  async function choose(_code, name) {
    if (!(await begin(session, "upi", {}))) return;
    const words = [h("p", { class: "lead", role: "status" }, "Finish the payment in your UPI app.")];
    const answers = simulator(session, "Test mode: no real app is opened. Answer for it:");
    session.sheet.show(waitingStep(session, name, words, answers));
  }
  return h("ul", { class: "choice-list" }, ...apps.map((app) => choiceRow(session, "upi", app, choose)));
}

function requestStep(session, vpa) {
  const words = [
    h("p", { class: "lead", role: "status" }, "Approve the request in your UPI app."),
    h("p", { class: "quiet" }, `Sent to ${vpa}`),
  ];
  const answers = vpa in ANSWERS ? null : simulator(session, "Test mode: no real app is asked. Answer for it:");
  return waitingStep(session, "Waiting for approval", words, answers);
}

function idForm(session) {
  const vpa = field("UPI ID", {
    name: "vpa",
    inputmode: "email",
    placeholder: "name@bank",
    spellcheck: "false",
    autocapitalize: "none",
    value: session.options.prefill.vpa,
  });
  const fill = (value) => {
    vpa.input.value = value;
    vpa.clear();
  };

  async function submit(event) {
    event.preventDefault();
    const id = vpa.input.value.trim().toLowerCase();
    if (!allPass([[vpa, VPA.test(id) ? null : "Enter a UPI ID such as name@bank"]])) return;
    const payment = await begin(session, "upi", { vpa: id });
    if (!payment) return;
    session.sheet.show(requestStep(session, id));
    if (id in ANSWERS) setTimeout(() => session.pending === payment && conclude(session, ANSWERS[id]), ANSWER_AFTER_MS);
  }

  const chips = Object.keys(ANSWERS).map((id) =>
    h("button", { type: "button", class: "chip", onclick: () => fill(id) }, id),
  );
  return h(
    "form",
    { class: "step-form", novalidate: true, onsubmit: submit },
    vpa.element,
    h("div", { class: "chips", role: "group", "aria-label": "Test UPI IDs" }, ...chips),
    payButton(session),
  );
}

export function upiStep(session, { instrument }) {
  const flows = upiFlows(session, instrument);
  const parts = {
    qr: () => codeToScan(session),
    intent: () => appList(session, upiApps(session, instrument)),
    collect: () => idForm(session),
  };
  const element = h(
    "div",
    { class: "stack" },
    limitBanner(session),
    downtimeBanner(downtimeOf(session, "upi"), "UPI"),
    ...flows.flatMap((flow, place) => [
      place ? h("p", { class: "divider" }, "or choose your app") : null,
      parts[flow](),
    ]),
  );
  return { title: "Pay by UPI", element };
}
