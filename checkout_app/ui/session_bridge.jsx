import { useEffect, useRef } from "react";

const USED = "ticket-used";

/**
 * Exchanges a one-time ticket for the session cookie, which only an HTTP answer can set, then loads the next page anew:
 * the open websocket keeps the cookies it was opened with.
 * @param {{ ticket: string, next: string, onFailed?: () => void }} props
 */
export function SessionBridge({ ticket, next, onFailed }) {
  const latest = useRef(onFailed);
  latest.current = onFailed;

  useEffect(() => {
    // Until the page's own event has run, the state still shows a ticket that was taken on an earlier visit.
    if (!ticket || sessionStorage.getItem(USED) === ticket) return;
    sessionStorage.setItem(USED, ticket);
    fetch("/api/auth/exchange", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ticket }),
      credentials: "same-origin",
    })
      .then((answer) => {
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        window.location.replace(next || "/");
      })
      .catch(() => latest.current?.());
  }, [ticket]);

  return null;
}
