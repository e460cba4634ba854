import { createElement } from "react";

/**
 * A button that prints the page.
 * @param {{ children?: import("react").ReactNode }} props
 */
export function PrintButton({ children }) {
  return createElement("button", { type: "button", className: "button button-primary", onClick: () => window.print() }, children);
}
