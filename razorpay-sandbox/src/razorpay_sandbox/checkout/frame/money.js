// Amounts are integers in the currency's smallest unit; they become text digit by digit, never a fraction.
const WITHOUT_DECIMALS = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" "));
const WITH_THREE_DECIMALS = new Set("BHD IQD JOD KWD OMR TND".split(" "));

function decimalsOf(currency) {
  if (WITHOUT_DECIMALS.has(currency)) return 0;
  return WITH_THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** 249900 → "2499.00". */
export function plainAmount(amount, currency) {
  const decimals = decimalsOf(currency);
  const digits = String(amount).padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
}

/** 14999900 INR → "₹1,49,999.00". */
export function formatAmount(amount, currency) {
  const [whole, fraction] = plainAmount(amount, currency).split(".");
  const locale = currency === "INR" ? "en-IN" : "en-US";
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(0);
  const symbol = parts.find((part) => part.type === "currency").value;
  const grouped = new Intl.NumberFormat(locale).format(BigInt(whole));
  return `${symbol}${symbol.length > 1 ? "\u00a0" : ""}${grouped}${fraction ? `.${fraction}` : ""}`;
}
