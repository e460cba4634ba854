// One opening of the sheet: what the merchant passed, what the gateway said, and how it ends.
import { tellParent } from "./channel.js";
import { cancel } from "./flow.js";
import { pushGuard, removeGuard } from "./guard.js";
import { createSheet } from "./sheet.js";
import { applyTheme } from "./summary.js";
import { startTimer } from "./timer.js";

const LEAVE_MS = 240;

export function createSession(id, options) {
  const session = {
    id,
    options,
    preferences: null,
    amount: options.amountGiven ? options.amount : null,
    currency: options.currency,
    priceLines: [],
    buyer: { contact: options.prefill.contact, email: options.prefill.email },
    pending: null,
    beginning: false,
    over: false,
    ended: false,
    end: (event, data) => end(session, event, data),
    requestClose: () => requestClose(session),
    back: () => goBack(session),
  };
  session.sheet = createSheet(
    { close: session.requestClose, back: session.back },
    { embedded: options.embedded, closeButton: options.theme.close_button },
  );
  session.sheet.overlay.addEventListener("click", (event) => {
    if (event.target === session.sheet.overlay && options.modal.backdropclose) session.requestClose();
  });
  session.sheet.overlay.classList.toggle("is-still", !options.modal.animation);
  session.sheet.overlay.classList.toggle("is-bare", options.theme.hide_topbar);
  return session;
}

export function showSession(session) {
  document.body.replaceChildren(session.sheet.overlay);
  applyTheme(session.sheet.overlay, session.options.theme);
  if (session.options.modal.handleback && !session.options.embedded) pushGuard();
  session.stopTimer = startTimer(session.sheet.timer, session.options.timeout, () =>
    end(session, "dismiss", "timeout"),
  );
}

/** Tell the page how it ended, let the sheet leave, and say when it is gone. */
async function end(session, event, data, { keepHistory = false } = {}) {
  if (session.ended) return;
  session.ended = true;
  session.over = true;
  session.stopTimer();
  if (!keepHistory) await removeGuard();
  tellParent(event, session.id, data);
  session.sheet.overlay.classList.add("is-leaving");
  setTimeout(
    () => {
      session.sheet.overlay.remove();
      tellParent("hidden", session.id);
    },
    session.options.modal.animation ? LEAVE_MS : 0,
  );
}

/** The page's own code closes the sheet: nobody is asked and a pending payment is left to the bank. */
export function closeFromPage(session) {
  end(session, "dismiss", undefined, { keepHistory: true });
}

async function requestClose(session) {
  if (session.over || session.asking) return;
  if (session.options.modal.confirm_close) {
    session.asking = true;
    const leaves = await session.sheet.ask({
      heading: "Leave this payment?",
      text: session.pending ? "The payment under way will be cancelled." : "Nothing has been paid yet.",
      stay: "Keep paying",
      leave: "Leave",
    });
    session.asking = false;
    if (!leaves || session.over) return;
  }
  session.leaving = true;
  if (session.pending) await cancel(session);
  if (!session.over) end(session, "dismiss");
}

/** One step back: to the step below, or out of the sheet from the first one. */
function goBack(session) {
  if (session.over) return;
  if (session.pending) cancel(session);
  else if (!session.sheet.back()) session.requestClose();
}
