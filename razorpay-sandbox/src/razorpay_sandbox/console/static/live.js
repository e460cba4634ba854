// Shows the page anew whenever something happened, and waits while nobody looks.
import { base, say, show, version } from "./page.js";

const PAUSE = 1000;
const SILENCE = "The sandbox does not answer. Is it still running?";

/** @returns {Promise<void>} */
function seen() {
  return new Promise((resolve) => {
    if (!document.hidden) {
      resolve();
      return;
    }
    document.addEventListener("visibilitychange", () => resolve(seen()), { once: true });
  });
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}

export async function watch() {
  let silent = false;
  for (;;) {
    await seen();
    try {
      const response = await fetch(`${base}/console/version`);
      if (response.ok && (await response.text()) !== version()) {
        await show();
      }
      if (silent) {
        say("");
      }
      silent = false;
    } catch {
      silent = true;
      say(SILENCE);
    }
    await pause();
  }
}
