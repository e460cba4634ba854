import { useEffect, useRef } from "react";

/**
 * Exchanges a one-time ticket for the session cookie, which only an HTTP answer can set, then loads the next page anew:
 * the open websocket keeps the cookies it was opened with.
 */
export function SessionBridge({ ticket, next, onFailed }) {
  const latest = useRef(onFailed);
  latest.current = onFailed;

  useEffect(() => {
    if (!ticket) return;
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
