// Which ways to pay are offered and in which order: the account's methods, narrowed by `method` and `config.display`.
export const METHODS = ["upi", "card", "netbanking", "wallet"];

const NAMES = { upi: "UPI", card: "Card", netbanking: "Netbanking", wallet: "Wallet" };
const WORDS = {
  upi: "Scan a QR code or enter a UPI ID",
  card: "Visa, Mastercard, RuPay and more",
  netbanking: "All Indian banks",
  wallet: "Pay from a wallet balance",
};

export function nameOf(method) {
  return NAMES[method];
}

function enabled(session, method) {
  const wanted = session.options.method[method];
  return session.preferences.methods[method] === true && wanted !== false && wanted !== 0;
}

function hides(display, method) {
  return (display.hide || []).some(
    (rule) => rule.method === method && !rule.flows && !rule.banks && !rule.wallets && !rule.networks && !rule.issuers,
  );
}

function hiddenParts(session, method, part) {
  const display = session.options.config.display || {};
  return new Set((display.hide || []).filter((rule) => rule.method === method).flatMap((rule) => rule[part] || []));
}

function entryFor(method, instrument = {}) {
  return { method, instrument, title: NAMES[method], words: WORDS[method] };
}

function blockEntries(block, allowed) {
  return (block.instruments || [])
    .filter(({ method }) => allowed.includes(method))
    .map((instrument) => entryFor(instrument.method, instrument));
}

/** The list to draw: `[{heading, entries: [{method, instrument, title, words}]}]`. */
export function methodGroups(session) {
  const display = session.options.config.display || {};
  const allowed = METHODS.filter((method) => enabled(session, method) && !hides(display, method));
  const blocks = display.blocks || {};
  const named = new Map(Object.entries(blocks).map(([code, block]) => [`block.${code}`, block]));
  const groups = [];
  const placed = new Set();
  const plain = [];
  for (const code of display.sequence || []) {
    if (named.has(code)) {
      const entries = blockEntries(named.get(code), allowed);
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
  const only = instrument[part];
  const offered = Object.entries(session.preferences.choices[method]);
  return offered.filter(([code]) => !hidden.has(code) && (!only || only.includes(code)));
}

export function upiFlows(session, instrument) {
  const hidden = hiddenParts(session, "upi", "flows");
  const shows = (flow) => !hidden.has(flow) && (!instrument.flows || instrument.flows.includes(flow));
  return { collect: shows("collect"), qr: shows("qr") };
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
