// The public constructor and the life of one opening: open → (submit, failures)* → complete or dismiss → hidden.
const stage = createStage();
const line = createLine(stage.frame, receive);
const states = new WeakMap();
const waitingForReady = new Map();
let current = null;

function Razorpay(given) {
  if (!(this instanceof Razorpay)) return new Razorpay(given);
  const options = checkedOptions(given, Razorpay.defaults);
  const amountGiven = given.amount !== undefined;
  const emitter = createEmitter(this);
  const state = { id: randomId(), instance: this, options, amountGiven, emitter, phase: "idle", opener: null };
  states.set(this, state);
  this.id = state.id;
  waitingForReady.set(state.id, state);
  line.send({ event: "preferences", id: state.id, options: { key: options.key, order_id: options.order_id } });
  if (options.parent) this.open();
}

Razorpay.defaults = takeOptions({}, OPTIONS);

Razorpay.configure = function configure(overrides) {
  Razorpay.defaults = takeOptions(nestedOptions(overrides), Razorpay.defaults);
};

Razorpay.open = function open(given) {
  return new Razorpay(given).open();
};

Object.assign(Razorpay.prototype, {
  open() {
    const state = states.get(this);
    whenBodyExists(() => openState(state));
    return this;
  },
  close() {
    const state = states.get(this);
    if (state === current && state.phase === "open") closeFromCode(state);
    return this;
  },
  on(event, handler) {
    states.get(this).emitter.on(event, handler);
    return this;
  },
  once(event, handler) {
    states.get(this).emitter.once(event, handler);
    return this;
  },
  off(event, handler) {
    states.get(this).emitter.off(event, handler);
    return this;
  },
  emit(event, ...values) {
    states.get(this).emitter.emit(event, ...values);
    return this;
  },
  get(path) {
    const { options } = states.get(this);
    return path === undefined ? options : readPath(options, path);
  },
  set(path, value) {
    const state = states.get(this);
    const wanted = nestedOptions(state.options);
    writePath(wanted, path, value);
    state.options = takeOptions(wanted, state.options);
    if (path === "amount") state.amountGiven = true;
    if (state.phase === "open") send(state, "update_options", { options: optionsForFrame(state) });
    return this;
  },
  resume(data) {
    const state = states.get(this);
    if (state.phase === "open") send(state, "resume", { data });
    return this;
  },
  getMode() {
    return /^rzp_l/.test(states.get(this).options.key) ? "live" : "test";
  },
});

function send(state, event, more) {
  line.send({ event, id: state.id, ...more });
}

function placeStage(options) {
  const home = options.parent ? findParent(options.parent) : document.body;
  const style = options.parent ? PLACE_IN_PARENT : PLACE_OVER_PAGE;
  if (stage.container.parentNode !== home || !stage.container.isConnected) {
    line.reset(); // moving a frame loads it again
    home.append(stage.container);
    stage.container.style.cssText = style;
  }
}

function findParent(parent) {
  const element = typeof parent === "string" ? document.querySelector(parent) : parent;
  if (!(element instanceof Element)) throw new Error("Invalid parent");
  return element;
}

function openState(state) {
  if (current && current.phase === "open") return;
  if (current && current.phase === "closing") finishHiding(current);
  current = state;
  state.phase = "open";
  state.opener = document.activeElement;
  placeStage(state.options);
  showStage(stage, state.options);
  send(state, "open", { options: optionsForFrame(state) });
}

function closeFromCode(state) {
  if (line.isLoaded()) send(state, "close");
  else dismissed(state, undefined, true);
}

function dismissed(state, data, atOnce) {
  line.withdraw(state.id);
  beginClosing(state);
  setTimeout(() => state.options.modal.ondismiss.call(state.instance, data), 0);
  if (atOnce) finishHiding(state);
}

function beginClosing(state) {
  state.phase = "closing";
  releasePage(stage);
}

function finishHiding(state) {
  state.phase = "idle";
  if (current === state) current = null;
  hideStage(stage);
  if (state.opener instanceof HTMLElement && state.opener.isConnected) state.opener.focus({ preventScroll: true });
  state.options.modal.onhidden.call(state.instance);
}

function answerReady(id, data) {
  const state = waitingForReady.get(id);
  waitingForReady.delete(id);
  if (state) state.emitter.emit("ready", data);
}

// What the frame may say while it is open; anything later than the end of the opening is dropped.
const WHILE_OPEN = {
  render(state) {
    stage.loader.remove();
    state.emitter.emit("render");
  },
  submit(state, data) {
    state.emitter.emit("payment.submit", data);
  },
  paymenterror(state, data) {
    deliverFailure(state.emitter.emit, state.options, data);
  },
  complete(state, data) {
    beginClosing(state);
    deliverSuccess(state.instance, state.options, data);
  },
  dismiss(state, data) {
    dismissed(state, data, false);
  },
  fault(state, data) {
    beginClosing(state);
    finishHiding(state);
    state.emitter.emit("fault.close", data);
    deliverFault(state.options, data.error || {});
  },
};

function receive(message) {
  if (message.event === "preferences") {
    answerReady(message.id, message.data);
    return;
  }
  if (!current || message.id !== current.id) return;
  if (message.event === "hidden" && current.phase === "closing") finishHiding(current);
  else if (current.phase === "open" && Object.hasOwn(WHILE_OPEN, message.event)) {
    WHILE_OPEN[message.event](current, message.data);
  }
}

// The frame has the focus while it is open, but a page can take it back: Escape must close all the same.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !current || current.phase !== "open") return;
  if (line.isLoaded()) send(current, "escape");
  else if (current.options.modal.escape) dismissed(current, undefined, true);
});
