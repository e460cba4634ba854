// What the buyer pays: what the page or the order asks for, less the order's offer or with the fee on top.
import { formatAmount } from "./money.js";

function asked({ options, preferences: { order } }) {
  return options.amountGiven || !order ? options : { amount: order.amount_due, currency: order.currency };
}

function linesOf({ amount_off: off, fee }, amount, currency) {
  const change = off
    ? ["Offer", `−${formatAmount(off, currency)}`]
    : ["Fee with tax", `+${formatAmount(fee, currency)}`];
  return [["Order", formatAmount(amount, currency)], change];
}

/** Set the session's amount and currency, and the lines that explain an amount other than the order's. */
export function setPrice(session) {
  const { order, offer, customer_fee: fee } = session.preferences;
  const { amount, currency } = asked(session);
  const price = order?.amount_due === amount ? offer || fee : null;
  session.amount = price ? price.amount : amount;
  session.currency = currency;
  session.priceLines = price ? linesOf(price, amount, currency) : [];
}
