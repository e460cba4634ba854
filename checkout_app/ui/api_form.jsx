import { createElement, useEffect, useRef } from "react";
import { before, fieldsOf, stateOf, total } from "./api_fields.js";
import { controlsOf, restoreTyped, tell } from "./form_words.js";
import { ledAway } from "./way_in.js";

const LONGEST_WAIT = 20_000; // milliseconds
const NOTHING = "Say first how much of it.";
const DONE = "Saved";
const UNANSWERED = "The shop did not answer. Nothing is lost; try again in a moment.";

/**
 * A form whose fields are sent to the API as JSON. Once it is done the page is loaded anew, or the page `next` is opened,
 * in which `{id}` is the id of what was made. With a dialog in it, that is opened first: it says what is about to happen,
 * and its own button does it. The same attempt sent twice is one.
 *
 * One that `stays` has a single field, is sent as somebody leaves it, and says in its output that it is done. A button with
 * `data-fill` writes what it says into the field of that name. While something has `data-waits`, that is said instead.
 *
 * Where a part of it has `data-answer`, that takes the place of the rest once it is done, and tells what is told this once:
 * an element with `data-from` gets the field of the answer that it names, and a link with `data-href` those in braces.
 *
 * What its fields are to be sent as is said in `api_fields.js`. What those with `data-worth` are worth together is written
 * wherever `data-total` is, and the field `reason` wherever `data-said` is.
 * @param {{
 *   label?: string, action: string, method?: string, next?: string, currency?: string, fixed?: Record<string, unknown>,
 *   stays?: boolean, children?: import("react").ReactNode,
 * }} props
 */
export function ApiForm({ label, action, method = "POST", next = "", currency = "INR", fixed = {}, stays, children }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useEffect(() => {
    const { current } = form;
    restoreTyped(current);
    if (current && window.pressed.delete(current)) current.requestSubmit(); // it was pressed before the scripts had come
  }, []);
  /** @type {import("react").FormEventHandler<HTMLFormElement>} */
  const changed = ({ currentTarget: form }) => {
    delete form.dataset.key; // it is another attempt
    write(form, currency);
    for (const output of form.querySelectorAll("output")) output.textContent = "";
  };
  /** @type {import("react").FormEventHandler<HTMLFormElement>} */
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const dialog = form.querySelector("dialog");
    const waits = form.querySelector("[data-waits]");
    if (waits instanceof HTMLElement) tell(form, {}, waits.dataset.waits ?? "");
    else if (form.querySelector("[data-total]") && total(form) === 0) tell(form, {}, NOTHING);
    else if (dialog && !dialog.open) dialog.showModal();
    else send(form, { action, method, next, fixed, stays });
  };
  /** @type {import("react").FocusEventHandler<HTMLFormElement>} */
  const left = ({ currentTarget: form }) => {
    if (stays && controlsOf(form).some((control) => stateOf(control) !== before(control))) form.requestSubmit();
  };
  /** @type {import("react").MouseEventHandler<HTMLFormElement>} */
  const clicked = ({ currentTarget: form, target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest("[data-close]")) form.querySelector("dialog")?.close();
    const filling = target.closest("[data-fill]");
    const field = filling instanceof HTMLElement && form.elements.namedItem(filling.dataset.fill ?? "");
    if (filling && field instanceof HTMLInputElement) field.value = filling.textContent;
  };
  const heard = { onInput: changed, onSubmit: submit, onClick: clicked, onBlur: left };
  // Before scripts run a `dialog` sends nothing, so that nothing typed is ever in an address.
  return createElement("form", { ref: form, "aria-label": label, className: "api-form", method: "dialog", ...heard }, children);
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

/**
 * @param {HTMLFormElement} form
 * @param {{ action: string, method: string, next: string, fixed: Record<string, unknown>, stays?: boolean }} call
 */
async function send(form, { action, method, next, fixed, stays }) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  form.dataset.key ??= crypto.randomUUID();
  const body = { ...fixed, ...fieldsOf(form, method) };
  const { fields = {}, detail = "", ...made } = await answerTo(action, method, body, form.dataset.key);
  const wrong = Object.keys(fields).length > 0;
  if (!wrong && !detail) {
    const place = form.querySelector("[data-answer]");
    if (stays) settle(form);
    else if (place instanceof HTMLElement) show(form, place, made);
    else if (next) window.location.assign(filled(next, made));
    else window.location.reload();
    return;
  }
  form.ariaBusy = "false";
  form.querySelector("dialog")?.close();
  const here = new Set(controlsOf(form).filter((each) => document.getElementById(`${each.id}-error`)).map((each) => each.name));
  const elsewhere = Object.entries(fields).filter(([name]) => !here.has(name));
  const said = wrong ? elsewhere.map(([, sentence]) => sentence) : [detail];
  tell(form, fields, said.join(" "));
}

/**
 * Say that what is filled in is what there is now.
 * @param {HTMLFormElement} form
 */
function settle(form) {
  form.ariaBusy = "false";
  tell(form, {}, "");
  for (const control of controlsOf(form)) control.dataset.before = stateOf(control);
  for (const output of form.querySelectorAll("output")) output.textContent = DONE;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {Record<string, unknown>} made
 */
function show(form, place, made) {
  for (const told of place.querySelectorAll("[data-from]")) {
    if (told instanceof HTMLElement) told.textContent = String(made[told.dataset.from ?? ""] ?? "");
  }
  for (const link of place.querySelectorAll("a")) {
    if (link.dataset.href) link.href = filled(link.dataset.href, made);
  }
  for (const part of form.children) if (part instanceof HTMLElement) part.hidden = part !== place;
  form.ariaBusy = "false";
  place.focus();
}

/**
 * @param {string} address
 * @param {Record<string, unknown>} made
 */
function filled(address, made) {
  return address.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(made[name] ?? "")));
}

/**
 * Send what was filled in, and return what was made, or what was wrong with it.
 * @param {string} action
 * @param {string} method
 * @param {Record<string, unknown>} body
 * @param {string} key
 * @returns {Promise<Record<string, unknown> & { fields?: Record<string, string>, detail?: string }>}
 */
async function answerTo(action, method, body, key) {
  try {
    const answer = await fetch(action, {
      method,
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    const said = answer.status === 204 ? {} : await answer.json();
    if (answer.ok) return said;
    const led = ledAway(answer.status, said.code);
    return led ? { detail: led } : { fields: said.fields, detail: said.detail };
  } catch {
    return { detail: UNANSWERED };
  }
}
