// The frame's start: it hears the page, opens the sheet and walks the buyer to a way to pay.
import { fetchPreferences } from "./api.js";
import { listenToParent, tellParent } from "./channel.js";
import { METHODS, methodGroups } from "./display.js";
import { onBack, pushGuard } from "./guard.js";
import { loadPreferences } from "./preferences.js";
import { setPrice } from "./price.js";
import { closeFromPage, createSession, showSession } from "./session.js";
import { bankStep } from "./steps/bank.js";
import { cardStep } from "./steps/card.js";
import { contactIsNeeded, contactStep, emailIsFine, normalContact } from "./steps/contact.js";
import { methodsStep } from "./steps/methods.js";
import { blockedStep, loadingStep } from "./steps/result.js";
import { upiStep } from "./steps/upi.js";
import { drawSummary } from "./summary.js";

const METHOD_STEPS = { card: cardStep, upi: upiStep, netbanking: bankStep, wallet: bankStep };

let session = null;

function redraw(current) {
  drawSummary(current.sheet.summary, current, () => editContact(current));
}

function contact(current) {
  return contactStep(current, () => {
    redraw(current);
    offerMethods(current);
  });
}

function editContact(current) {
  if (!current.pending && !current.beginning && !current.over) current.sheet.show(contact(current));
}

function choose(current, entry) {
  current.methodStep = METHOD_STEPS[entry.method](current, entry);
  current.sheet.show(current.methodStep);
}

function preferredEntry(current) {
  const { prefill } = current.options;
  if (!METHODS.includes(prefill.method) || !normalContact(prefill.contact) || !emailIsFine(prefill.email))
    return null;
  return (
    methodGroups(current)
      .flatMap((group) => group.entries)
      .find((entry) => entry.method === prefill.method) || null
  );
}

function offerMethods(current) {
  current.sheet.replaceAll(methodsStep(current, (entry) => choose(current, entry)));
}

function begin(current) {
  if (contactIsNeeded(current)) {
    current.sheet.replaceAll(contact(current));
    return;
  }
  current.buyer.contact = normalContact(current.buyer.contact) || "";
  redraw(current);
  offerMethods(current);
  const preferred = preferredEntry(current);
  if (preferred) choose(current, preferred);
}

function block(current, title, error, again) {
  current.sheet.replaceAll(
    blockedStep(title, error.description, { again, close: current.options.embedded ? null : current.requestClose }),
  );
}

async function load(current) {
  try {
    current.preferences = await loadPreferences(current.options);
  } catch (refusal) {
    if (!refusal.error) throw refusal;
    if (session === current && !current.over) {
      const again = refusal.isSilence ? () => load(current) : null;
      block(current, "This payment cannot start", refusal.error, again);
    }
    return;
  }
  if (session !== current || current.over) return;
  const { order } = current.preferences;
  setPrice(current);
  redraw(current);
  if (order?.status === "paid") {
    block(current, "Already paid", { description: "Payment already done for this order." });
    return;
  }
  begin(current);
}

function open(message) {
  session = createSession(message.id, message.options);
  const current = session;
  showSession(current);
  redraw(current);
  current.sheet.replaceAll(loadingStep());
  requestAnimationFrame(() => {
    current.sheet.overlay.classList.add("is-here");
    tellParent("render", current.id);
  });
  load(current);
}

function update(options) {
  const { amount } = session.options;
  Object.assign(session.options, options, options.amount === null ? { amount } : {}); // null is what became no number
  if (session.preferences) setPrice(session);
  redraw(session);
}

async function answerPreferences(message) {
  const { key, order_id } = message.options;
  const answer = await fetchPreferences({ key_id: key, order_id }).catch((refusal) => ({ error: refusal.error }));
  tellParent("preferences", message.id, answer);
}

listenToParent((message) => {
  if (message.event === "preferences") {
    answerPreferences(message);
  } else if (message.event === "open") {
    if (!session || session.ended) open(message);
  } else if (session && message.id === session.id && !session.ended) {
    if (message.event === "close") closeFromPage(session);
    else if (message.event === "escape" && session.options.modal.escape) session.requestClose();
    else if (message.event === "update_options") update(message.options);
  }
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && session && session.options.modal.escape) session.requestClose();
});

onBack(() => {
  if (!session || session.over) return;
  session.back();
  if (!session.leaving) pushGuard();
});

addEventListener("error", () => fault());
addEventListener("unhandledrejection", () => fault());

function fault() {
  if (!session || session.ended) return;
  session.ended = true;
  session.over = true;
  session.stopTimer();
  session.sheet.overlay.remove();
  const description = "The payment sheet stopped working. Try again.";
  tellParent("fault", session.id, {
    error: { code: "SERVER_ERROR", description, source: "internal", step: "NA", reason: "server_error", metadata: {} },
  });
}

tellParent("load");
