// The payment sheet: its frame, header and focus. Steps are shown in it one at a time and keep what was typed.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), [tabindex='0']";

function visible(element) {
  return element.getClientRects().length > 0;
}

/** Build the sheet. `actions` are what its own buttons and keys ask for: `close()`, `back()`. */
export function createSheet(actions, { embedded, closeButton }) {
  const backButton = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Back", onclick: actions.back },
    icon("back"),
  );
  const title = h("h2", { class: "step-title", id: "step-title", tabindex: "-1" });
  const closing = h(
    "button",
    { type: "button", class: "icon-button close-button", "aria-label": "Close payment", onclick: actions.close },
    icon("close"),
  );
  const notice = h("div", { class: "notice", role: "alert" });
  const timer = h("p", { class: "timer", hidden: true });
  const content = h("div", { class: "step" });
  const summary = h("aside", { class: "summary" });
  const pane = h(
    "div",
    { class: "pane" },
    h("div", { class: "pane-head" }, backButton, title, embedded || !closeButton ? null : closing),
    timer,
    h("div", { class: "pane-body" }, notice, content),
  );
  const dialog = h(
    "div",
    { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "step-title" },
    summary,
    pane,
  );
  const overlay = h("div", { class: embedded ? "overlay is-embedded" : "overlay" }, dialog);
  const steps = [];

  function present(step, { moveFocus = true } = {}) {
    title.textContent = step.title;
    backButton.hidden = steps.length < 2 || step.noBack === true;
    content.replaceChildren(step.element);
    closing.hidden = step.isEnd === true;
    summary.toggleAttribute("data-fixed", step.noBack === true);
    pane.querySelector(".pane-body").scrollTop = 0;
    if (moveFocus) (step.focus && visible(step.focus) ? step.focus : title).focus({ preventScroll: true });
  }

  function show(step) {
    clearNotice();
    steps.push(step);
    present(step);
  }

  function replaceAll(step) {
    steps.length = 0;
    show(step);
  }

  /** Return to the step below; false when this is the first one. */
  function back() {
    if (steps.length < 2) return false;
    steps.pop();
    clearNotice();
    present(steps.at(-1));
    return true;
  }

  function returnTo(step) {
    while (steps.length > 1 && steps.at(-1) !== step) steps.pop();
    present(steps.at(-1));
  }

  function warn(heading, text) {
    notice.replaceChildren(icon("alert"), h("div", {}, h("strong", {}, heading), h("p", {}, text)));
    pane.querySelector(".pane-body").scrollTop = 0;
  }

  function clearNotice() {
    notice.replaceChildren();
  }

  function keepFocusInside(event) {
    if (event.key !== "Tab") return;
    const reachable = [...overlay.querySelectorAll(FOCUSABLE)].filter(visible);
    const layer = overlay.querySelector(".question");
    const inLayer = layer ? reachable.filter((element) => layer.contains(element)) : reachable;
    if (!inLayer.length) return;
    const first = inLayer[0];
    const last = inLayer.at(-1);
    const active = document.activeElement;
    if (event.shiftKey && (active === first || !inLayer.includes(active))) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && (active === last || active === document.body)) {
      event.preventDefault();
      first.focus();
    }
  }

  overlay.addEventListener("keydown", keepFocusInside);
  return {
    overlay,
    dialog,
    summary,
    timer,
    show,
    replaceAll,
    back,
    returnTo,
    warn,
    clearNotice,
    setBusy: (busy) => pane.toggleAttribute("data-busy", busy),
    ask: (question) => askInside(dialog, question),
  };
}

/** A question over the sheet with two answers; resolves to true for the second. */
function askInside(dialog, { heading, text, stay, leave }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    function answer(value) {
      layer.remove();
      if (!value && before instanceof HTMLElement) before.focus();
      resolve(value);
    }
    const stayButton = h("button", { type: "button", class: "button is-main", onclick: () => answer(false) }, stay);
    const leaveButton = h("button", { type: "button", class: "button is-quiet", onclick: () => answer(true) }, leave);
    const box = h(
      "div",
      {
        class: "question-box",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": "question-title",
        "aria-describedby": "question-text",
      },
      h("h3", { id: "question-title" }, heading),
      h("p", { id: "question-text" }, text),
      h("div", { class: "question-answers" }, leaveButton, stayButton),
    );
    const layer = h("div", { class: "question" }, box);
    layer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      answer(false);
    });
    dialog.append(layer);
    stayButton.focus();
  });
}
