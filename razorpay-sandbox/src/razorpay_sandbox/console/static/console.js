// Makes the calls of buttons and forms, and keeps the page up to date.
import { watch } from "./live.js";
import { base, say, show, switchOn } from "./page.js";

const content = document.getElementById("content");

function valueOf(field) {
  if (field.dataset.kind === "flag") {
    return field.checked;
  }
  if (field.dataset.kind === "number") {
    return field.value === "" ? null : Number(field.value);
  }
  return field.value;
}

function bodyOf(form, button) {
  const body = JSON.parse(form.dataset.body);
  for (const field of form.querySelectorAll("[data-kind]")) {
    body[field.name] = valueOf(field);
  }
  if (button.name) {
    body[button.name] = button.value;
  }
  return JSON.stringify(body);
}

/**
 * Make the call that an element's data names, and show what came of it; true when it was not refused.
 * @param {DOMStringMap} where
 * @param {string | undefined} body
 * @param {HTMLButtonElement} button
 */
async function call({ method, path }, body, button) {
  button.disabled = true;
  button.ariaBusy = "true";
  try {
    const response = await fetch(base + path, { method, headers: { "Content-Type": "application/json" }, body });
    const answer = await response.json();
    say(`${button.textContent}: ${response.ok ? "done." : answer.error.description}`);
    await show();
    return response.ok;
  } catch {
    say("The sandbox does not answer. Is it still running?");
    return false;
  } finally {
    button.disabled = false;
    button.ariaBusy = null;
    if (!button.isConnected) {
      content.focus({ preventScroll: true }); // the button has done its work and is gone
    } else if (document.activeElement === document.body) {
      button.focus({ preventScroll: true }); // a button that is switched off loses the focus
    }
  }
}

content.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  /** @type {HTMLButtonElement | null} */
  const button = target.closest("button[data-path]");
  if (button && (!button.dataset.sure || confirm(button.dataset.sure))) {
    call(button.dataset, button.dataset.body, button);
  }
});

content.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement} */ (event.submitter);
  if (await call(form.dataset, bodyOf(form, button), button)) {
    form.reset(); // to what the page shows by now
  }
});

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
switchOn(content);
watch();
