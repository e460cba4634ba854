import { createElement, useState } from "react";
import { sendFile } from "./send_file.js";

const LONGEST_WAIT = 600_000; // milliseconds

/**
 * A button that sends a file, once it is chosen, to `action` under its name; the page is then loaded anew.
 * @param {{ words: string, action: string, accept: string }} props
 */
export function FileField({ words, action, accept }) {
  const [said, setSaid] = useState("");
  const [waits, setWaits] = useState(false);

  /** @type {import("react").ChangeEventHandler<HTMLInputElement>} */
  const chosen = async ({ currentTarget: input }) => {
    const [file] = input.files ?? [];
    if (!file) return;
    setWaits(true);
    setSaid(`Sending ${file.name}.`);
    const { id, detail = "" } = await sendFile(`${action}?name=${encodeURIComponent(file.name)}`, file, LONGEST_WAIT);
    if (id) {
      window.location.reload();
      return;
    }
    input.value = "";
    setWaits(false);
    setSaid(detail);
  };

  const input = { type: "file", accept, className: "visually-hidden", onChange: chosen, disabled: waits };
  return createElement(
    "div",
    { className: "upload" },
    createElement("label", { className: "button button-quiet" }, words, createElement("input", input)),
    createElement("p", { role: "status", className: "small" }, said),
  );
}
