// What was said: the server's entries in their order, and after them what is still on its way.
class Log {
  constructor(words, base) {
    Object.assign(this, { words, base });
    this.entries = new Map();
    this.failed = new Map();
    this.seen = 0;
    this.element = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.text("title") });
    this.drawn = new Map(); // by number or nonce, so that what is read out is added and not made anew
  }
  get last() {
    return Math.max(0, ...this.entries.keys());
  }
  get lastTheirs() {
    return Math.max(0, ...[...this.entries.values()].filter((entry) => !isMine(entry)).map((entry) => entry.number));
  }
  take(entry) {
    if (this.entries.has(entry.number)) return false;
    this.entries.set(entry.number, entry);
    if (entry.nonce) this.failed.delete(entry.nonce);
    return true;
  }
  forget() {
    this.entries.clear();
    this.failed.clear();
    this.drawn.clear();
    this.seen = 0;
    this.element.replaceChildren();
  }
  // waiting: frames not taken yet. retry(frame): asked for again after it was refused.
  draw(waiting, typing, retry) {
    const known = [...this.entries.values()].sort((a, b) => a.number - b.number);
    const arrived = new Set(known.map((entry) => entry.nonce).filter(Boolean));
    const rows = known.map((entry) => ({ key: entry.number, at: new Date(entry.at), entry }));
    const open = [...waiting.filter((frame) => !this.failed.has(frame.nonce)), ...[...this.failed.values()].map((held) => held.frame)];
    for (const frame of open) {
      if (arrived.has(frame.nonce) || !(frame.body || frame.file)) continue;
      const why = this.failed.get(frame.nonce)?.why;
      const entry = { kind: "message", author: { type: "visitor" }, body: frame.body, attachment: frame.file, nonce: frame.nonce };
      rows.push({ key: frame.nonce, at: new Date(frame.at || Date.now()), entry, frame, state: why === undefined ? "waits" : "bad", why });
    }
    const nodes = [];
    let before = null;
    const shown = rows.filter(({ entry }) => !isEvent(entry) || this.event(entry));
    shown.forEach((row, at) => {
      const day = row.at.toDateString();
      if (!before || before.at.toDateString() !== day) nodes.push(this.once("day " + day, day, () => make("p", { class: "day" }, this.words.day(row.at))));
      const next = shown[at + 1];
      const turn = !before || isEvent(before.entry) || who(before.entry) !== who(row.entry);
      const ends = !next || isEvent(next.entry) || who(next.entry) !== who(row.entry) || next.at - row.at > 300000 || Boolean(next.state) || Boolean(row.state);
      const mineRead = isMine(row.entry) && !row.state && ends && this.readMark(row.entry);
      const key = row.entry.nonce || row.key; // what was on its way stays the same element when it has arrived
      const look = [row.key, turn, ends, row.state, row.why, mineRead].join();
      nodes.push(this.once(key, look, () => this.row(row, turn, ends, mineRead, retry)));
      before = row;
    });
    if (typing) nodes.push(this.once("typing", typing, () => make("p", { class: "typing" }, make("span", { class: "unseen" }, this.words.text("typing", typing)), make("i"), make("i"), make("i"))));
    this.place(nodes);
  }
  once(key, look, build) {
    const held = this.drawn.get(key);
    if (held && held.look === look) return held.node;
    const node = build();
    this.drawn.set(key, { look, node });
    return node;
  }
  // Moves as little as it can: a screen reader reads what is put in.
  place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.element.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => this.element.children[at] !== node && this.element.insertBefore(node, this.element.children[at] || null));
  }
  // Shown at the newest one that was seen, and else at the very last.
  readMark(entry) {
    const mine = [...this.entries.values()].filter(isMine).map((one) => one.number);
    const newest = Math.max(0, ...mine), read = Math.max(0, ...mine.filter((number) => number <= this.seen));
    if (entry.number === read) return "seen";
    return entry.number === newest ? "sent" : "";
  }
  row({ entry, state, why, frame, at }, turn, ends, mark, retry) {
    const { words } = this;
    if (isEvent(entry)) return make("p", { class: "event", dir: "auto" }, this.event(entry));
    const mine = isMine(entry);
    const name = entry.author.name || words.text(mine ? "you" : "somebody");
    const parts = [];
    if (turn) parts.push(make("p", { class: mine ? "unseen" : "name" }, make("bdi", {}, mine ? words.text("you") : name)));
    if (entry.body) parts.push(make("div", { class: "bubble", dir: "auto" }, linked(entry.body, words.text("opensNew"))));
    if (entry.attachment) parts.push(make("div", { class: "bubble" }, this.file(entry.attachment)));
    if (state === "bad") parts.push(make("p", { class: "when bad" }, `${words.text("failed")}. ${why}`, make("button", { type: "button", onclick: () => retry(frame) }, words.text("again"))));
    else if (state) parts.push(make("p", { class: "when" }, words.text("sending")));
    else if (ends) parts.push(make("p", { class: "when" }, words.time(at) + (mark ? " · " + words.text(mark) : "")));
    return make("div", { class: `said${mine ? " mine" : ""}${turn ? " turn" : ""}${state === "waits" ? " waits" : ""}`, "data-number": entry.number }, parts);
  }
  event(entry) {
    const key = { joined: "joined", left: "parted", transferred: "passed", person: "asked", escalated: "asked" }[entry.event];
    return key && (entry.author?.name || key !== "joined") ? this.words.text(key, entry.author?.name || this.words.text("somebody")) : null;
  }
  file({ name, bytes, url, media }) {
    const { words } = this;
    const address = url && webAddress(url, this.base);
    const title = [icon("file"), make("span", {}, make("b", { dir: "auto" }, name), make("small", {}, bytes ? words.bytes(bytes) : ""))];
    if (!address) return make("span", { class: "attached" }, title);
    const link = make("a", { class: "attached", href: address, target: "_blank", rel: "noopener noreferrer", title: words.text("opensNew") }, title);
    if (!this.seesNone && /^image\/(png|jpeg|gif|webp)$/.test(media || "")) {
      const image = make("img", { class: "shown", alt: name, src: address });
      image.onload = () => link.replaceChildren(image);
      image.onerror = () => (this.seesNone = true); // the page's policy forbids it: asked once
    }
    return link;
  }
}
const isEvent = (entry) => entry.kind === "event";
const isMine = (entry) => !isEvent(entry) && /visitor|customer/.test(entry.author?.type || "");
const who = (entry) => (isMine(entry) ? "me" : `${entry.author?.type} ${entry.author?.name}`);
