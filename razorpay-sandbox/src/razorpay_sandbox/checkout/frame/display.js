// Which ways to pay are offered and in which order: the account's methods, narrowed by `method` and `config.display`.
import { deviceOf } from "./device.js";

export const METHODS = ["upi", "card", "netbanking", "wallet"];

const NAMES = { upi: "UPI", card: "Card", netbanking: "Netbanking", wallet: "Wallet" };
const WORDS = {
  upi: "With any UPI app",
  card: "Visa, Mastercard, RuPay and more",
  netbanking: "All Indian banks",
  wallet: "Pay from a wallet balance",
};
const PARTS = ["flows", "apps", "banks", "wallets", "networks", "issuers"];
const UPI_FLOWS = { desktop: ["qr"], android: ["intent"], ios: ["collect", "intent"] };
const UPI_APPS = [
  ["phonepe", "PhonePe"],
  ["google_pay", "Google Pay"],
  ["paytm", "Paytm"],
  ["bhim", "BHIM"],
  ["others", "Other UPI apps"],
];

export function nameOf(method) {
  return NAMES[method];
}

function enabled(session, method) {
  const wanted = session.options.method[method];
  return session.preferences.methods[method] === true && wanted !== false && wanted !== 0;
}

function hides(display, method) {
  return (display.hide || []).some((rule) => rule.method === method && !PARTS.some((part) => rule[part]));
}

function hiddenParts(session, method, part) {
  const display = session.options.config.display || {};
  return new Set((display.hide || []).filter((rule) => rule.method === method).flatMap((rule) => rule[part] || []));
}

function entryFor(method, instrument = {}) {
  return { method, instrument, title: NAMES[method], words: WORDS[method] };
}

function works(session, instrument) {
  return instrument.method !== "upi" || upiFlows(session, instrument).length > 0;
}

function blockEntries(session, block, allowed) {
  return (block.instruments || [])
    .filter((instrument) => allowed.includes(instrument.method) && works(session, instrument))
    .map((instrument) => entryFor(instrument.method, instrument));
}

/** The list to draw: `[{heading, entries: [{method, instrument, title, words}]}]`. */
export function methodGroups(session) {
  const display = session.options.config.display || {};
  const allowed = METHODS.filter(
    (method) => enabled(session, method) && !hides(display, method) && works(session, { method }),
  );
  const blocks = display.blocks || {};
  const named = new Map(Object.entries(blocks).map(([code, block]) => [`block.${code}`, block]));
  const groups = [];
  const placed = new Set();
  const plain = [];
  for (const code of display.sequence || []) {
    if (named.has(code)) {
      const entries = blockEntries(session, named.get(code), allowed);
      if (entries.length) groups.push({ heading: named.get(code).name || "", entries });
    } else if (allowed.includes(code)) {
      plain.push(entryFor(code));
      placed.add(code);
    }
  }
  const showsRest = display.preferences?.show_default_blocks !== false;
  if (showsRest) plain.push(...allowed.filter((method) => !placed.has(method)).map((method) => entryFor(method)));
  if (plain.length) groups.push({ heading: groups.length ? "Other ways to pay" : "", entries: plain });
  return groups;
}

/** A bank or wallet list narrowed to the block's instrument and without what is hidden: `[[code, name], …]`. */
export function choicesFor(session, method, instrument) {
  const part = method === "netbanking" ? "banks" : "wallets";
  const hidden = hiddenParts(session, method, part);
  return narrowed(Object.entries(session.preferences.choices[method]), instrument[part], hidden);
}

/** What is left of `[[code, name], …]` when the instrument's choice is kept and hidden ones are taken away. */
function narrowed(offered, only, hidden) {
  return offered.filter(([code]) => !hidden.has(code) && (!only || only.includes(code)));
}

/** The ways through UPI this device has, in the order they are shown; none means that UPI is not offered. */
export function upiFlows(session, { flows }) {
  const hidden = hiddenParts(session, "upi", "flows");
  return UPI_FLOWS[deviceOf(navigator.userAgent)].filter(
    (flow) => !hidden.has(flow) && (!flows || flows.includes(flow)),
  );
}

export function upiApps(session, { apps }) {
  return narrowed(UPI_APPS, apps, hiddenParts(session, "upi", "apps"));
}

/** Trouble announced for a method or one of its banks and wallets, or null. */
export function downtimeOf(session, method, code) {
  return (
    session.preferences.downtimes.find((downtime) => {
      if (downtime.method !== method || downtime.status === "resolved") return false;
      const named = Object.values(downtime.instrument || {});
      return code ? named.includes(code) : named.length === 0 || named.includes("ALL");
    }) || null
  );
}
