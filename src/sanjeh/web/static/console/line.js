// The line to the desk: it comes back by itself, and nothing said is lost or said twice.
//
// What must arrive carries a nonce and is kept until the desk answers it with `done` or `refused`.
// One goes when the one before was answered, so that none overtakes another that the desk had to put
// off. After a break the first unanswered one is sent again; the desk knows a nonce that it has seen.

const SHORTEST = 400; // ms until the first try again
const LONGEST = 15_000;
const PING_EVERY = 20_000;
const SILENCE = 12_000; // after a ping without any frame the line counts as dead
const SIGNED_OUT = new Set([4401, 4403, 1008]);
const KEPT = new Set(["say", "note"]); // what survives a reload of the page

export function nonce() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`;
}

export class Refused extends Error {
  constructor(frame) {
    super(frame.message || frame.code);
    this.code = frame.code;
    this.frame = frame;
  }
}

export class Line {
  /** on: {frame(frame), state(word)}; words: connecting, open, waiting, signed_out. */
  constructor(address, on, store = null) {
    this.address = address;
    this.on = on;
    this.store = store;
    this.waiting = new Map(); // nonce → {frame, settle}
    this.tries = 0;
    this.isWelcome = false;
    this.asked = null; // the nonce that an answer is awaited to
    this.pausing = null; // while the desk wants nothing sent
    for (const frame of this.#stored()) this.waiting.set(frame.nonce, { frame, settle: null });
    addEventListener("online", () => this.#again(0));
    addEventListener("offline", () => this.socket?.close());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#again(0);
    });
    this.#connect();
  }

  /** What must arrive: a promise of the desk's `done`, rejected with Refused. */
  send(frame) {
    const kept = { nonce: nonce(), ...frame };
    const answered = new Promise((resolve, reject) => {
      this.waiting.set(kept.nonce, { frame: kept, settle: { resolve, reject } });
    });
    this.#keep();
    this.#next();
    return { nonce: kept.nonce, answered };
  }

  /** What is only worth saying now: lost where the line is down. */
  tell(frame) {
    if (this.isWelcome) this.#write({ nonce: nonce(), ...frame });
  }

  /** Frames that were not answered yet, oldest first. */
  unanswered() {
    return [...this.waiting.values()].map((w) => w.frame);
  }

  #connect() {
    clearTimeout(this.timer);
    this.on.state("connecting");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.#heard(socket, event));
    socket.addEventListener("close", (event) => this.#closed(socket, event));
  }

  #heard(socket, event) {
    if (socket !== this.socket) return;
    clearTimeout(this.dead);
    const frame = JSON.parse(event.data);
    if (frame.type === "welcome") {
      this.tries = 0;
      this.isWelcome = true;
      this.on.frame(frame);
      this.on.state("open");
      clearTimeout(this.pausing);
      this.asked = this.pausing = null;
      this.#next();
      clearInterval(this.pinging);
      this.pinging = setInterval(() => this.#ping(socket), PING_EVERY);
      return;
    }
    if (frame.type === "pong") return;
    if (frame.type === "done" || frame.type === "refused") this.#answered(frame);
    this.on.frame(frame);
  }

  #answered(frame) {
    const found = this.waiting.get(frame.nonce);
    if (!found) return;
    if (this.asked === frame.nonce) this.asked = null;
    if (frame.type === "refused" && frame.after_seconds !== undefined) {
      this.pausing = setTimeout(() => {
        this.pausing = null;
        this.#next();
      }, frame.after_seconds * 1000);
      return;
    }
    this.waiting.delete(frame.nonce);
    this.#keep();
    this.#next();
    if (frame.type === "done") found.settle?.resolve(frame);
    else found.settle?.reject(new Refused(frame));
  }

  #next() {
    if (!this.isWelcome || this.asked || this.pausing) return;
    const [first] = this.waiting.values();
    if (!first) return;
    this.asked = first.frame.nonce;
    this.#write(first.frame);
  }

  #closed(socket, event) {
    if (socket !== this.socket) return;
    this.isWelcome = false;
    clearInterval(this.pinging);
    clearTimeout(this.dead);
    if (SIGNED_OUT.has(event.code)) {
      this.on.state("signed_out");
      return;
    }
    const pause = Math.min(LONGEST, SHORTEST * 2 ** this.tries) * (0.5 + Math.random() / 2);
    this.tries += 1;
    this.on.state("waiting");
    if (this.tries === 3) this.#ask();
    this.timer = setTimeout(() => this.#connect(), pause);
  }

  /** A line that is refused looks as one that is broken: the page itself tells whether we are signed in. */
  async #ask() {
    try {
      const answer = await fetch(location.pathname, { redirect: "manual", credentials: "same-origin" });
      if (answer.ok || answer.status >= 500) return;
      clearTimeout(this.timer);
      this.on.state("signed_out");
    } catch {
      return; // no network: it is the line after all
    }
  }

  #again(pause) {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#connect(), pause);
  }

  #ping(socket) {
    if (socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
    this.#write({ type: "ping", nonce: nonce() });
    clearTimeout(this.dead);
    this.dead = setTimeout(() => {
      this.#closed(socket, { code: 1006 });
      this.socket = null;
      socket.close();
    }, SILENCE);
  }

  #write(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  #stored() {
    try {
      return JSON.parse(this.store?.getItem("desk.unsent") ?? "[]");
    } catch {
      return []; // somebody else's words under our name are none of ours
    }
  }

  #keep() {
    const kept = this.unanswered().filter((f) => KEPT.has(f.type));
    this.store?.setItem("desk.unsent", JSON.stringify(kept));
  }
}
