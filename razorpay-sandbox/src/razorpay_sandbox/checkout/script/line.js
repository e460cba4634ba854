// The line to the frame: JSON strings, sent only to the frame's own origin, accepted only from that window and origin.
function createLine(frame, receive) {
  const waiting = [];
  let loaded = false;

  function post(message) {
    frame.contentWindow.postMessage(JSON.stringify(message), FRAME_ORIGIN);
  }

  function send(message) {
    if (loaded && frame.isConnected) post(message);
    else waiting.push(message);
  }

  function parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null; // not one of ours: pages post all sorts of things to themselves
    }
  }

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== FRAME_ORIGIN) return;
    const message = typeof event.data === "string" ? parse(event.data) : null;
    if (!message || message.source !== "frame") return;
    if (message.event === "load") {
      loaded = true;
      waiting.splice(0).forEach(post);
      return;
    }
    receive(message);
  });

  // An opening that ended before the frame was there must not open it later.
  function withdraw(id) {
    const kept = waiting.splice(0).filter((message) => message.id !== id || message.event !== "open");
    waiting.push(...kept);
  }

  // A frame that was taken out of the page starts afresh when it is put back.
  function reset() {
    loaded = false;
  }

  return { send, withdraw, reset, isLoaded: () => loaded && frame.isConnected };
}
