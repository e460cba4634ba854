// The official Node SDK, unmodified, against the sandbox. Arguments: its address, a key id, its secret.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const Razorpay = createRequire(process.cwd() + "/")("razorpay");
const [url, keyId, keySecret, webhookSecret] = process.argv.slice(2);

function client(id = keyId, secret = keySecret) {
  const rzp = new Razorpay({ key_id: id, key_secret: secret });
  rzp.api.rq.defaults.baseURL = url;
  return rzp;
}

async function pay(orderId, how = {}) {
  const response = await fetch(`${url}/_test/pay`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ order_id: orderId, ...how }),
  });
  return response.json();
}

async function refusal(promise, statusCode, description) {
  await assert.rejects(promise, (thrown) => {
    assert.equal(thrown.statusCode, statusCode);
    assert.equal(thrown.error.description, description);
    return true;
  });
}

const rzp = client();
const order = await rzp.orders.create({ amount: 50000, currency: "INR", receipt: "r-1", notes: { a: "b" } });
assert.deepEqual(await rzp.orders.fetch(order.id), order);
assert.equal((await rzp.orders.edit(order.id, { notes: { c: "d" } })).notes.c, "d");
assert.equal((await rzp.orders.fetchTransferOrder(order.id)).transfers.count, 0);

const paid = await pay(order.id, { method: "card", outcome: "authorized" });
const { validatePaymentVerification } = createRequire(process.cwd() + "/")("razorpay/dist/utils/razorpay-utils.js");
assert.ok(
  validatePaymentVerification(
    { order_id: order.id, payment_id: paid.razorpay_payment_id },
    paid.razorpay_signature,
    keySecret,
  ),
);
const captured = await rzp.payments.capture(paid.razorpay_payment_id, 50000, "INR");
assert.equal(captured.status, "captured");
assert.equal((await rzp.orders.fetchPayments(order.id)).items[0].card.last4, "1007");
assert.equal((await rzp.payments.fetch(paid.razorpay_payment_id, { "expand[]": "card" })).card.entity, "card");
assert.equal((await rzp.payments.fetchCardDetails(paid.razorpay_payment_id)).entity, "card");

const expanded = await rzp.orders.all({ "expand[]": ["payments", "payments.card"], receipt: "r-1" });
assert.equal(expanded.items[0].payments.items[0].card.entity, "card");
const [from, to] = [-3600e3, 60e3].map((shift) => new Date(Date.now() + shift).toISOString());
assert.equal((await rzp.orders.all({ from, to })).count, 1);
assert.equal((await rzp.payments.all({ count: 3 })).count, 1);

const part = await rzp.payments.refund(paid.razorpay_payment_id, { amount: 20000, speed: "normal" });
assert.equal(part.amount, 20000);
assert.equal((await rzp.payments.refund(paid.razorpay_payment_id)).amount, 30000);
assert.equal((await rzp.refunds.all({ payment_id: paid.razorpay_payment_id })).count, 2);
assert.equal((await rzp.refunds.fetch(part.id)).id, part.id);
assert.equal((await rzp.payments.fetch(paid.razorpay_payment_id)).refund_status, "full");

const customer = await rzp.customers.create({ name: "Asha Rao", email: "asha@example.com", fail_existing: 0 });
assert.equal((await rzp.customers.fetch(customer.id)).id, customer.id);
assert.ok((await rzp.settlements.all()).entity === "collection");

const body = JSON.stringify({ note: "café ₹" });
const { createHmac } = await import("node:crypto");
const signature = createHmac("sha256", webhookSecret).update(body).digest("hex");
assert.ok(Razorpay.validateWebhookSignature(body, signature, webhookSecret));

await refusal(client(keyId, "wrong").orders.all(), 401, "Authentication failed");
await refusal(rzp.orders.create({ amount: 99, currency: "INR" }), 400, "The amount must be at least INR 1.00");
await refusal(rzp.orders.fetch("order_AAAAAAAAAAAAAA"), 400, "The id provided does not exist");
await refusal(
  rzp.payments.capture(paid.razorpay_payment_id, 50000, "INR"),
  400,
  "This payment has already been captured",
);
await refusal(
  rzp.paymentLink.create({ amount: 500, currency: "INR" }),
  400,
  "The requested URL was not found on the server. Not part of the sandbox: payment links.",
);
console.log("conformant");
