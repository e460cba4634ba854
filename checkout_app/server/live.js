// What connects a page to its shop: a socket, as utils/state.js knows it. Where no websocket gets through, each event is
// posted by itself and answered with what comes of it; server/events.py is the other end.
import socketIo from "socket.io-client";

const EVENTS = "/api/events";
const PATIENCE = 1500; // milliseconds in which a websocket has to open, and the shop to answer on it
const IN_ORDER = 2000; // milliseconds for which an event waits until the one before is answered
const REFUSED = "websocket-refused";
const STAYS_REFUSED = 600_000; // milliseconds for which a tab does not try again

/**
 * Make a socket that takes the way that is open.
 * @param {string} url
 * @param {object} options
 */
export default function io(url, options) {
  const socket = socketIo(url, options);
  const { io: manager } = socket;
  const own = {
    open: manager.open.bind(manager),
    connect: socket.connect.bind(socket),
    disconnect: socket.disconnect.bind(socket),
    emit: socket.emit.bind(socket),
  };
  let overHttp = isRefused();
  let worked = false;
  let leaving = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();

  /** @param {string} reason */
  const close = (reason) => {
    if (!socket.connected) return;
    socket.connected = false;
    leaving.abort();
    socket.emitReserved("disconnect", reason);
  };

  const lost = () => {
    if (overHttp) close("transport close");
  };

  /** @param {object} body */
  const post = async (body) => {
    const answer = await fetch(EVENTS, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: manager.opts.query.token, ...body }, manager.encoder.replacer),
      signal: leaving.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`${EVENTS} answered with ${answer.status}`);
    return answer.body;
  };

  /** @param {ReadableStream<Uint8Array>} answer */
  const hear = async (answer) => {
    for await (const line of lines(answer)) socket.emitReserved(...manager.decoder.tryParse(line));
  };

  const connectOverHttp = async () => {
    const { signal } = (leaving = new AbortController());
    try {
      const answer = await post(socket.auth);
      socket.connected = true;
      socket.emitReserved("connect");
      hear(answer).catch(lost);
    } catch (error) {
      if (!signal.aborted) socket.emitReserved("connect_error", error);
    }
  };

  const giveUp = () => {
    own.disconnect(); // of which nobody is told as long as there was no connection
    overHttp = true;
    connectOverHttp();
  };

  manager.open = (/** @type {unknown} */ heard) => (overHttp ? manager : own.open(heard));

  socket.connect = () => {
    if (overHttp) {
      connectOverHttp();
    } else {
      patience = setTimeout(giveUp, PATIENCE);
      own.connect();
    }
    return socket;
  };

  socket.disconnect = () => {
    clearTimeout(patience);
    if (overHttp) close("io client disconnect");
    else own.disconnect();
    return socket;
  };

  socket.emit = (/** @type {string} */ name, /** @type {unknown[]} */ ...data) => {
    if (!overHttp) return own.emit(name, ...data);
    if (name === "event") {
      const answered = turn.then(() => post({ event: data[0] }));
      turn = Promise.race([answered, after(IN_ORDER)]).catch(() => undefined);
      answered.then(hear).catch(lost);
    }
    return socket;
  };

  socket.on("connect", () => {
    clearTimeout(patience);
    worked ||= !overHttp;
    rememberRefused(!worked);
  });

  socket.on("connect_error", () => {
    clearTimeout(patience);
    overHttp = !overHttp; // the next try goes the other way
  });

  if (typeof window !== "undefined") window.addEventListener("offline", lost);
  return socket;
}

/**
 * @param {ReadableStream<Uint8Array>} answer
 * @returns {AsyncGenerator<string>}
 */
async function* lines(answer) {
  const reader = answer.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const whole = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = whole.pop() ?? "";
    yield* whole.filter(Boolean);
    if (done) return;
  }
}

/** @param {number} milliseconds */
function after(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Tell whether this tab was lately refused a websocket. */
function isRefused() {
  if (typeof window === "undefined") return false;
  return Date.now() - Number(window.sessionStorage.getItem(REFUSED)) < STAYS_REFUSED;
}

/** @param {boolean} refused */
function rememberRefused(refused) {
  if (refused) window.sessionStorage.setItem(REFUSED, String(Date.now()));
  else window.sessionStorage.removeItem(REFUSED);
}
