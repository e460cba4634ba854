// Named events on an instance. Handlers run with the instance as `this`, in the order they were added.
function createEmitter(owner) {
  const handlers = new Map();

  function on(event, handler) {
    if (typeof event === "string" && typeof handler === "function") {
      handlers.set(event, [...(handlers.get(event) || []), handler]);
    }
  }

  function off(event, handler) {
    if (event === undefined) handlers.clear();
    else if (handler === undefined) handlers.delete(event);
    else
      handlers.set(
        event,
        (handlers.get(event) || []).filter((kept) => (kept.original || kept) !== handler),
      );
  }

  function once(event, handler) {
    if (typeof handler !== "function") return;
    function onlyOnce(...values) {
      off(event, handler);
      handler.apply(owner, values);
    }
    onlyOnce.original = handler;
    on(event, onlyOnce);
  }

  function emit(event, ...values) {
    for (const handler of handlers.get(event) || []) handler.apply(owner, values);
  }

  return { on, off, once, emit };
}
