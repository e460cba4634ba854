// Calls to the gateway this frame came from. A refused call throws a Refusal that carries the error envelope.
const UNREACHABLE = {
  code: "SERVER_ERROR",
  description: "The payment service did not answer. Check your connection and try again.",
  source: "NA",
  step: "NA",
  reason: "server_error",
  metadata: {},
};

export class Refusal extends Error {
  constructor(error) {
    super(error.description);
    this.error = error;
    this.isSilence = error === UNREACHABLE;
  }
}

async function call(path, init) {
  let response;
  let body;
  try {
    response = await fetch(path, { credentials: "omit", cache: "no-store", ...init });
    body = await response.json();
  } catch (cause) {
    throw Object.assign(new Refusal(UNREACHABLE), { cause }); // the cause is for whoever reads the console
  }
  if (body && body.error) throw new Refusal(body.error);
  if (!response.ok) throw new Refusal(UNREACHABLE);
  return body;
}

function post(path, fields) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
}

export function fetchPreferences(fields) {
  return call(`preferences?${new URLSearchParams(fields)}`);
}

export function beginPayment(fields) {
  return post("payments", fields);
}

/** Tell the gateway how a payment ended. `base` leads from the page's address to the frame's calls. */
export function concludePayment(paymentId, outcome, reason, base = "") {
  return post(`${base}payments/${encodeURIComponent(paymentId)}/conclude`, { outcome, reason });
}

export function fetchPayment(paymentId, base = "") {
  return call(`${base}payments/${encodeURIComponent(paymentId)}`);
}
