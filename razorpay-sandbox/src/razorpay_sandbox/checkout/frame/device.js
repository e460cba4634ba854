// What the buyer holds. A phone has UPI apps of its own; any other screen shows a code for the phone to scan.
export function deviceOf(userAgent) {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  return /Android/.test(userAgent) ? "android" : "desktop";
}
