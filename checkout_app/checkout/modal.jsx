import { useEffect, useRef } from "react";

const SCRIPT_PATIENCE = 10_000; // milliseconds
const STATE_PATIENCE = 4_000;

/** @typedef {{ nonce: string, orderId: string, options: object }} Payment */
/** @typedef {{ razorpay_order_id: string, razorpay_payment_id: string, razorpay_signature: string }} Paid */

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Loads the payment script once; a failure is forgotten, so that the next try loads it anew.
 * @param {string} src
 */
function load(src) {
  if (window.Razorpay) return Promise.resolve();
  loading ??= new Promise((/** @type {(done: void) => void} */ resolve, reject) => {
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

/**
 * Hands a successful payment to the shop over HTTP, for when the websocket is gone or silent.
 * @param {Paid} payment
 * @param {string} orderId
 */
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
 * `ready` says that the page has loaded what it shows: until then the order may be one from a page left before.
 * `acknowledged` is the nonce whose success the state has received.
 * @param {{
 *   src: string,
 *   payment?: Payment,
 *   ready: boolean,
 *   acknowledged: string,
 *   onSuccess?: (paid: Paid) => void,
 *   onFailed?: (reason: string) => void,
 *   onDismiss?: (nonce: string) => void,
 *   onUnreachable?: (nonce: string) => void,
 * }} props
 */
export function PaymentModal({ src, payment, ready, acknowledged, onSuccess, onFailed, onDismiss, onUnreachable }) {
  const nonce = payment?.nonce ?? "";
  const requested = useRef(""); // the nonce a modal was requested for: a re-render must not open a second one
  const open = useRef(/** @type {RazorpayWindow | null} */ (null));
  const mounted = useRef(false);
  const now = { nonce, acknowledged, onSuccess, onFailed, onDismiss, onUnreachable };
  const latest = useRef(now);
  latest.current = now;

  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  useEffect(
    () => () => {
      const left = open.current; // the page is left, or another payment takes its place
      open.current = null;
      if (left) latest.current.onDismiss?.(nonce);
      left?.close();
    },
    [nonce],
  );

  useEffect(() => {
    if (!nonce) return undefined;
    // The button could not keep the focus while it waited; who goes on after the window finds it there again.
    return () => document.getElementById("pay")?.focus();
  }, [nonce]);

  useEffect(() => {
    if (!payment || !nonce || !ready || requested.current === nonce) return;
    requested.current = nonce;

    const dismissed = () => {
      if (!open.current) return;
      open.current = null;
      latest.current.onDismiss?.(nonce);
    };

    const succeeded = (/** @type {Partial<Paid>} */ result) => {
      const paid = {
        razorpay_order_id: String(result.razorpay_order_id ?? ""),
        razorpay_payment_id: String(result.razorpay_payment_id ?? ""),
        razorpay_signature: String(result.razorpay_signature ?? ""),
      };
      open.current = null;
      latest.current.onSuccess?.(paid);
      setTimeout(() => {
        if (latest.current.acknowledged !== nonce) report(paid, payment.orderId);
      }, STATE_PATIENCE);
    };

    load(src)
      .then(() => {
        if (!mounted.current || latest.current.nonce !== nonce) return; // closed or left while the script was on its way
        open.current = new window.Razorpay({
          ...payment.options,
          handler: succeeded,
          modal: { confirm_close: true, ondismiss: dismissed },
        });
        open.current.on("payment.failed", (failure) => latest.current.onFailed?.(failure?.error?.reason ?? ""));
        open.current.open();
      })
      .catch(() => latest.current.onUnreachable?.(nonce));
  }, [nonce, ready]);

  return null;
}
