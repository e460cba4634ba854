import { useEffect, useSyncExternalStore } from "react";
import { useLocation } from "react-router";

/**
 * What a page shows and what its head says; `status` is 0 as long as nothing is known, and -1 when nobody answered.
 * @typedef {{ status: number, head: { title: string, description: string, image: string }, view: object }} PageData
 * @typedef {{ data: PageData, text: string, at: number }} Known
 */

const FRESH = 10_000; // milliseconds in which what was asked is not asked again
const LONGEST_WAIT = 10_000; // milliseconds
const MOST = 200; // pages that a tab knows
const OURS = /^\/($|category\/|product\/)/;

const NO_HEAD = { title: "", description: "", image: "" };
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
const inBrowser = typeof document !== "undefined";
const first = inBrowser ? begin() : "";

/** Return what the page of the present URL shows: as the server wrote it into the page, or as it tells when asked. */
export function usePageData() {
  const address = addressOf(useLocation());
  const read = () => (inBrowser ? (known.get(address)?.data ?? WAITING) : (globalThis.pageData ?? WAITING));
  const data = useSyncExternalStore(listen, read, read);
  useEffect(() => {
    seek(address);
    return leave;
  }, [address]);
  return data;
}

/**
 * Take what the server wrote into the page, if it did, and return the page's address.
 * @returns {string}
 */
function begin() {
  const address = addressOf(window.location);
  const text = document.getElementById("page-data")?.textContent;
  if (text) known.set(address, { data: JSON.parse(text), text, at: Date.now() });
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
  const page = new URLSearchParams(search).get("page");
  return page === null ? path : `${path}?page=${encodeURIComponent(page)}`;
}

/** @param {() => void} heard */
function listen(heard) {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Ask for the page that a link leads to, as soon as somebody is about to follow it. */
function foresee(/** @type {Event} */ { target }) {
  const link = target instanceof Element ? target.closest("a") : null;
  if (link && link.origin === window.location.origin && OURS.test(link.pathname)) seek(addressOf(link));
}

function seekAgain() {
  if (OURS.test(window.location.pathname)) seek(addressOf(window.location));
}

/** Take away what the head says of the first page alone, once another is shown. */
function leave() {
  if (addressOf(window.location) === first) return;
  for (const element of document.head.querySelectorAll("[data-first]")) element.remove();
}

/**
 * Ask the server what a page shows, unless it was asked just now.
 * @param {string} address
 */
async function seek(address) {
  if (asked.has(address) || Date.now() - (known.get(address)?.at ?? 0) < FRESH) return;
  asked.add(address);
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(`/api/pages/data?path=${encodeURIComponent(address)}`, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const text = await answer.text();
    learn(address, { data: JSON.parse(text), text, at: Date.now() });
  } catch {
    if (!known.get(address)?.text) learn(address, { data: UNREACHED, text: "", at: 0 });
  } finally {
    asked.delete(address);
  }
}

/**
 * @param {string} address
 * @param {Known} now
 */
function learn(address, now) {
  const before = known.get(address);
  known.delete(address);
  known.set(address, before && before.text === now.text ? { ...now, data: before.data } : now);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  for (const heard of listeners) heard();
}
