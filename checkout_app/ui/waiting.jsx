import { createElement, useEffect, useState } from "react";
import { useLocation, useNavigation } from "react-router";

const UNNOTICED = 150; // milliseconds
const LONGEST = 20_000;
const ASKING = '[data-asks]:not([aria-current="page"])';

/** A thin bar above everything while the visitor waits for another page, or for the answer to a button. */
export function Waiting() {
  const navigates = useNavigation().state !== "idle";
  const isLate = useLate(useAsking() || navigates);

  useEffect(() => {
    const main = document.getElementById("content");
    if (!isLate || !main) return undefined;
    main.setAttribute("aria-busy", "true");
    return () => main.removeAttribute("aria-busy");
  }, [isLate]);

  return isLate && createElement("div", { className: "waiting", role: "progressbar", "aria-label": "Loading" });
}

/** Whether something that is marked `data-asks` was pressed and there is no answer yet: whatever changes in the page. */
function useAsking() {
  const [asks, setAsks] = useState(false);
  const { pathname } = useLocation();

  useEffect(() => {
    const press = (/** @type {MouseEvent} */ event) => {
      if (event.target instanceof Element && event.target.closest(ASKING)) setAsks(true);
    };
    document.addEventListener("click", press);
    return () => document.removeEventListener("click", press);
  }, []);

  useEffect(() => {
    const main = document.getElementById("content");
    if (!asks || !main) return undefined;
    const answered = () => setAsks(false);
    const watch = new MutationObserver(answered);
    watch.observe(main, { childList: true, characterData: true, subtree: true });
    const timer = setTimeout(answered, LONGEST);
    return () => {
      watch.disconnect();
      clearTimeout(timer);
      answered();
    };
  }, [asks, pathname]);

  return asks;
}

/**
 * Whether something has been so for longer than goes unnoticed.
 * @param {boolean} isSo
 */
function useLate(isSo) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!isSo) return undefined;
    const timer = setTimeout(() => setLate(true), UNNOTICED);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isSo]);
  return late;
}
