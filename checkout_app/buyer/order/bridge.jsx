// Shown in place of an order that the websocket has not brought yet. Some networks never let it through.
import { createElement, useEffect, useState } from "react";

const PATIENCE = 1200; // milliseconds before plain HTTP is asked
const PAUSE = 3000;

/** @typedef {{ headline: string, message: string, next: string, number: string }} Status */

export function OrderStatusCard() {
  const [status, setStatus] = useState(/** @type {Status | null} */ (null));
  const [signedOut, setSignedOut] = useState(false);

  useEffect(() => {
    const leaving = new AbortController();
    const { pathname, search } = window.location;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const poll = async () => {
      try {
        const response = await fetch(`/api${pathname.replace(/\/$/, "")}/status${search}`, { signal: leaving.signal });
        if (response.ok) setStatus(await response.json());
        setSignedOut(response.status === 401);
      } catch (error) {
        if (leaving.signal.aborted) return;
        console.info("The order's status is fetched again:", error);
      }
      timer = setTimeout(poll, PAUSE);
    };
    timer = setTimeout(poll, PATIENCE);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);

  if (signedOut) {
    const login = `/login?next=${encodeURIComponent(window.location.pathname)}`;
    const link = createElement("a", { className: "link", href: login }, "Sign in to see this order");
    return createElement("p", { className: "order-status" }, link);
  }
  if (!status) return null;
  return createElement(
    "section",
    { className: "order-status", role: "status" },
    createElement("h1", null, status.headline),
    createElement("p", { className: "order-lead" }, `${status.message} ${status.next}`.trim()),
    createElement("p", { className: "order-number" }, `Order ${status.number}`),
  );
}
