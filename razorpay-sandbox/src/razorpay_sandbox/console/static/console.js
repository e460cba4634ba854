"use strict";

const base = document.body.dataset.base;
const content = document.getElementById("content");
const said = document.getElementById("said");

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

function valueOf(input) {
  if (input.dataset.kind === "flag") {
    return input.checked;
  }
  if (input.dataset.kind === "number") {
    return input.value === "" ? null : Number(input.value);
  }
  return input.value;
}

function bodyOf(form) {
  const body = {};
  for (const input of form.elements) {
    if (input.name) {
      body[input.name] = valueOf(input);
    }
  }
  if (form.dataset.shape !== "rules") {
    return body;
  }
  return [...JSON.parse(document.getElementById("rules").dataset.rules), body];
}

async function show() {
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  content.replaceChildren(...page.getElementById("content").childNodes);
  document.querySelector(".clock").replaceChildren(...page.querySelector(".clock").childNodes);
}

async function call(method, path, body, control) {
  control.disabled = true;
  try {
    const response = await fetch(base + path, {
      method,
      headers: { "Content-Type": "application/json" },
      body,
    });
    const answer = await response.json();
    said.textContent = response.ok ? "" : answer.error.description;
    await show();
  } catch {
    said.textContent = "The sandbox does not answer. Is it still running?";
  } finally {
    control.disabled = false;
  }
}

content.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-path]");
  if (button && (!button.dataset.sure || confirm(button.dataset.sure))) {
    call(button.dataset.method, button.dataset.path, button.dataset.body, button);
  }
});

content.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  call(form.dataset.method, form.dataset.path, JSON.stringify(bodyOf(form)), form.querySelector("button"));
});

// New orders appear by themselves, unless somebody is reading or typing.
setInterval(() => {
  const busy = content.querySelector("details[open], :focus") || content.querySelector("form");
  if (!document.hidden && !busy) {
    show().catch(() => {});
  }
}, 3000);
