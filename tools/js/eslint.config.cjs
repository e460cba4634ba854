// What our own JavaScript must not do. Few rules: those that find mistakes, none of taste.
const js = require("@eslint/js");
const globals = require("globals");

const SANDBOX = "razorpay-sandbox/src/razorpay_sandbox/checkout";

module.exports = [
  { ignores: [`${SANDBOX}/script/**`] }, // parts of one function, linted as they are served: .cache/js/checkout.js
  { ignores: ["assets/external/**"] }, // where Reflex puts what it finds beside our components
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{js,jsx,mjs}"],
    languageOptions: { sourceType: "module", globals: globals.browser },
    rules: {
      ...js.configs.recommended.rules,
      eqeqeq: ["error", "always", { null: "ignore" }], // == null asks for null and undefined at once
      "no-eval": "error", // the content policy has none
      "no-implied-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["assets/sw.js"], languageOptions: { globals: globals.serviceworker } },
  { files: ["razorpay-sandbox/tests/**", "**/*.mjs"], languageOptions: { globals: globals.node } },
];
