// What this console knows: chats, their entries in order and once, offers, colleagues, tasks.

const ENDED = new Set(["closed", "missed", "ended"]);

export class Record {
  constructor() {
    this.me = null;
    this.presence = { status: "offline", since: null };
    this.limit = 0;
    this.members = new Map();
    this.teams = [];
    this.canned = [];
    this.topics = [];
    this.tags = [];
    this.settings = {};
    this.chats = new Map();
    this.talks = new Map(); // chat → {entries: Map number → entry, last, pending: Map nonce → entry, …}
    this.offers = new Map();
    this.mentions = new Map(); // chat → number of the first mention not looked at
    this.skew = 0; // ms that the desk's clock is ahead of ours
  }

  now() {
    return Date.now() + this.skew;
  }

  /** The desk's state as it greets: what it does not name is no more. */
  welcome(frame) {
    this.me = frame.me;
    this.presence = { status: frame.presence ?? "offline", since: frame.me?.since ?? null };
    this.limit = frame.limit ?? 0;
    this.members = new Map((frame.members ?? []).map((m) => [m.id, m]));
    this.teams = frame.teams ?? [];
    this.canned = frame.canned ?? [];
    this.topics = frame.topics ?? [];
    this.tags = (frame.tags ?? []).map((t) => (typeof t === "string" ? { id: t, name: t } : t));
    this.settings = frame.settings ?? {};
    if (frame.now) this.skew = new Date(frame.now).getTime() - Date.now();
    const chats = [...(frame.others ?? []), ...(frame.waiting ?? []), ...(frame.chats ?? [])];
    this.chats = new Map(chats.map((c) => [c.id, c]));
    for (const task of frame.followups ?? []) this.talk(task.chat).followups.set(task.id, task);
    this.offers = new Map((frame.offers ?? []).map((o) => [o.offer, o]));
  }

  put(chat) {
    this.chats.set(chat.id, { ...this.chats.get(chat.id), ...chat });
  }

  talk(id) {
    if (!this.talks.has(id)) {
      this.talks.set(id, { entries: new Map(), last: 0, whole: 0, pending: new Map(), seen: 0, typing: new Map(), history: null, followups: new Map() });
    }
    return this.talks.get(id);
  }

  /** Take an entry; false where it is known already. `whole` is the last number without a gap before. */
  add(entry) {
    const talk = this.talk(entry.chat);
    if (entry.nonce) talk.pending.delete(entry.nonce);
    const isNew = !talk.entries.has(entry.number);
    talk.entries.set(entry.number, entry);
    talk.last = Math.max(talk.last, entry.number);
    while (talk.entries.has(talk.whole + 1)) talk.whole += 1;
    return isNew;
  }

  hasGap(id) {
    const talk = this.talk(id);
    return talk.whole < talk.last;
  }

  /** The entries in their order, then what is on its way. */
  entries(id) {
    const talk = this.talk(id);
    return [...[...talk.entries.values()].sort((a, b) => a.number - b.number), ...talk.pending.values()];
  }

  isMine(chat) {
    return chat.owner === this.me?.id || (chat.members ?? []).includes(this.me?.id);
  }

  isEnded(chat) {
    return ENDED.has(chat.state);
  }

  /** The inbox: mine, waiting, the team's, closed today; each by what waits longest or came last. */
  groups() {
    const found = { mine: [], waiting: [], team: [], closed: [] };
    for (const chat of this.chats.values()) {
      if (this.isEnded(chat)) found.closed.push(chat);
      else if (this.isMine(chat)) found.mine.push(chat);
      else if (chat.state === "waiting" || chat.state === "offered") found.waiting.push(chat);
      else found.team.push(chat);
    }
    const since = (c) => String(c.requested_at ?? "");
    const last = (c) => String(c.last?.at ?? c.closed_at ?? c.started_at ?? c.requested_at ?? "");
    found.waiting.sort((a, b) => (b.priority === "high") - (a.priority === "high") || since(a).localeCompare(since(b)));
    found.mine.sort((a, b) => since(a).localeCompare(since(b)));
    found.team.sort((a, b) => since(a).localeCompare(since(b)));
    found.closed.sort((a, b) => last(b).localeCompare(last(a)));
    return found;
  }

  /** What this agent promised and has not done, the most pressing first. */
  tasks() {
    const found = [...this.talks.values()].flatMap((t) => [...t.followups.values()]);
    return found.filter((f) => f.member === this.me?.id && !f.done_at).sort((a, b) => a.due_at.localeCompare(b.due_at));
  }

  topicName(id) {
    return this.topics.find((t) => t.id === id)?.name ?? String(id ?? "").split("/").at(-1);
  }

  tagName(id) {
    return this.tags.find((t) => t.id === id)?.name ?? String(id).split("/").at(-1);
  }

  memberName(id) {
    return this.members.get(id)?.name ?? (id === this.me?.id ? this.me.name : String(id ?? ""));
  }

  teamName(id) {
    return this.teams.find((t) => t.id === id)?.name ?? "";
  }

  busyWith() {
    return [...this.chats.values()].filter((c) => c.owner === this.me?.id && (c.state === "talking" || c.state === "offered")).length;
  }

  unread() {
    let sum = 0;
    for (const chat of this.chats.values()) if (this.isMine(chat) && !this.isEnded(chat)) sum += chat.unread ?? 0;
    return sum;
  }
}
