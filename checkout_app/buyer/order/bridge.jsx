// Shown in place of an order that the websocket has not brought yet. Some networks never let it through.
import { createElement, useEffect, useState } from "react";

const PATIENCE = 1200; // milliseconds before plain HTTP is asked
const PAUSE = 3000;

export function StandingCard() {
  const [standing, setStanding] = useState(null);
  const [stranger, setStranger] = useState(false);

  useEffect(() => {
    const leaving = new AbortController();
    const { pathname, search } = window.location;
    let timer;
    const ask = async () => {
      try {
        const answer = await fetch(`/api${pathname.replace(/\/$/, "")}/standing${search}`, { signal: leaving.signal });
        if (answer.ok) setStanding(await answer.json());
        setStranger(answer.status === 401);
      } catch (error) {
        if (leaving.signal.aborted) return;
        console.info("The order's standing is asked for again:", error);
      }
      timer = setTimeout(ask, PAUSE);
    };
    timer = setTimeout(ask, PATIENCE);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);

  if (stranger) {
    const login = `/login?next=${encodeURIComponent(window.location.pathname)}`;
    const link = createElement("a", { className: "link", href: login }, "Sign in to see this order");
    return createElement("p", { className: "standing" }, link);
  }
  if (!standing) return null;
  return createElement(
    "section",
    { className: "standing", role: "status" },
    createElement("h1", null, standing.headline),
    createElement("p", { className: "order-lead" }, `${standing.words} ${standing.next}`.trim()),
    createElement("p", { className: "order-number" }, `Order ${standing.number}`),
  );
}
