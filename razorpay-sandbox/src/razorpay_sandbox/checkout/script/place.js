// Where this script came from decides where its frame lives, so one file serves any mount point.
const ownScript = document.currentScript || document.querySelector('script[src*="/checkout.js"]');
const ownUrl = new URL(ownScript.src, location.href);
const ROOT = ownUrl.origin + ownUrl.pathname.replace(/(?:\/v1)?\/checkout\.js$/, "");
const FRAME_ORIGIN = ownUrl.origin;
const FRAME_URL = `${ROOT}/v1/checkout/public?parent=${encodeURIComponent(location.origin)}`;

// Loaded a second time, the script only dresses its own form: a page has one constructor and one frame.
const AUTOMATIC = Symbol.for("razorpay.automatic");
if (typeof window.Razorpay === "function" && window.Razorpay[AUTOMATIC]) {
  window.Razorpay[AUTOMATIC](ownScript);
  return;
}

// Browsers that lose the page behind the bank: there the callback address is used without being asked for.
const REDIRECTING_BROWSERS = /; wv\) |Instagram|\[FB|FBAN|FBAV|UCBrowser|Opera Mini|CriOS|Windows Phone|iPhone|iPad/;

function redirectsByItself(userAgent) {
  return REDIRECTING_BROWSERS.test(userAgent);
}

function prefersReducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function whenBodyExists(run) {
  if (document.body) run();
  else document.addEventListener("DOMContentLoaded", run, { once: true });
}

function randomId() {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return Array.from(crypto.getRandomValues(new Uint8Array(14)), (byte) => alphabet[byte % 62]).join("");
}
