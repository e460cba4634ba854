import { createElement } from "react";

const LONGEST_WAIT = 20_000; // milliseconds
const NOTHING = "Say first how much of it.";
const UNANSWERED = "The shop did not answer. Nothing is lost; try again in a moment.";

/**
 * A form whose fields are sent to the API as JSON, and that loads the page anew once it is done. With a dialog in it, that is
 * opened first: it says what is about to happen, and its own button does it. The same attempt sent twice is one.
 *
 * A number of a field that is part of a list, as the units of a line, has `data-part` with the rest of that part, and
 * `data-worth` with what so many are worth in minor units. What they are worth together is written wherever
 * `data-total` is, and the field `reason` wherever `data-said` is.
 * @param {{ label: string, action: string, currency?: string, fixed?: Record<string, unknown>, children?: import("react").ReactNode }} props
 */
export function ApiForm({ label, action, currency = "INR", fixed = {}, children }) {
  /** @type {import("react").FormEventHandler<HTMLFormElement>} */
  const changed = ({ currentTarget: form }) => {
    delete form.dataset.key; // it is another attempt
    write(form, currency);
  };
  /** @type {import("react").FormEventHandler<HTMLFormElement>} */
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const dialog = form.querySelector("dialog");
    if (form.querySelector("[data-total]") && total(form) === 0) tell(form, NOTHING);
    else if (dialog && !dialog.open) dialog.showModal();
    else send(form, action, fixed);
  };
  /** @type {import("react").MouseEventHandler<HTMLFormElement>} */
  const clicked = ({ currentTarget: form, target }) => {
    if (target instanceof Element && target.closest("[data-close]")) form.querySelector("dialog")?.close();
  };
  const heard = { onInput: changed, onSubmit: submit, onClick: clicked };
  return createElement("form", { "aria-label": label, className: "api-form", ...heard }, children);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} currency
 */
function write(form, currency) {
  const words = new Intl.NumberFormat("en-IN", { style: "currency", currency }).format(total(form) / 100);
  for (const place of form.querySelectorAll("[data-total]")) place.textContent = words;
  const reason = form.elements.namedItem("reason");
  for (const place of form.querySelectorAll("[data-said]")) {
    place.textContent = reason instanceof HTMLInputElement ? reason.value : "";
  }
}

/** @param {HTMLFormElement} form */
function total(form) {
  return [...form.querySelectorAll("input")].reduce((sum, input) => sum + worth(input), 0);
}

/** @param {HTMLInputElement} input */
function worth(input) {
  const worths = JSON.parse(input.dataset.worth || "[]");
  const units = input.type === "checkbox" ? Number(input.checked) : Number(input.value);
  return worths[units] ?? 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} action
 * @param {Record<string, unknown>} fixed
 */
async function send(form, action, fixed) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  form.dataset.key ??= crypto.randomUUID();
  const said = await answerTo(action, { ...fixed, ...fieldsOf(form) }, form.dataset.key);
  if (said === "") {
    window.location.reload();
    return;
  }
  form.ariaBusy = "false";
  form.querySelector("dialog")?.close();
  tell(form, said);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} said
 */
function tell(form, said) {
  const notice = form.querySelector(".form-notice .said");
  if (!(notice instanceof HTMLElement)) return;
  notice.hidden = false;
  const words = notice.querySelector("p");
  if (words) words.textContent = said;
  notice.focus();
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
function fieldsOf(form) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  /** @type {Record<string, object[]>} */
  const lists = {};
  for (const input of form.querySelectorAll("input")) {
    const { name, dataset } = input;
    if (dataset.part) {
      if (Number(input.value) > 0) (lists[name] ??= []).push({ ...JSON.parse(dataset.part), quantity: Number(input.value) });
    } else if (input.type !== "checkbox") {
      if (input.value) fields[name] = input.value;
    } else if (dataset.worth) {
      if (input.checked) fields[name] = worth(input);
    } else {
      fields[name] = input.checked;
    }
  }
  return { ...fields, ...lists };
}

/**
 * Send what was filled in, and return what was wrong with it; nothing when it is done.
 * @param {string} action
 * @param {Record<string, unknown>} body
 * @param {string} key
 * @returns {Promise<string>}
 */
async function answerTo(action, body, key) {
  try {
    const answer = await fetch(action, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    if (answer.ok) return "";
    const { code, detail, fields = {} } = await answer.json();
    if (code === "step_up_required" || answer.status === 401) {
      const { pathname, search } = window.location;
      const page = answer.status === 401 ? "/login" : "/second-factor";
      window.location.assign(`${page}?next=${encodeURIComponent(pathname + search)}`);
      return "You are asked who you are first; then it can be done.";
    }
    return [detail, ...Object.values(fields)].join(" ");
  } catch {
    return UNANSWERED;
  }
}
