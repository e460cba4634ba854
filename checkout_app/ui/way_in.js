/**
 * Lead to where somebody says who they are, or shows their second factor, where that is asked first, and say so.
 * @param {number} status
 * @param {string} code
 * @returns {string}
 */
export function ledAway(status, code) {
  if (code !== "step_up_required" && status !== 401) return "";
  const { pathname, search } = window.location;
  const page = status === 401 ? "/login" : "/second-factor";
  window.location.assign(`${page}?next=${encodeURIComponent(pathname + search)}`);
  return "You are asked who you are first; then it can be done.";
}
