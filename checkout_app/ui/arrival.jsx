import { createElement, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

/**
 * Does what the browser does when a document is loaded, for a page that scripts have put in its place: the keyboard
 * begins at its content, and screen readers hear its title, also when that is known only later.
 */
export function Arrival() {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  const [title, setTitle] = useState("");

  useEffect(() => {
    if (last.current === pathname) return undefined;
    last.current = pathname;
    document.getElementById("content")?.focus({ preventScroll: true });
    const tell = () => setTitle(document.title);
    tell();
    const watch = new MutationObserver(tell);
    watch.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => watch.disconnect();
  }, [pathname]);

  return createElement("p", { className: "visually-hidden", role: "status" }, title);
}
