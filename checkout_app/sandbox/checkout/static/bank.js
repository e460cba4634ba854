// The test bank's page. It tells the gateway itself, so that a payment counts even when the shop's page is gone.
import { concludePayment, fetchPayment } from "./api.js";
import { formatAmount } from "./money.js";

const OUTCOMES = { S: "success", F: "failure" };
const BASE = "../../checkout/";

const paymentId = new URLSearchParams(location.search).get("payment_id") || "";
const bill = document.getElementById("bill");
const buttons = [...document.querySelectorAll("button[data-val]")];

async function answer(value) {
  for (const button of buttons) button.disabled = true;
  try {
    await concludePayment(paymentId, OUTCOMES[value], null, BASE);
    bill.textContent = "The payment went through. You can close this window.";
  } catch (refusal) {
    bill.textContent = refusal.message;
  }
  window.close();
}

for (const button of buttons) button.addEventListener("click", () => answer(button.dataset.val));

fetchPayment(paymentId, BASE).then(
  (payment) => {
    bill.textContent = `${formatAmount(payment.amount, payment.currency)} for payment ${payment.id}`;
  },
  (refusal) => {
    bill.textContent = refusal.message;
    for (const button of buttons) button.disabled = true;
  },
);
