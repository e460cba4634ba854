// Runs before everything else on a page. A browser may refuse a site its storage, and then every look at it throws: what
// is kept there by the page's scripts is kept in memory instead. One that refuses cookies is told that signing in needs one.
for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
  try {
    window[name].getItem("");
  } catch {
    /** @type {Map<string, string>} */
    const kept = new Map();
    const value = {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, String(text)),
      removeItem: (/** @type {string} */ key) => void kept.delete(key),
      clear: () => kept.clear(),
    };
    Object.defineProperty(window, name, { configurable: true, value });
  }
}
document.cookie = "taken=1; path=/; samesite=lax";
if (document.cookie.includes("taken=1")) document.cookie = "taken=; path=/; max-age=0";
else document.documentElement.dataset.cookies = "refused";
// How much is in the cart, for the style sheet, which shows it in the header of every page before anything is drawn.
const showCart = () => {
  const count = /(?:^|; )cart-count=(\d{1,3})(?:;|$)/.exec(document.cookie)?.[1];
  document.documentElement.style.setProperty("--in-cart", count ? `"${count}"` : null);
};
showCart();
window.addEventListener("pageshow", showCart);
window.cookieStore?.addEventListener("change", showCart);
window.addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => undefined));
// What is typed into a text area before React takes it over, which begins with its text again: its form puts it back.
window.typed = new WeakMap();
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLTextAreaElement) window.typed.set(target, target.value);
});
// And what is sent before that by a form which only scripts can send: it is sent once they are there.
window.pressed = new WeakSet();
document.addEventListener("submit", ({ target }) => void (target instanceof HTMLFormElement && window.pressed.add(target)));
