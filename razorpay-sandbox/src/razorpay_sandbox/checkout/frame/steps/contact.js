// Who pays: a phone number, and an e-mail address for the receipt.
import { allPass, field, h } from "../dom.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** "98765 43210" → "+919876543210"; null when it is no phone number. A number without a country code is Indian. */
export function normalContact(text) {
  const compact = String(text || "").replace(/[\s().-]/g, "");
  if (/^\+[1-9]\d{7,14}$/.test(compact)) return compact;
  const local = compact.replace(/^0/, "");
  return /^[1-9]\d{9}$/.test(local) ? `+91${local}` : null;
}

export function emailIsFine(text) {
  return EMAIL.test(text);
}

/** True when the buyer has to be asked before paying. */
export function contactIsNeeded(session) {
  const { options, buyer } = session;
  const asksContact = !options.hidden.contact && !normalContact(buyer.contact);
  const asksEmail = !options.hidden.email && buyer.email !== "" && !emailIsFine(buyer.email);
  return asksContact || asksEmail;
}

export function contactStep(session, proceed) {
  const { options, buyer } = session;
  const contact = field(
    "Phone number",
    {
      name: "contact",
      type: "tel",
      inputmode: "tel",
      autocomplete: "tel",
      value: buyer.contact,
      readonly: Boolean(options.readonly.contact && normalContact(buyer.contact)),
    },
    { hint: "With country code if it is not +91" },
  );
  const email = field("Email (optional)", {
    name: "email",
    type: "email",
    autocomplete: "email",
    value: buyer.email,
    readonly: Boolean(options.readonly.email && emailIsFine(buyer.email)),
  });
  const fields = [options.hidden.contact ? null : contact, options.hidden.email ? null : email].filter(Boolean);

  function submit(event) {
    event.preventDefault();
    const given = email.input.value.trim();
    const checks = [
      [contact, fields.includes(contact) && !normalContact(contact.input.value) && "Enter a 10-digit phone number"],
      [email, fields.includes(email) && given && !emailIsFine(given) && "Check the email address"],
    ];
    if (!allPass(checks)) return;
    if (fields.includes(contact)) buyer.contact = normalContact(contact.input.value);
    if (fields.includes(email)) buyer.email = given;
    proceed();
  }

  const element = h(
    "form",
    { class: "step-form", novalidate: true, onsubmit: submit },
    ...fields.map((each) => each.element),
    h("div", { class: "step-foot" }, h("button", { type: "submit", class: "button is-main is-wide" }, "Continue")),
  );
  return { title: "Contact details", element, focus: fields[0]?.input };
}
