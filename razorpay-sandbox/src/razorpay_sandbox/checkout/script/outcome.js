// What happens to the merchant's page when the frame reports the end of a payment.
const HANDLER_DELAY_MS = 200;

function postFromTopWindow(action, fields) {
  const form = document.createElement("form");
  form.method = "POST";
  form.action = action;
  form.target = "_top";
  addHiddenFields(form, fields);
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}

function addHiddenFields(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
}

function successFields(data) {
  const names = ["razorpay_payment_id", "razorpay_order_id", "razorpay_signature"];
  return Object.fromEntries(names.filter((name) => data[name] != null).map((name) => [name, String(data[name])]));
}

function failureFields(error) {
  const fields = {};
  for (const name of ["code", "description", "source", "step", "reason", "field"]) {
    if (error[name] != null) fields[`error[${name}]`] = String(error[name]);
  }
  fields["error[metadata]"] = JSON.stringify(error.metadata || {});
  return fields;
}

function deliverSuccess(instance, options, data) {
  const fields = successFields(data);
  setTimeout(() => {
    if (typeof options.handler === "function" && !callbackIsUsed(options)) options.handler.call(instance, fields);
    else if (options.callback_url) postFromTopWindow(options.callback_url, fields);
  }, HANDLER_DELAY_MS);
}

function deliverFailure(emit, options, data) {
  emit("payment.error", data);
  emit("payment.failed", data);
  if (callbackIsUsed(options) && !options.retry) {
    postFromTopWindow(options.callback_url, failureFields(data.error || {}));
  }
}

function deliverFault(options, error) {
  if (callbackIsUsed(options)) postFromTopWindow(options.callback_url, failureFields(error));
  else alert(`Oops! Something went wrong.\n${error.description || ""}`);
}
