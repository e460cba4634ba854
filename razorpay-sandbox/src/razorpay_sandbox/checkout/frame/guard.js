// One history entry of the frame's own, so that the browser's Back moves inside the sheet instead of leaving the shop.
const POP_LIMIT_MS = 200;

let removed = null;

function guardIsUp() {
  return history.state?.sheet === true;
}

export function pushGuard() {
  if (!guardIsUp()) history.pushState({ sheet: true }, "");
}

/** Take the entry away before the page is told, so that the page's own navigation cannot cross with it. */
export function removeGuard() {
  if (!guardIsUp()) return Promise.resolve();
  return new Promise((resolve) => {
    removed = resolve;
    setTimeout(resolve, POP_LIMIT_MS);
    history.back();
  });
}

export function onBack(run) {
  addEventListener("popstate", () => {
    if (removed) {
      removed();
      removed = null;
    } else if (!guardIsUp()) {
      run();
    }
  });
}
