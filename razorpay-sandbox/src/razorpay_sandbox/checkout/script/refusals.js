// What the constructor refuses: it throws, and says so in an alert while the key is a test key.
const MOST_NOTES = 15;
const LONGEST_NOTE = 254;
const NOT_IN_THE_SANDBOX = {
  subscription_id: "Subscriptions are",
  subscription_card_change: "Subscriptions are",
  invoice_id: "Invoices are",
  payment_link_id: "Payment links are",
  auth_link_id: "Authorisation links are",
  contact_id: "Payouts are",
  payout: "Payouts are",
  checkout_config_id: "Stored checkout configurations are",
  recurring: "Recurring payments are",
};

function problemWith(given, options) {
  if (!isPlainObject(given)) return "Invalid options";
  for (const [name, what] of Object.entries(NOT_IN_THE_SANDBOX)) {
    if (options[name]) return `Invalid ${name} (${what} not part of the sandbox)`;
  }
  if (!options.key && !options.order_id) return "No key passed";
  if (isPlainObject(options.notes) && Object.keys(options.notes).length > MOST_NOTES) {
    return "Invalid notes (At most 15 notes are allowed)";
  }
  if (!CURRENCIES.has(options.currency)) return "Invalid currency (The provided currency is not currently supported)";
  return null;
}

function refuse(problem, key) {
  if (!/^rzp_l/.test(key)) alert(problem);
  throw new Error(problem);
}

function trimNotes(notes) {
  const kept = {};
  for (const [key, value] of Object.entries(notes)) {
    if (typeof value === "string") kept[key] = value.slice(0, LONGEST_NOTE);
    else if (typeof value === "number" || typeof value === "boolean") kept[key] = value;
  }
  return kept;
}

function checkedOptions(given, defaults) {
  const options = takeOptions(isPlainObject(given) ? nestedOptions(given) : {}, defaults);
  const problem = problemWith(given, options);
  if (problem) refuse(problem, options.key);
  if (isPlainObject(options.notes)) options.notes = trimNotes(options.notes);
  if (prefersReducedMotion()) options.modal.animation = false;
  return options;
}
