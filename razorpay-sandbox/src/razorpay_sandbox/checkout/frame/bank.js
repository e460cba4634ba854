// The test bank's page. It tells the gateway itself, so that a payment counts even when the shop's page is gone.
import { concludePayment, fetchPayment } from "./api.js";
import { formatAmount } from "./money.js";

const OUTCOMES = { S: "success", F: "failure" };
const BASE = "../../checkout/";

const bill = document.getElementById("bill");
const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button[data-val]")]);
let paymentId = "";

function allow(allowed) {
  for (const button of buttons) button.disabled = !allowed;
}

async function answer(value) {
  allow(false);
  try {
    await concludePayment(paymentId, OUTCOMES[value], null, BASE);
    bill.textContent = "The payment went through. You can close this window.";
  } catch (refusal) {
    bill.textContent = refusal.message;
  }
  window.close();
}

/** The sheet opens this window before the payment exists, and adds its id to the address as soon as it does. */
async function readAddress() {
  paymentId = location.hash.slice(1);
  if (!paymentId) return;
  try {
    const payment = await fetchPayment(paymentId, BASE);
    bill.textContent = `${formatAmount(payment.amount, payment.currency)} for payment ${payment.id}`;
    allow(payment.status === "created");
  } catch (refusal) {
    bill.textContent = refusal.message;
  }
}

for (const button of buttons) button.addEventListener("click", () => answer(button.dataset.val));
addEventListener("hashchange", readAddress);
readAddress();
