import { useEffect, useRef } from "react";

const SCRIPT_PATIENCE = 10_000; // milliseconds
const STATE_PATIENCE = 4_000;

let loading;

/** Loads the payment script once; a failure is forgotten, so that the next try loads it anew. */
function load(src) {
  if (window.Razorpay) return Promise.resolve();
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, async: true });
    const fail = () => {
      script.remove();
      reject(new Error("script"));
    };
    const patience = setTimeout(fail, SCRIPT_PATIENCE);
    script.onerror = fail;
    script.onload = () => {
      clearTimeout(patience);
      window.Razorpay ? resolve() : fail();
    };
    document.head.append(script);
  }).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Hands a successful payment to the shop over HTTP, for when the websocket is gone or silent. */
async function report(payment, orderId) {
  const path = `/orders/${orderId}`;
  try {
    await fetch("/api/checkout/payment", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payment),
      credentials: "same-origin",
    });
  } finally {
    // Also when that failed: the order's page asks the gateway itself, and webhooks tell the shop as well.
    window.location.assign(path);
  }
}

/**
 * Opens Razorpay's modal when the state hands it an order with a new nonce, and tells the state how it went.
 * `heard` is the nonce whose success the state has heard of.
 */
export function PaymentModal({ src, payment, heard, onSuccess, onFailed, onDismiss, onUnreachable }) {
  const opened = useRef("");
  const latest = useRef({});
  latest.current = { heard, onSuccess, onFailed, onDismiss, onUnreachable };
  const nonce = payment?.nonce ?? "";

  useEffect(() => {
    if (!nonce || opened.current === nonce) return undefined;
    opened.current = nonce; // a re-render must not open a second one
    let modal;
    let gone = false;

    const dismiss = () => {
      if (!modal) return;
      modal = undefined;
      latest.current.onDismiss?.(nonce);
    };

    const succeed = (result) => {
      const paid = {
        razorpay_order_id: String(result.razorpay_order_id ?? ""),
        razorpay_payment_id: String(result.razorpay_payment_id ?? ""),
        razorpay_signature: String(result.razorpay_signature ?? ""),
      };
      modal = undefined;
      latest.current.onSuccess?.(paid);
      setTimeout(() => {
        if (latest.current.heard !== nonce) report(paid, payment.orderId);
      }, STATE_PATIENCE);
    };

    load(src)
      .then(() => {
        if (gone) return;
        modal = new window.Razorpay({
          ...payment.options,
          handler: succeed,
          modal: { confirm_close: true, ondismiss: dismiss },
        });
        modal.on("payment.failed", (failure) => latest.current.onFailed?.(failure?.error?.description ?? ""));
        modal.open();
      })
      .catch(() => latest.current.onUnreachable?.(nonce));

    return () => {
      gone = true;
      const left = modal;
      dismiss();
      left?.close?.();
    };
  }, [nonce]);

  return null;
}
