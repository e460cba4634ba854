// What a merchant may pass, with its defaults; a value of the wrong kind never replaces a default function.
const DEFAULTS = {
  key: "",
  amount: 100,
  currency: "INR",
  name: "",
  description: "",
  image: "",
  order_id: "",
  callback_url: "",
  redirect: false,
  retry: true,
  timeout: 0,
  remember_customer: false,
  parent: null,
  buttontext: "Pay Now",
  prefill: { name: "", email: "", contact: "", method: "" },
  readonly: { name: false, email: false, contact: false },
  hidden: { email: false, contact: false },
  theme: { color: "", backdrop_color: "rgba(0,0,0,0.6)", hide_topbar: false, close_button: true },
  modal: {
    animation: true,
    backdropclose: false,
    confirm_close: false,
    escape: true,
    handleback: true,
    ondismiss() {},
    onhidden() {},
  },
};
const UNSAFE_KEYS = new Set(["__proto__", "constructor", "prototype"]);
const KEYS_THAT_IDENTIFY = [
  "key",
  "order_id",
  "invoice_id",
  "subscription_id",
  "auth_link_id",
  "payment_link_id",
  "contact_id",
  "checkout_config_id",
];
const MOST_NOTES = 15;
const LONGEST_NOTE = 254;

function isPlainObject(value) {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function readPath(values, path) {
  return path.split(".").reduce((level, name) => (level == null ? undefined : level[name]), values);
}

function writePath(values, path, value) {
  const names = path.split(".");
  if (names.some((name) => UNSAFE_KEYS.has(name))) return;
  const last = names.pop();
  let level = values;
  for (const name of names) {
    if (!isPlainObject(level[name])) level[name] = {};
    level = level[name];
  }
  level[last] = value;
}

function mergeInto(target, given) {
  for (const [key, value] of Object.entries(given)) {
    if (UNSAFE_KEYS.has(key) || value === undefined) continue;
    if (key.includes(".")) {
      writePath(target, key, value);
    } else if (isPlainObject(value)) {
      target[key] = mergeInto(isPlainObject(target[key]) ? target[key] : {}, value);
    } else if (typeof target[key] !== "function" || typeof value === "function") {
      target[key] = value;
    }
  }
  return target;
}

function trimNotes(notes) {
  const kept = {};
  for (const [key, value] of Object.entries(notes)) {
    if (typeof value === "string") kept[key] = value.slice(0, LONGEST_NOTE);
    else if (typeof value === "number" || typeof value === "boolean") kept[key] = value;
  }
  return kept;
}

function problemWith(given, options) {
  if (!isPlainObject(given)) return "Invalid options";
  if (!KEYS_THAT_IDENTIFY.some((key) => options[key])) return "No key passed";
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

function checkedOptions(given, defaults) {
  const options = mergeInto(mergeInto({}, defaults), isPlainObject(given) ? given : {});
  const problem = problemWith(given, options);
  if (problem) refuse(problem, options.key || "");
  if (isPlainObject(options.notes)) options.notes = trimNotes(options.notes);
  options.amountGiven = readPath(given, "amount") !== undefined;
  if (prefersReducedMotion()) options.modal.animation = false;
  return options;
}

// What travels to the frame: data only. Card details a page may hold are left behind on purpose.
function optionsForFrame(options) {
  const data = JSON.parse(JSON.stringify({ ...options, parent: null, external: null }));
  for (const key of Object.keys(data.prefill || {})) if (key.startsWith("card")) delete data.prefill[key];
  data.embedded = Boolean(options.parent);
  data.redirects = callbackIsUsed(options);
  data.retries = retryIsOn(options);
  if (options.image && !/^data:/.test(options.image)) data.image = new URL(options.image, location.href).href;
  return data;
}

function retryIsOn(options) {
  return isPlainObject(options.retry) ? options.retry.enabled !== false : options.retry !== false;
}

function callbackIsUsed(options) {
  return Boolean(options.callback_url) && (options.redirect === true || redirectsByItself(navigator.userAgent));
}
