// The gateway's answer about an order and an account, in the one form the steps read.
import { fetchPreferences } from "./api.js";

export async function loadPreferences({ key, order_id, amount, currency, amountGiven }) {
  const asked = amountGiven ? { amount, currency } : {};
  return readPreferences(await fetchPreferences({ key_id: key, order_id, ...asked }));
}

function readPreferences(answer) {
  return {
    ...answer,
    choices: { netbanking: answer.banks, wallet: answer.wallets },
  };
}
