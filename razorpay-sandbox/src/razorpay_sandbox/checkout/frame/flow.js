// One attempt to pay, from the button to its end. The gateway decides; the sheet only shows what it said.
import { Refusal, beginPayment, concludePayment } from "./api.js";
import { tellParent } from "./channel.js";
import { failedStep, successStep } from "./steps/result.js";

const END_SHOWN_MS = 600;

/** Create the payment; answers it, or null when the gateway refused (the refusal is then shown and reported). */
export async function begin(session, method, fields) {
  if (session.beginning || session.pending) return null;
  session.beginning = true;
  session.sheet.clearNotice();
  session.sheet.setBusy(true);
  tellParent("submit", session.id, { method });
  try {
    const payment = await beginPayment({
      key_id: session.options.key,
      order_id: session.options.order_id || null,
      amount: session.amount,
      currency: session.currency,
      description: session.options.description || null,
      notes: session.options.notes || {},
      contact: session.buyer.contact || null,
      email: session.buyer.email || null,
      method,
      ...fields,
    });
    if (session.over) return null;
    session.pending = { id: payment.id, method };
    return session.pending;
  } catch (refusal) {
    failed(session, refusal);
    return null;
  } finally {
    session.beginning = false;
    session.sheet.setBusy(false);
  }
}

/**
 * End the pending payment with what the buyer did: "success", "failure" or "cancelled". Without an answer the payment
 * stays pending: it may have gone through, and saying yes again is harmless.
 */
export async function conclude(session, outcome, reason = null) {
  const payment = session.pending;
  if (!payment || payment.concluding) return;
  payment.concluding = true;
  session.sheet.setBusy(true);
  const answer = await concludePayment(payment.id, outcome, reason).catch((refusal) => refusal);
  payment.concluding = false;
  session.sheet.setBusy(false);
  if (session.pending !== payment) return;
  if (!(answer instanceof Refusal)) succeeded(session, answer);
  else if (answer.isSilence) session.sheet.warn("No answer yet", answer.message);
  else failed(session, answer);
}

/** Give the pending payment up. In test mode a cancelled UPI payment goes through, as Razorpay's own does. */
export function cancel(session) {
  return session.pending.method === "upi" ? conclude(session, "success") : conclude(session, "cancelled");
}

function succeeded(session, fields) {
  session.pending = null;
  session.over = true;
  session.sheet.replaceAll(successStep(session));
  setTimeout(() => session.end("complete", fields), END_SHOWN_MS);
}

export function failed(session, refusal) {
  if (!refusal.error) throw refusal;
  session.pending = null;
  const { error } = refusal;
  tellParent("paymenterror", session.id, { error });
  if (session.options.retry) {
    session.sheet.returnTo(session.methodStep);
    session.methodStep.afterFailure?.();
    session.sheet.warn("Payment failed", error.description);
    return;
  }
  session.over = true;
  session.sheet.replaceAll(failedStep(session, error));
  if (!session.options.redirects) setTimeout(() => session.end("dismiss", { error }), END_SHOWN_MS);
}
