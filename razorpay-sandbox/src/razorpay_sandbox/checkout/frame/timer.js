// The time the merchant gives the buyer. The clock is read at each tick, because a sleeping tab counts no seconds.
const TICK_MS = 500;

function words(seconds) {
  return `Time left ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Show the time left in `element` and call `expire` at its end; answers a function that stops it. */
export function startTimer(element, seconds, expire) {
  if (!(seconds > 0)) return () => {};
  const deadline = Date.now() + seconds * 1000;
  element.hidden = false;
  function tick() {
    const left = Math.ceil((deadline - Date.now()) / 1000);
    element.textContent = words(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(timer);
    expire();
  }
  const timer = setInterval(tick, TICK_MS);
  tick();
  return () => clearInterval(timer);
}
