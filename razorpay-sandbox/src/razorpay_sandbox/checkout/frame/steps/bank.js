// Netbanking and wallets: choose one, then answer on the bank's page in a window of its own.
import { Refusal, fetchPayment } from "../api.js";
import { begin, cancel, conclude, failed } from "../flow.js";
import { choicesFor, downtimeOf, nameOf } from "../display.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { choiceRow } from "./choice.js";
import { downtimeBanner } from "./methods.js";
import { bankButtons } from "./otp.js";

const BANK_PAGE = "../gateway/mocksharp/payment";
const WINDOW_SIZE = "width=480,height=640";
const LOOK_EVERY_MS = 300;
const POPULAR = ["SBIN", "HDFC", "ICIC", "UTIB", "KKBK", "PUNB_R"];

function popularFirst(choices) {
  const rank = ([code]) => (POPULAR.includes(code) ? POPULAR.indexOf(code) : POPULAR.length);
  return [...choices].sort((one, other) => rank(one) - rank(other) || one[1].localeCompare(other[1]));
}

function searchBox(list) {
  const nothing = h("p", { class: "quiet", role: "status", hidden: true }, "No bank by that name.");
  const input = h("input", {
    class: "field-input",
    type: "search",
    "aria-label": "Search banks",
    placeholder: "Search banks",
    autocomplete: "off",
  });
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const item of list.children) item.hidden = !item.dataset.name.includes(wanted);
    nothing.hidden = [...list.children].some((item) => !item.hidden);
  });
  return h("div", { class: "search" }, h("div", { class: "field-box" }, icon("search"), input), nothing);
}

function bankAddress(paymentId) {
  return new URL(`${BANK_PAGE}#${paymentId}`, location.href).href;
}

/** Open the bank's window. It must be asked for inside the click, so it learns the payment's id a moment later. */
function openWindow() {
  return window.open(bankAddress(""), "_blank", WINDOW_SIZE);
}

/** Look at the payment until the bank has answered; a window closed without an answer gives the payment up. */
async function watch(session, payment, bankWindow) {
  while (session.pending === payment && !payment.concluding) {
    const wasClosed = Boolean(bankWindow?.closed);
    const found = await fetchPayment(payment.id).catch(() => null); // no answer this time; the next look may get one
    if (session.pending !== payment || payment.concluding) break;
    if (found?.failure) failed(session, new Refusal(found.failure));
    else if (found && found.status !== "created") await conclude(session, "success");
    else if (found && wasClosed) await cancel(session);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  if (bankWindow && !bankWindow.closed) bankWindow.close();
}

function waitingStep(session, payment, name, bankWindow) {
  const address = bankAddress(payment.id);
  const words = bankWindow
    ? `Finish the payment in the window of ${name}.`
    : `Your browser blocked the window of ${name}.`;
  const way = bankWindow
    ? h("button", { type: "button", class: "button is-outline", onclick: () => bankWindow.focus() }, "Show the window")
    : h("a", { class: "button is-main", href: address, target: "_blank" }, "Open the bank’s page");
  const element = h(
    "div",
    { class: "waiting" },
    h("div", { class: "pulse", "aria-hidden": "true" }, icon("window")),
    h("p", { class: "lead", role: "status" }, words),
    way,
    h(
      "div",
      { class: "step-foot" },
      h("button", { type: "button", class: "link", onclick: () => cancel(session) }, "Cancel payment"),
    ),
  );
  bankWindow?.location.replace(address);
  watch(session, payment, bankWindow);
  return { title: name, element, noBack: true, focus: bankWindow ? undefined : way };
}

/** When the page is going to be left anyway, the bank's page takes the place of the sheet's step. */
function inPlaceStep(session, name) {
  const element = h(
    "div",
    { class: "waiting" },
    h("div", { class: "pulse", "aria-hidden": "true" }, icon("netbanking")),
    h("p", { class: "lead" }, "Razorpay Bank"),
    bankButtons(session, null),
  );
  return { title: name, element, noBack: true };
}

export function bankStep(session, { method, instrument }) {
  const part = method === "netbanking" ? "bank" : "wallet";
  const choices = popularFirst(choicesFor(session, method, instrument));

  async function choose(code, name) {
    const inPlace = session.options.redirects;
    const bankWindow = inPlace || session.beginning || session.pending ? null : openWindow();
    const payment = await begin(session, method, { [part]: code });
    if (!payment) bankWindow?.close();
    else session.sheet.show(inPlace ? inPlaceStep(session, name) : waitingStep(session, payment, name, bankWindow));
  }

  const list = h(
    "ul",
    { class: "choice-list" },
    ...choices.map((choice) => choiceRow(session, method, choice, choose)),
  );
  const element = h(
    "div",
    {},
    downtimeBanner(downtimeOf(session, method), nameOf(method)),
    choices.length > 8 ? searchBox(list) : null,
    list,
  );
  return { title: method === "netbanking" ? "Choose your bank" : "Choose a wallet", element };
}
