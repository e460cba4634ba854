// The page as it is shown: how it is shown anew, and what it says about calls.
import { morph } from "./morph.js";

const content = document.getElementById("content");
const clock = document.querySelector(".clock");
const said = document.getElementById("said");

export const base = document.body.dataset.base;

export function say(text) {
  if (said.textContent !== text) {
    said.textContent = text;
  }
}

export function version() {
  return content.dataset.version;
}

export function switchOn(element) {
  for (const button of element.querySelectorAll("button")) {
    button.disabled = false;
  }
}

let asked = 0;
let shown = 0;

export async function show() {
  const turn = (asked += 1);
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (turn < shown) {
    return; // overtaken by a later one, which knows more
  }
  shown = turn;
  const found = page.getElementById("content");
  if (!found) {
    location.assign(`${base}/`); // what was shown is gone
    return;
  }
  switchOn(found);
  morph(content, found);
  morph(clock, page.querySelector(".clock"));
}
