import { controlsOf } from "./form_words.js";

/**
 * Return what is filled in in a form, as the API takes it.
 *
 * By POST what is left empty is left out. By PUT and PATCH it is sent: a text is empty then, and anything else null; but by
 * PATCH only what is another than before, so that nothing is undone that changed meanwhile. A tick is true or false, a
 * number a number. Attributes say what else a field is:
 *
 * - `data-minor`: an amount as people write it, ₹1,299.50, sent as minor units; a percentage likewise, as basis points
 * - `data-suffix`: a text that goes on with this, as a time does with its zone
 * - `data-list`: ticks of one name are the list of the values that are ticked, a text is the list of its words
 * - `data-json`: what its JSON says
 * - `data-pairs`: lines of a term, a colon and a text, sent as a list
 * - `data-was`: under this name goes, beside what is filled in, what was there before
 * - `data-part`: a number that is part of a list, as the units of a line are, with the rest of that part
 * - `data-worth`: what so many units, or a tick, are worth in minor units; a tick is sent as that
 *
 * A name such as `rates.0.charge` is that of a part of a row of a list; rows in which nothing is filled in are left out.
 * @param {HTMLFormElement} form
 * @param {string} method
 * @returns {Record<string, unknown>}
 */
export function fieldsOf(form, method) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  /** @type {Record<string, unknown[]>} */
  const lists = {};
  /** @type {Record<string, Record<string, Record<string, unknown>>>} */
  const rows = {};
  for (const control of controlsOf(form)) {
    const { name, dataset } = control;
    if (!name || (method === "PATCH" && stateOf(control) === before(control))) continue; // or only its page asks for it
    const value = valueOf(control);
    if (dataset.was) fields[dataset.was] = before(control);
    const [list = "", row, part] = name.split(".");
    if (part && row) ((rows[list] ??= {})[row] ??= {})[part] = value;
    else if (dataset.part || "list" in dataset) (lists[name] ??= []).push(...itemsOf(control));
    else if (method !== "POST" || !isEmpty(value)) fields[name] = value;
  }
  for (const [name, found] of Object.entries(rows)) {
    lists[name] = Object.values(found).filter((row) => !Object.values(row).every(isEmpty));
  }
  return { ...fields, ...lists };
}

/**
 * Return what is worth money in a form, in minor units.
 * @param {HTMLFormElement} form
 */
export function total(form) {
  return controlsOf(form).reduce((sum, control) => sum + worth(control), 0);
}

/**
 * Return what was in a field as the page came, or as it was saved: a default value is React's, who may set it again.
 * @param {Control} control
 */
export function before(control) {
  const { dataset } = control;
  if (dataset.before !== undefined) return dataset.before;
  if (isTick(control)) return String(control.defaultChecked);
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue;
  const options = [...control.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

/**
 * Return what is in a field, as text.
 * @param {Control} control
 */
export function stateOf(control) {
  return isTick(control) ? String(control.checked) : control.value;
}

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** @param {Control} control */
function worth(control) {
  const worths = JSON.parse(control.dataset.worth || "[]");
  return worths[isTick(control) ? Number(control.checked) : Number(control.value)] ?? 0;
}

/**
 * @param {Control} control
 * @returns {unknown}
 */
function valueOf(control) {
  const { dataset, value, type } = control;
  if (isTick(control)) {
    if (!dataset.worth) return control.checked;
    return control.checked ? worth(control) : null;
  }
  if ("json" in dataset) return JSON.parse(value);
  if ("pairs" in dataset) return value.split("\n").filter((line) => line.trim()).map(pair);
  if ("minor" in dataset) return value ? minorUnits(value) : null;
  if (type === "number") return value ? Number(value) : null;
  return value && dataset.suffix ? value + dataset.suffix : value;
}

/**
 * @param {Control} control
 * @returns {unknown[]}
 */
function itemsOf(control) {
  const { dataset, value } = control;
  if (isTick(control)) return control.checked ? [value] : [];
  if (!dataset.part) return value.split(/[\s,]+/).filter(Boolean);
  return Number(value) > 0 ? [{ ...JSON.parse(dataset.part), quantity: Number(value) }] : [];
}

/**
 * @param {Control} control
 * @returns {control is HTMLInputElement}
 */
function isTick(control) {
  return control instanceof HTMLInputElement && control.type === "checkbox";
}

/** @param {string} line */
function pair(line) {
  const [, term, text] = /^([^:]*):?(.*)$/.exec(line) ?? [line, line, ""];
  return { term, text };
}

/** @param {unknown} value */
function isEmpty(value) {
  return value === "" || value === null;
}

/**
 * Return the minor units of an amount as people write it; what is none goes as it was typed, and is refused.
 * @param {string} typed
 */
function minorUnits(typed) {
  const [, whole = "", part = ""] = /^₹?([0-9]+)(?:\.([0-9]{1,2}))?$/.exec(typed.replace(/[\s,]/g, "")) ?? [];
  return whole ? Number(whole) * 100 + Number(part.padEnd(2, "0")) : typed;
}
