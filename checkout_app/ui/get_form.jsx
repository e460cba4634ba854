import { createElement } from "react";
import { useNavigate } from "react-router";

const LONGEST_WAIT = 20_000; // milliseconds
const UNANSWERED = "The shop did not answer. Try again in a moment.";

/**
 * A form that leads to a page with what was chosen in its address, or posts it where one of its buttons says. The browser
 * can do both by itself; as soon as scripts run the first is a step within the page, like that of a link, and the second
 * stays on it: what came of it is said in the form's output.
 * @param {{ action: string, className?: string, children?: import("react").ReactNode }} props
 */
export function GetForm({ action, className, children }) {
  const navigate = useNavigate();

  /** @param {import("react").FormEvent<HTMLFormElement>} event */
  const go = (event) => {
    event.preventDefault();
    const { currentTarget: form, nativeEvent } = event;
    const { submitter } = /** @type {SubmitEvent} */ (nativeEvent);
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.append(name, String(value));
    if (submitter instanceof HTMLButtonElement && submitter.formMethod === "post") post(submitter, fields);
    else navigate(`${action}?${fields}`);
  };

  return createElement("form", { action, className, onSubmit: go }, children);
}

/**
 * @param {HTMLButtonElement} button
 * @param {URLSearchParams} body
 */
async function post(button, body) {
  const output = button.form?.querySelector("output");
  if (!output || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(button.formAction, { method: "POST", headers: { accept: "application/json" }, body, signal });
    output.value = (await answer.json()).detail;
  } catch {
    output.value = UNANSWERED;
  }
  button.ariaBusy = "false";
}
