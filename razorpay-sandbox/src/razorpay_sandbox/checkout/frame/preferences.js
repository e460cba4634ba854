// The gateway's answer about an order and an account, in the one form the steps read.
import { fetchPreferences } from "./api.js";

export async function loadPreferences(options) {
  return readPreferences(await fetchPreferences(options.key, options.order_id));
}

function readPreferences(answer) {
  return {
    ...answer,
    choices: { netbanking: answer.banks, wallet: answer.wallets },
  };
}
