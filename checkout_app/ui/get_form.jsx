import { createElement } from "react";
import { useNavigate } from "react-router";

/**
 * A form that leads to a page with what was chosen in its address. The browser can do that by itself; as soon as scripts
 * run it is a step within the page, like that of a link.
 * @param {{ action: string, className?: string, children?: import("react").ReactNode }} props
 */
export function GetForm({ action, className, children }) {
  const navigate = useNavigate();

  /** @param {import("react").FormEvent<HTMLFormElement>} event */
  const go = (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) query.append(name, String(value));
    navigate(`${action}?${query}`);
  };

  return createElement("form", { action, className, onSubmit: go }, children);
}
