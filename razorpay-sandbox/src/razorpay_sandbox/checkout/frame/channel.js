// The line to the page that opened this frame: JSON strings, only from the parent window and only its stated origin.
const parentOrigin = new URLSearchParams(location.search).get("parent");

export function tellParent(event, id, data) {
  if (parentOrigin && parent !== window)
    parent.postMessage(JSON.stringify({ source: "frame", event, id, data }), parentOrigin);
}

export function listenToParent(receive) {
  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== parentOrigin || typeof event.data !== "string") return;
    const message = parseMessage(event.data);
    if (message && typeof message.event === "string") receive(message);
  });
}

function parseMessage(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // pages post other things to their frames
  }
}
