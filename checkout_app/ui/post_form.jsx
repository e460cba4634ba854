import { createElement, useEffect, useRef } from "react";
import { restoreTyped, tell } from "./form_words.js";

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
    restoreTyped(current);
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
