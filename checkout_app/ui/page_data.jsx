import { createElement, useEffect, useSyncExternalStore } from "react";
import { Link, useLocation } from "react-router";

/**
 * What a page shows and what its head says; `status` is 0 as long as nothing is known, and -1 when nobody answered.
 * `shop` is around every page, `waits` is how much waits for a person, on those of the back office.
 * @typedef {{ words: string, href: string }} Leads
 * @typedef {{ name: string, logo: string, links: Leads[], agreed: Leads[] }} Shop
 * @typedef {{ status: number, head: { title: string, description: string, image: string }, view: object, shop?: Shop, waits?: number }} PageData
 * @typedef {{ data: PageData, at: number }} Known
 */

const FRESH = 2_000; // milliseconds in which what was asked is not asked again: from pointing at a link to following it
const LONGEST_WAIT = 10_000; // milliseconds
const AGAIN = 3_000; // milliseconds after which a page that did not come is asked for again
const MOST = 200; // pages that a tab knows
const AT_ONCE = 8; // pages that are asked for together, as many as the server tells
const DECIDES = new Set(["page", "again", "variant", "complaint"]); // what of a query decides what is shown
const OFFICE = /^\/merchant(\/|$)/; // whose pages are told to the people of the shop alone
const OURS = /^\/($|category\/|product\/|(about|contact|terms|privacy|refunds|shipping|grievance)$)/;

const NO_HEAD = { title: "", description: "", image: "" };
/** @type {Shop} */
const NOBODY = { name: "", logo: "/brand/mark.svg", links: [], agreed: [] };
/** @type {PageData} */
const WAITING = { status: 0, head: NO_HEAD, view: {} };
/** @type {PageData} */
const UNREACHED = { status: -1, head: NO_HEAD, view: {} };

/** @type {Map<string, Known>} */
const known = new Map(); // by address: nothing that was learnt of one page is ever shown on another
/** @type {Set<string>} */
const asked = new Set();
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Shop | undefined} */
let shop;
let missed = 0; // what asks again for a page that did not come
let isShell = false; // whether the page came without what it shows
const inBrowser = typeof document !== "undefined";
const first = inBrowser ? begin() : "";

/** Return what the page of the present URL shows: as the server wrote it into the page, or as it tells when asked. */
export function usePageData() {
  const address = addressOf(useLocation());
  const read = () => (inBrowser ? (known.get(address)?.data ?? WAITING) : (globalThis.pageData ?? WAITING));
  const data = useSyncExternalStore(listen, read, read);
  useEffect(() => {
    seek([address]);
    return leave;
  }, [address]);
  useEffect(() => whenIdle(foreseeFirst), [data]);
  return data;
}

/** Return how the shop presents itself around a page, as it was told last. */
export function useShop() {
  const read = () => (inBrowser ? shop : globalThis.pageData?.shop) ?? NOBODY;
  const told = useSyncExternalStore(listen, read, () => (isShell ? NOBODY : read()));
  useEffect(() => {
    if (!shop) seek(["/"]); // nobody wrote it into this page
  }, []);
  return told;
}

/** The shop's sign and name, which lead to what it has. */
export function Brand() {
  const { name, logo } = useShop();
  const sign = createElement("img", { src: logo, alt: "", width: 36, height: 36, className: "brand-mark" });
  return createElement(Link, { to: "/", className: "brand", "aria-label": `${name}, to the shop` }, sign, name);
}

/**
 * Take what the server wrote into the page, if it did, and return the page's address.
 * @returns {string}
 */
function begin() {
  const address = addressOf(window.location);
  const block = document.getElementById("page-data");
  if (block) {
    const data = JSON.parse(block.textContent ?? "{}");
    known.set(address, { data, at: Date.now() });
    ({ shop } = data);
    isShell = block.dataset.shell !== undefined;
  }
  for (const kind of ["pointerover", "touchstart", "focusin"]) {
    document.addEventListener(kind, foresee, { capture: true, passive: true });
  }
  window.addEventListener("online", seekAgain);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) seekAgain(); // kept as it was left, which may be long ago
  });
  return address;
}

/**
 * Return the part of a URL that decides what is shown.
 * @param {{ pathname: string, search: string }} url
 */
function addressOf({ pathname, search }) {
  const path = pathname.replace(/\/+$/, "") || "/";
  if (OFFICE.test(path)) return path + search;
  const decides = [...new URLSearchParams(search)].filter(([name]) => DECIDES.has(name));
  return decides.length ? `${path}?${new URLSearchParams(decides)}` : path;
}

/** @param {() => void} heard */
function listen(heard) {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Ask for the page that a link leads to, as soon as somebody is about to follow it. */
function foresee(/** @type {Event} */ { target }) {
  const link = target instanceof Element ? target.closest("a") : null;
  if (link && link.origin === window.location.origin && OURS.test(link.pathname)) seek([addressOf(link)]);
}

function seekAgain() {
  if (OURS.test(window.location.pathname)) seek([addressOf(window.location)]);
}

/** Take away what the head says of the first page alone, once another is shown. */
function leave() {
  if (addressOf(window.location) === first) return;
  for (const element of document.head.querySelectorAll("[data-first]")) element.remove();
}

/**
 * @param {() => void} work
 * @returns {() => void} what calls it off
 */
function whenIdle(work) {
  if (!window.requestIdleCallback) return () => {}; // who lacks it asks as somebody points at a link
  const called = requestIdleCallback(work);
  return () => cancelIdleCallback(called);
}

/** Ask for the first pages that this one leads to, once there is nothing else to do. */
function foreseeFirst() {
  const links = [...document.querySelectorAll('main a[href^="/product/"]')].slice(0, AT_ONCE);
  const addresses = links.map((link) => addressOf(/** @type {HTMLAnchorElement} */ (link)));
  seek(addresses.filter((address) => !known.has(address)), true);
}

/**
 * Ask the server what some pages show, those of which it was not asked just now. What is told `early` is there at once
 * when somebody comes, who asks again.
 * @param {string[]} addresses
 */
async function seek(addresses, early = false) {
  const wanted = addresses.filter((each) => !asked.has(each) && Date.now() - (known.get(each)?.at ?? 0) >= FRESH);
  if (!wanted.length) return;
  wanted.forEach((address) => asked.add(address));
  const told = await answerTo(wanted);
  for (const address of wanted) {
    asked.delete(address);
    if (told[address]) learn(address, told[address], early ? 0 : Date.now());
    else if (address === addressOf(window.location)) miss(address);
  }
}

/**
 * Say of the page that somebody is on that it did not come, unless an older one is shown, and ask for it again.
 * @param {string} address
 */
function miss(address) {
  if ((known.get(address)?.data.status ?? 0) > 0) return;
  learn(address, UNREACHED, 0);
  clearTimeout(missed);
  missed = setTimeout(() => address === addressOf(window.location) && seek([address]), AGAIN);
}

/**
 * @param {string[]} addresses
 * @returns {Promise<Record<string, PageData>>}
 */
async function answerTo(addresses) {
  const query = addresses.map((address) => `path=${encodeURIComponent(address)}`).join("&");
  try {
    const room = OFFICE.test(addresses[0] ?? "") ? "merchant/" : "";
    const answer = await fetch(`/api/${room}pages/data?${query}`, { signal: AbortSignal.timeout(LONGEST_WAIT) });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

/**
 * Note what a page shows; as long as that is the same, it is the same object, and nothing is drawn anew.
 * @param {string} address
 * @param {PageData} data
 * @param {number} at
 */
function learn(address, data, at) {
  const before = known.get(address);
  const same = before && JSON.stringify(before.data) === JSON.stringify(data);
  if (data.shop && JSON.stringify(data.shop) !== JSON.stringify(shop)) ({ shop } = data);
  known.delete(address);
  known.set(address, { data: same ? before.data : data, at });
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  for (const heard of listeners) heard();
}
