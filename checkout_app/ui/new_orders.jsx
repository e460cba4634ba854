import { createElement, useEffect, useState } from "react";

const EVERY = 20_000; // milliseconds
const LONGEST_WAIT = 10_000;
const LONGEST = 8 * 3_600_000; // so that a tab that is left open does not keep its sign-in for ever

/**
 * Says how many orders have come to a list since it was loaded, and loads it anew when that is pressed. The list is asked
 * for only while somebody may look at it.
 * @param {{ asks: string, known: string }} props - where it is asked for, and the ids of what is shown, between spaces
 */
export function NewOrders({ asks, known }) {
  const [came, setCame] = useState(0);

  useEffect(() => {
    const shown = new Set(known.split(" "));
    const until = Date.now() + LONGEST;
    const look = async () => {
      if (document.visibilityState !== "visible" || Date.now() > until) return;
      const ids = await idsAt(asks);
      if (ids) setCame(ids.filter((id) => !shown.has(id)).length);
    };
    const timer = setInterval(look, EVERY);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [asks, known]);

  const words = came === 1 ? "1 new order" : `${came} new orders`;
  const again = { type: "button", className: "link link-button", onClick: () => window.location.reload() };
  return createElement("p", { role: "status", className: "office-new" }, came > 0 && createElement("button", again, words));
}

/**
 * Return the ids of the orders of a list; nothing where it can't be asked for now.
 * @param {string} address
 * @returns {Promise<string[] | undefined>}
 */
async function idsAt(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(LONGEST_WAIT) });
    if (!answer.ok) return undefined;
    const { items } = await answer.json();
    return items.map((/** @type {{ id: string }} */ { id }) => id);
  } catch {
    return undefined;
  }
}
