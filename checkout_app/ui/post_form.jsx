import { createElement, useEffect, useRef } from "react";

const LONGEST_WAIT = 20_000; // milliseconds
const UNANSWERED = "The shop did not answer. Nothing is lost; try again in a moment.";

/**
 * A form that the browser can post by itself, to the page's own address unless it names another. As soon as scripts run it is posted without
 * leaving the page: what is wrong is said at the field it is about, and what was typed stays.
 * @param {{ label: string, action?: string, children?: import("react").ReactNode }} props
 */
export function PostForm({ label, action, children }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));

  useEffect(() => {
    const { current } = form;
    if (!current) return undefined;
    current.noValidate = true; // the server says better what is wrong
    const comeBack = () => rest(current); // to a page that was kept as it was left
    window.addEventListener("pageshow", comeBack);
    return () => window.removeEventListener("pageshow", comeBack);
  }, []);

  return createElement("form", { ref: form, method: "post", action, "aria-label": label, onSubmit: post }, children);
}

/** @param {import("react").FormEvent<HTMLFormElement>} event */
async function post(event) {
  event.preventDefault();
  const { currentTarget: form } = event;
  const { submitter } = /** @type {SubmitEvent} */ (event.nativeEvent);
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const { next, fields = {}, detail = "" } = await answerTo(form, submitter);
  if (next) {
    window.location.replace(next);
    return;
  }
  rest(form);
  tell(form, fields, Object.keys(fields).length ? "" : detail);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @returns {Promise<{ next?: string, fields?: Record<string, string>, detail?: string }>}
 */
async function answerTo(form, submitter) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json" },
      body,
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    return await answer.json();
  } catch {
    return { detail: UNANSWERED };
  }
}

/** @param {HTMLFormElement} form */
function rest(form) {
  form.setAttribute("aria-busy", "false");
}

/**
 * Say at each field what is wrong with it, and in the form's notice what is wrong with none; go to the first of them.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} fields
 * @param {string} notice
 */
function tell(form, fields, notice) {
  const wrong = [...form.querySelectorAll("input")].filter((input) => {
    const sentence = fields[input.name] ?? "";
    input.setAttribute("aria-invalid", String(sentence !== ""));
    say(form.querySelector(`#${input.id}-error .said`), sentence);
    return sentence;
  });
  const said = form.querySelector(".form-notice .said");
  say(said, notice);
  const first = wrong[0] ?? said;
  if (first instanceof HTMLElement) first.focus();
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
