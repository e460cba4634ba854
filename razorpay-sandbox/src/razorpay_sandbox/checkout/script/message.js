// What travels to the frame: data only, and what only the page can know of it.
function optionsForFrame({ options, amountGiven }) {
  const data = JSON.parse(JSON.stringify({ ...options, parent: null }));
  return {
    ...data,
    amountGiven,
    embedded: Boolean(options.parent),
    redirects: callbackIsUsed(options),
    image: absoluteAddress(options.image),
  };
}

function absoluteAddress(address) {
  return address && URL.canParse(address, location.href) ? new URL(address, location.href).href : "";
}

function callbackIsUsed(options) {
  return Boolean(options.callback_url) && (options.redirect || redirectsByItself(navigator.userAgent));
}
