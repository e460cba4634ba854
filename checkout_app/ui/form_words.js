/**
 * Say at each field of a form what is wrong with it, and in the form's notice what is wrong with none; go to the first.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} fields
 * @param {string} notice
 */
export function tell(form, fields, notice) {
  const wrong = controlsOf(form).filter((control) => {
    const sentence = fields[control.name] ?? "";
    control.setAttribute("aria-invalid", String(sentence !== ""));
    say(control.id ? form.querySelector(`#${control.id}-error .said`) : null, sentence);
    return sentence;
  });
  const said = form.querySelector(".form-notice .said");
  say(said, notice);
  const first = wrong[0] ?? said;
  if (first instanceof HTMLElement) first.focus();
}

/**
 * Put back what was typed into a form's text areas before React took them over.
 * @param {HTMLFormElement | null} form
 */
export function restoreTyped(form) {
  for (const area of form?.querySelectorAll("textarea") ?? []) area.value = window.typed.get(area) ?? area.value;
}

/**
 * Return what is filled in in a form.
 * @param {HTMLFormElement} form
 * @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]}
 */
export function controlsOf(form) {
  return [...form.querySelectorAll("input, select, textarea")].filter(
    (control) =>
      control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement,
  );
}

/**
 * @param {Element | null} said
 * @param {string} sentence
 */
function say(said, sentence) {
  if (!(said instanceof HTMLElement)) return;
  said.hidden = sentence === "";
  const words = said.querySelector("p");
  if (words) words.textContent = sentence;
}
