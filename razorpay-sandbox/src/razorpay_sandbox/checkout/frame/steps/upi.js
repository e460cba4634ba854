// Paying by UPI: a QR code to scan, or an id that gets a request. The test ids answer by themselves.
import { begin, cancel, conclude } from "../flow.js";
import { downtimeOf, upiFlows } from "../display.js";
import { allPass, field, h, svg } from "../dom.js";
import { icon } from "../icons.js";
import { plainAmount } from "../money.js";
import { qrModules } from "../qr.js";
import { merchantName } from "../summary.js";
import { downtimeBanner } from "./methods.js";
import { payButton } from "./result.js";

const VPA = /^[a-zA-Z0-9._-]{2,256}@[a-zA-Z][a-zA-Z0-9]{1,63}$/;
const ANSWERS = { "success@razorpay": "success", "failure@razorpay": "failure" };
const ANSWER_AFTER_MS = 500;
const QUIET_ZONE = 3;

function drawQr(text) {
  const grid = qrModules(text);
  const size = grid.length + QUIET_ZONE * 2;
  const path = grid
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z` : "")))
    .join("");
  const ground = ["rect", { width: size, height: size, fill: "#fff" }];
  const options = {
    class: "qr",
    role: "img",
    "aria-label": "UPI QR code",
    "aria-hidden": "false",
    "shape-rendering": "crispEdges",
  };
  return svg(`0 0 ${size} ${size}`, [ground, ["path", { d: path, fill: "#0b1530" }]], options);
}

function upiLink(session, payment) {
  const name = merchantName(session).slice(0, 40);
  const fields = {
    pa: "sandbox@razorpay",
    pn: name,
    tr: payment.id,
    am: plainAmount(session.amount, session.currency),
    cu: session.currency,
  };
  return `upi://pay?${new URLSearchParams(fields).toString().replaceAll("+", "%20")}`;
}

function simulator(session, words) {
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
      "I have paid",
    ),
    h(
      "button",
      { type: "button", class: "button is-small danger", "data-val": "F", onclick: () => conclude(session, "failure") },
      "Fail",
    ),
  );
}

function cancelLink(session) {
  return h(
    "div",
    { class: "step-foot" },
    h("button", { type: "button", class: "link", onclick: () => cancel(session) }, "Cancel payment"),
    h("p", { class: "quiet is-small" }, "In test mode a cancelled UPI payment goes through."),
  );
}

function qrStep(session, payment) {
  const element = h(
    "div",
    { class: "waiting" },
    drawQr(upiLink(session, payment)),
    h("p", { class: "lead" }, "Scan with any UPI app"),
    simulator(session, "A test code cannot be paid by a real app. Answer for it:"),
    cancelLink(session),
  );
  return { title: "Scan to pay", element, noBack: true };
}

function requestStep(session, vpa) {
  const answersItself = vpa in ANSWERS;
  const element = h(
    "div",
    { class: "waiting" },
    h("div", { class: "pulse", "aria-hidden": "true" }, icon("phone")),
    h("p", { class: "lead", role: "status" }, "Approve the request in your UPI app."),
    h("p", { class: "quiet" }, `Sent to ${vpa}`),
    answersItself ? null : simulator(session, "A test request reaches no real app. Answer for it:"),
    cancelLink(session),
  );
  return { title: "Waiting for approval", element, noBack: true };
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
  const element = h(
    "form",
    { class: "step-form", novalidate: true, onsubmit: submit },
    vpa.element,
    h("div", { class: "chips", role: "group", "aria-label": "Test UPI IDs" }, ...chips),
    payButton(session),
  );
  return { element, input: vpa.input };
}

function qrOffer(session) {
  async function showCode() {
    const payment = await begin(session, "upi", {});
    if (payment) session.sheet.show(qrStep(session, payment));
  }
  return h(
    "div",
    { class: "offer" },
    h(
      "div",
      { class: "offer-text" },
      h("strong", {}, "QR code"),
      h("span", { class: "quiet" }, "Scan it with your phone"),
    ),
    h(
      "button",
      { type: "button", class: "button is-outline", "data-testid": "show-qr", onclick: showCode },
      "Show QR code",
    ),
  );
}

export function upiStep(session, entry) {
  const flows = upiFlows(session, entry.instrument);
  const form = flows.collect ? idForm(session) : null;
  const element = h(
    "div",
    { class: "stack" },
    downtimeBanner(downtimeOf(session, "upi"), "UPI"),
    flows.qr ? qrOffer(session) : null,
    flows.qr && flows.collect ? h("p", { class: "divider" }, "or pay with a UPI ID") : null,
    form?.element,
  );
  return { title: "Pay by UPI", element, focus: form?.input };
}
