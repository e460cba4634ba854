import { createElement, useEffect, useState } from "react";

const SHOWN_FOR = 2000; // milliseconds

/** A text that copies itself on a click and says so. */
export function CopyText({ text, label }) {
  const [said, setSaid] = useState("");

  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Select it to copy"); // the browser keeps the clipboard to itself
    }
  };

  return createElement(
    "button",
    { type: "button", className: "copy", onClick: copy, "aria-label": `${label} ${text}, copy` },
    text,
    createElement("span", { className: "copy-hint", role: "status" }, said || "Copy"),
  );
}
