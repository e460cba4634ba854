// Automatic mode: a form around <script src=…checkout.js data-key=…> gets a pay button and is posted once paid.
function optionsFromAttributes(script) {
  const options = {};
  for (const { name, value } of script.attributes) {
    if (name.startsWith("data-")) options[name.slice("data-".length)] = value;
  }
  return options;
}

function setUpForm(script) {
  const form = script.parentElement;
  if (!script.hasAttribute("data-key") || !(form instanceof HTMLFormElement)) return;
  const options = optionsFromAttributes(script);
  options.handler = (fields) => {
    addHiddenFields(form, fields);
    HTMLFormElement.prototype.submit.call(form);
  };
  const button = document.createElement("input");
  button.type = "submit";
  button.className = "razorpay-payment-button";
  button.value = options.buttontext || Razorpay.defaults.buttontext;
  form.append(button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    Razorpay.open(options);
  });
}

whenBodyExists(() => {
  if (!stage.container.isConnected) document.body.append(stage.container);
});
Razorpay[AUTOMATIC] = setUpForm;
window.Razorpay = Razorpay;
setUpForm(ownScript);
