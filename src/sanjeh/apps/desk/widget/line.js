// The line to the server: says hello, keeps a socket open, comes back by itself.
const SOONEST = 500, LATEST = 30000, PING_EVERY = 25000, SILENT_AFTER = 60000, ANSWER_WITHIN = 15000, LATEST_PAUSE = 60;

class Line {
  // told(frame): what the server said. stands(isUp): whether the line is there.
  constructor(base, store, hello, told, stands) {
    Object.assign(this, { base, store, hello, told, stands });
    this.unsent = new Unsent(store);
    this.tries = 0;
    this.isUp = false;
    this.wanted = false;
    this.later = [];
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    addEventListener("storage", (event) => event.key?.startsWith(PREFIX + "unsent.") && this.flush());
  }
  open() {
    this.wanted = true;
    if (!this.socket) this.connect();
  }
  connect() {
    clearTimeout(this.timer);
    if (!this.wanted || this.socket) return;
    const socket = new WebSocket(this.base.replace(/^http/, "ws") + "/chat/ws", "sanjeh.chat.1");
    this.socket = socket;
    this.heard = Date.now();
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (event) => this.socket === socket && this.receive(event.data);
    socket.onclose = (event) => this.socket === socket && this.closed(event.code);
  }
  receive(data) {
    this.heard = Date.now();
    const frame = JSON.parse(data);
    if (frame.type === "welcome") {
      this.tries = 0;
      this.isUp = true;
      this.stands(true);
      this.beat = this.beat || setInterval(() => this.pulse(), 5000);
      this.pinged = Date.now();
    }
    if (frame.type === "done" || (frame.type === "refused" && frame.nonce)) this.settled(frame);
    this.told(frame);
    if (frame.type !== "welcome") return;
    for (const held of this.later.splice(0)) this.say(held);
    this.flush();
  }
  pulse() {
    const now = Date.now();
    if (this.isUp && (now - this.heard > SILENT_AFTER || (this.asked && now - this.askedAt > ANSWER_WITHIN))) return this.drop();
    if (this.isUp && now - this.pinged > PING_EVERY) {
      this.pinged = now;
      this.say({ type: "ping" });
    }
  }
  // Without waiting for the browser to notice, which may take minutes where a network is cut.
  drop() {
    const socket = this.socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.closed(0);
  }
  closed(code) {
    this.socket = this.asked = null;
    clearInterval(this.beat);
    this.beat = null;
    const wasUp = this.isUp;
    this.isUp = false;
    this.stands(false, wasUp);
    if (!this.wanted) return;
    // Thousands lose a server at the same instant: each comes back at a time of its own.
    const most = Math.min(LATEST, SOONEST * 2 ** this.tries++);
    this.timer = setTimeout(() => this.connect(), most / 2 + Math.random() * most / 2);
    if (code === 4401 || code === 1008) this.told({ type: "forgotten" });
  }
  now() {
    if (!this.wanted || this.socket) return;
    this.tries = 0;
    this.connect();
  }
  close() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.drop();
  }
  // What is lost with the line and need not be kept: typing, seen, ping. waits: said when it is back.
  say(frame, waits) {
    if (this.isUp && this.socket.readyState === 1) this.socket.send(JSON.stringify(frame));
    else if (waits) this.later.push(frame);
  }
  // What must arrive, once and in order.
  keep(frame) {
    this.unsent.add(frame);
    this.flush();
  }
  // One at a time: the next goes when the server has taken the one before.
  flush() {
    if (!this.isUp || this.asked || this.pausing) return;
    const next = this.unsent.all()[0];
    if (!next) return;
    this.asked = next.frame.nonce;
    this.askedAt = Date.now();
    this.say(next.frame);
  }
  settled(frame) {
    if (frame.type === "refused" && frame.after_seconds <= LATEST_PAUSE) {
      this.asked = null;
      this.pausing = setTimeout(() => {
        this.pausing = null;
        this.flush();
      }, frame.after_seconds * 1000);
      return;
    }
    this.unsent.taken(frame.nonce);
    if (this.asked === frame.nonce) this.asked = null;
    setTimeout(() => this.flush());
  }
}
