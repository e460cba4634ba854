// What a card number tells, and test cards worth offering. A number is read and reduced here; it goes nowhere else.
const NETWORKS = [
  { name: "American Express", starts: /^3[47]/, length: 15, groups: [4, 6, 5], cvv: 4 },
  { name: "Diners Club", starts: /^3(?:0|6|8)/, length: 14, groups: [4, 6, 4], cvv: 3 },
  { name: "RuPay", starts: /^(?:60|65|81|82|508|353|356)/, length: 16, groups: [4, 4, 4, 4], cvv: 3 },
  { name: "MasterCard", starts: /^(?:5[1-5]|2[2-7])/, length: 16, groups: [4, 4, 4, 4], cvv: 3 },
  { name: "Visa", starts: /^4/, length: 16, groups: [4, 4, 4, 4], cvv: 3 },
  { name: "Maestro", starts: /^(?:50|5[6-8]|6)/, length: 19, groups: [4, 4, 4, 4, 3], cvv: 3 },
];
const ANY_NETWORK = { name: "Unknown", length: 19, groups: [4, 4, 4, 4, 3], cvv: 3 };

export const CARDS_THAT_PAY = [
  ["Visa", "4100280000001007"],
  ["Mastercard", "5500670000001002"],
  ["RuPay", "6527658900001005"],
  ["Amex", "340256000401007"],
  ["Diners", "36082800091007"],
];

export const CARDS_THAT_FAIL = [
  ["Declined", "4100280000060003"],
  ["Low balance", "4100280000080001"],
  ["Timed out", "4100280000090000"],
  ["Bank down", "4100280000020007"],
];

export function digitsOf(text) {
  return text.replace(/\D/g, "");
}

export function networkOf(digits) {
  return NETWORKS.find((network) => network.starts.test(digits)) || ANY_NETWORK;
}

export function groupDigits(digits) {
  const network = networkOf(digits);
  const groups = [];
  let start = 0;
  for (const size of network.groups) {
    if (start < digits.length) groups.push(digits.slice(start, Math.min(start + size, network.length)));
    start += size;
  }
  return groups.join(" ");
}

function passesLuhn(digits) {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export function numberProblem(digits) {
  const network = networkOf(digits);
  if (!digits) return "Enter the card number";
  const complete =
    network.name === "Maestro" || network === ANY_NETWORK ? digits.length >= 12 : digits.length === network.length;
  return complete && passesLuhn(digits) ? null : "Check the card number";
}

/** "11/30" or "1130" → a problem, or null when the month is not over. */
export function expiryProblem(text, today = new Date()) {
  const match = /^(\d{2})\s*\/?\s*(?:20)?(\d{2})$/.exec(text.trim());
  if (!match || Number(match[1]) < 1 || Number(match[1]) > 12) return "Use MM/YY";
  const monthsLeft = (2000 + Number(match[2]) - today.getFullYear()) * 12 + Number(match[1]) - 1 - today.getMonth();
  return monthsLeft < 0 ? "This card has expired" : null;
}

/** The only facts about a card that leave the form. */
export function reduceCard(digits, name, international) {
  return {
    last4: digits.slice(-4),
    network: networkOf(digits).name,
    name,
    international,
    type: "credit",
    issuer: null,
  };
}
