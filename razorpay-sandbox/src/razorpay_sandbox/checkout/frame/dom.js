// Small helpers to build elements; text is always set as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `h("button", {type: "button", onclick: fn}, "Pay")`. Empty values and `false` are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function svg(viewBox, paths, properties = {}) {
  const element = document.createElementNS(SVG, "svg");
  const defaults = { viewBox, "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries({ ...defaults, ...properties })) element.setAttribute(name, value);
  for (const [tag, attributes] of paths) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    element.append(shape);
  }
  return element;
}

let lastFieldNumber = 0;

/** A labelled input with room for its own message; `field.fail(text)` marks it, `field.clear()` unmarks it. */
export function field(label, properties, { hint = "", after = null } = {}) {
  lastFieldNumber += 1;
  const id = `field-${lastFieldNumber}`;
  const input = h("input", {
    id,
    class: "field-input",
    autocomplete: "off",
    ...properties,
    "aria-describedby": `${id}-note`,
  });
  const note = h("p", { id: `${id}-note`, class: "field-note" }, hint);
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id, class: "field-label" }, label),
    h("div", { class: "field-box" }, input, after),
    note,
  );
  function mark(text, wrong) {
    note.textContent = text;
    element.classList.toggle("is-wrong", wrong);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const made = { element, input, fail: (text) => mark(text, true), clear: () => mark(hint, false) };
  input.addEventListener("input", made.clear);
  return made;
}

/** Show the first failing check of a form beside its field and put the cursor there; true when all pass. */
export function allPass(checks) {
  const failing = checks.filter(([, problem]) => problem);
  for (const [wrong, problem] of failing) wrong.fail(problem);
  if (failing.length) failing[0][0].input.focus();
  return failing.length === 0;
}
