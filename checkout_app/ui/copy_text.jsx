import { createElement, useEffect, useState } from "react";

const SHOWN_FOR = 2000; // milliseconds

/**
 * A text that copies itself on a click and says so; `shown` stands in for one too long to read.
 * @param {{ text: string, label: string, shown?: string }} props
 */
export function CopyText({ text, label, shown }) {
  const [hint, setHint] = useState("");

  useEffect(() => {
    if (!hint) return undefined;
    const timer = setTimeout(() => setHint(""), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [hint]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setHint("Copied");
    } catch {
      setHint("Select it to copy"); // the browser keeps the clipboard to itself
    }
  };

  return createElement(
    "button",
    { type: "button", className: "copy", onClick: copy },
    createElement("span", { className: "visually-hidden" }, `${label} `),
    shown || text,
    createElement("span", { className: "copy-hint", role: "status" }, hint || "Copy"),
  );
}
