// Every option with its default. What a merchant passes takes the default's type, or is left out and the default stays;
// where the default is null, anything is taken. An option that is not listed here does not exist.
const OPTIONS = {
  key: "",
  amount: 100,
  currency: "INR",
  name: "",
  description: "",
  image: "",
  order_id: "",
  callback_url: "",
  redirect: false,
  handler: null,
  retry: true,
  timeout: 0,
  remember_customer: false,
  parent: null,
  buttontext: "Pay Now",
  notes: null,
  method: { upi: null, card: true, netbanking: null, wallet: null },
  prefill: { name: "", email: "", contact: "", method: "", vpa: "" },
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
  config: { display: null },
  subscription_id: "",
  subscription_card_change: null,
  invoice_id: "",
  payment_link_id: "",
  auth_link_id: "",
  contact_id: "",
  checkout_config_id: "",
  payout: null,
  recurring: null,
};
const TRUTHS = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
const UNSAFE_KEYS = new Set(["__proto__", "constructor", "prototype"]);

function isPlainObject(value) {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function truthOf(value) {
  return TRUTHS.has(value) ? TRUTHS.get(value) : value;
}

const TURNED_INTO = {
  string: (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  number: Number,
  boolean: (value) => (typeof value === "number" ? value !== 0 : truthOf(value)),
  function: (value) => value,
};

/** Give a value its default's type; undefined when it cannot have it. */
function coerced(value, standard) {
  if (value === undefined || standard === null) return truthOf(value);
  const turned = TURNED_INTO[typeof standard](value);
  return typeof turned === typeof standard ? turned : undefined;
}

/** Take the options that are given; what is not given, or fits no type, stays as it was before. */
function takeOptions(given, before, types = OPTIONS) {
  const taken = {};
  for (const [name, standard] of Object.entries(types)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (isPlainObject(standard)) {
      taken[name] = takeOptions(isPlainObject(value) ? value : {}, before[name], standard);
    } else {
      const fitting = coerced(value, standard);
      taken[name] = fitting === undefined ? before[name] : fitting;
    }
  }
  return taken;
}

/** Write dotted names as groups, and `retry: {enabled}` as what it stands for. */
function nestedOptions(given) {
  const values = {};
  for (const [path, value] of Object.entries(given)) {
    writePath(values, path, isPlainObject(value) ? { ...value } : value);
  }
  if (isPlainObject(values.retry)) values.retry = values.retry.enabled;
  return values;
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
