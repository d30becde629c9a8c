// The agents' console: puts the parts together and says to the desk what the agent does.

import { Alerts } from "./alerts.js";
import { ask, sheet } from "./asks.js";
import { Aside } from "./aside.js";
import { Bar } from "./bar.js";
import { el, say } from "./dom.js";
import { Inbox } from "./inbox.js";
import { KEYS, Keys } from "./keys.js";
import { Line, Refused } from "./line.js";
import { Record } from "./record.js";
import { Talk } from "./talk.js";
import { Words } from "./words.js";

const given = JSON.parse(document.getElementById("desk-given").textContent);
const DAYS_AHEAD = 60; // that a follow-up may be put off by
const HALF_HOUR = 30; // minutes

class Console {
  constructor(root) {
    this.root = root;
    this.words = new Words(given);
    this.record = new Record();
    this.alerts = new Alerts(localStorage, this.words);
    this.drafts = {
      get: (chat) => sessionStorage.getItem(`desk.draft.${chat}`) ?? "",
      set: (chat, text) => (text ? sessionStorage.setItem(`desk.draft.${chat}`, text) : sessionStorage.removeItem(`desk.draft.${chat}`)),
    };
    this.current = null;
    this.lineState = "connecting";
    this.watched = new Set();
    this.act = acts(this);
    this.keys = new Keys(localStorage, (name) => this.#key(name));
    this.bar = new Bar(this, given.links);
    this.inbox = new Inbox(this);
    this.talk = new Talk(this);
    this.aside = new Aside(this);
    this.heard = el("p", { class: "unseen", "aria-live": "polite" });
    this.called = el("p", { class: "unseen", role: "alert" });
    this.toast = el("p", { class: "toast", role: "status", hidden: true });
    root.replaceChildren(this.bar.node, el("div", { class: "panes" }, this.inbox.node, this.talk.node, this.aside.node), this.heard, this.called, this.toast);
    this.show("inbox");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.line = new Line(`${scheme}//${location.host}${given.socket}`, { frame: (f) => this.#heard(f), state: (s) => this.#line(s) }, sessionStorage);
    for (const frame of this.line.unanswered()) this.#pending(frame, frame.nonce);
    setInterval(() => this.#tick(), 1000);
    this.draw();
  }

  // -- what is shown ---------------------------------------------------------------------------

  chat() {
    return this.current ? this.record.chats.get(this.current) ?? null : null;
  }

  nameOf(chat) {
    const visitor = chat?.visitor ?? {};
    return visitor.name || visitor.email || this.words.t("inbox.nameless", { id: String(visitor.id ?? chat?.id ?? "").slice(-4) });
  }

  /** On a phone one pane at a time. */
  show(pane) {
    this.root.dataset.pane = pane;
  }

  open(id, focus = true) {
    if (!id) return;
    this.current = id;
    this.record.mentions.delete(id);
    location.replace(`#${encodeURIComponent(id)}`);
    this.#ask(id);
    this.show("talk");
    this.#draw(); // at once, since what is hidden takes no focus
    if (!focus) return;
    const may = this.chat() && this.mayWrite(this.chat()).reply;
    (may ? this.talk.composer.box : this.talk.name).focus();
    this.wantsReply = may ? null : id;
  }

  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.#draw();
    });
    // A page out of sight is given no frames.
    if (document.visibilityState === "hidden") {
      cancelAnimationFrame(this.drawing);
      this.drawing = null;
      this.#draw();
    }
  }

  #draw() {
    this.bar.draw();
    this.inbox.draw();
    this.talk.draw();
    this.aside.draw();
    this.#ready();
    this.alerts.count(this.record.unread() + this.record.offers.size);
  }

  /** A chat that was opened before one may write in it: the text is at hand once one may. */
  #ready() {
    const chat = this.chat();
    if (!chat || this.wantsReply !== chat.id || !this.mayWrite(chat).reply) return;
    this.wantsReply = null;
    if (document.activeElement === this.talk.name || document.activeElement === document.body) this.talk.composer.turn(false);
  }

  #tick() {
    this.bar.tick();
    this.inbox.tick();
    this.talk.tick();
  }

  // -- what may be done ------------------------------------------------------------------------

  mayWrite(chat) {
    const mine = this.record.isMine(chat);
    const open = chat.state === "talking";
    return { reply: mine && open, note: (mine || given.supervises) && chat.state !== "closed" };
  }

  /** The names of what can be done with a chat now, the most used first. */
  possible(chat) {
    const me = this.record.me?.id;
    const mine = this.record.isMine(chat);
    const owns = chat.owner === me;
    const watched = this.watched.has(chat.id);
    switch (chat.state) {
      case "talking":
        if (mine) return ["close", "transfer", "escalate", ...(owns ? [] : ["leave"]), ...(given.supervises && !owns ? ["take"] : [])];
        return ["join", ...(given.supervises ? [watched ? "stop_watching" : "watch", "take"] : [])];
      case "waiting":
        return ["pick", ...(given.supervises ? ["take", "close"] : [])];
      case "offered":
        return given.supervises ? ["take"] : [];
      case "wrapping":
        return owns ? ["wrapped", "followup"] : [];
      case "closed":
        return chat.missed_reason !== undefined && chat.missed_reason !== null ? ["reason"] : [];
      default:
        return [];
    }
  }

  placeholders() {
    const chat = this.chat();
    const visitor = chat?.visitor ?? {};
    const me = this.record.me?.name ?? "";
    return {
      "customer.name": visitor.name, "customer.email": visitor.email, "agent.name": me,
      "team.name": this.record.teamName(chat?.team), "chat.number": chat ? String(chat.id) : "",
    };
  }

  /** What was shown to the end counts as read, where the page is looked at. */
  looked() {
    const chat = this.chat();
    if (!chat || document.visibilityState !== "visible" || !this.record.isMine(chat)) return;
    const talk = this.record.talk(chat.id);
    if (!talk.last || talk.read >= talk.last) return;
    talk.read = talk.last;
    this.line.tell({ type: "seen", chat: chat.id, number: talk.last });
    if (chat.unread) {
      this.record.put({ id: chat.id, unread: 0 });
      this.draw();
    }
  }

  async upload(file) {
    const most = this.record.settings.files?.most_bytes;
    if (most && file.size > most) throw new Error(this.words.t("composer.too_large", { most: this.words.size(most) }));
    const body = new FormData();
    body.append("file", file);
    body.append("chat", this.current);
    const answer = await fetch(given.files, { method: "POST", body, headers: { "X-CSRFToken": given.csrf }, credentials: "same-origin" });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.message || this.words.t("composer.not_taken", { code: this.words.n(answer.status) }));
    return told;
  }

  /** Say something to the desk that must arrive; where it is refused the agent is told. */
  send(frame) {
    const sent = this.line.send(frame);
    sent.answered.catch((error) => error instanceof Refused && this.tell(this.#refusal(error)));
    return sent;
  }

  tell(text) {
    this.toast.hidden = false;
    say(this.toast, text);
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, 8000);
  }

  #refusal(error) {
    const known = this.words.words.refused[error.code];
    return known ?? this.words.t("refused.other", { why: error.message });
  }

  /** A message that is on its way, shown at once. */
  #pending(frame, nonce, attachment) {
    const chat = frame.chat;
    this.record.talk(chat).pending.set(nonce, {
      chat, nonce, kind: frame.type === "note" ? "note" : "message", at: new Date(this.record.now()).toISOString(),
      author: { type: "agent", id: this.record.me?.id, name: this.record.me?.name ?? "" }, body: frame.body, attachment, frame,
    });
  }

  speak(frame, attachment) {
    const sent = this.line.send(frame);
    this.#pending(frame, sent.nonce, attachment);
    sent.answered.catch((error) => {
      const entry = this.record.talk(frame.chat).pending.get(sent.nonce);
      if (entry) entry.failed = error instanceof Refused ? this.#refusal(error) : error.message;
      this.draw();
    });
    this.draw();
  }

  // -- what is heard ---------------------------------------------------------------------------

  #line(state) {
    this.lineState = state;
    this.draw();
  }

  #ask(id) {
    const talk = this.record.talk(id);
    talk.asked = talk.whole;
    this.line?.send({ type: "open", chat: id, after: talk.whole }).answered.catch((error) => {
      if (!(error instanceof Refused)) return;
      this.tell(this.#refusal(error));
      if (this.current === id && !this.record.chats.has(id)) this.current = null;
      this.draw();
    });
  }

  #heard(frame) {
    const { record, words } = this;
    switch (frame.type) {
      case "welcome": {
        record.welcome(frame);
        const wanted = this.#wanted();
        if (!this.current && wanted && record.chats.has(wanted)) this.current = wanted;
        // The line was down: what was said meanwhile is asked for, by the last number we have.
        for (const id of record.talks.keys()) if (record.chats.has(id) && id !== this.current) this.#ask(id);
        if (this.current) this.#ask(this.current);
        for (const id of this.watched) this.line.tell({ type: "watch", chat: id });
        break;
      }
      case "chat": {
        const { chat } = frame;
        record.put(chat);
        if (chat.id === this.current && document.visibilityState === "visible" && chat.unread) this.looked();
        break;
      }
      case "gone":
        record.chats.delete(frame.chat);
        break;
      case "entry":
        this.#entry(frame);
        break;
      case "history":
        this.#history(frame);
        break;
      case "offer":
        this.#offer(frame);
        break;
      case "withdrawn":
        record.offers.delete(frame.offer);
        break;
      case "typing": {
        const talk = record.talk(frame.chat);
        const name = frame.name ?? "";
        clearTimeout(talk.typing.get(name));
        if (frame.on) talk.typing.set(name, setTimeout(() => { talk.typing.delete(name); this.draw(); }, 6000));
        else talk.typing.delete(name);
        break;
      }
      case "seen": {
        const talk = record.talk(frame.chat);
        if (!frame.member) talk.seen = Math.max(talk.seen, frame.number ?? 0);
        break;
      }
      case "presence": {
        const member = record.members.get(frame.member);
        if (member) record.members.set(frame.member, { ...member, status: frame.status, since: frame.since, chats: frame.chats });
        if (frame.member === record.me?.id) record.presence = { status: frame.status, since: frame.since };
        break;
      }
      case "followup": {
        record.talk(frame.chat).followups.set(frame.id, frame);
        break;
      }
      case "canned": {
        const id = frame.gone ?? frame.canned.id;
        record.canned = record.canned.filter((c) => c.id !== id);
        if (frame.canned) record.canned.push(frame.canned);
        break;
      }
      case "escalation": {
        const who = frame.by ? record.memberName(frame.by) : words.t("authors.customer");
        const text = words.t("notices.escalation", { who, why: frame.reason ?? "" });
        this.alerts.play("mention");
        this.alerts.send(text, "", `e${frame.chat}`, () => this.open(frame.chat));
        this.tell(text);
        break;
      }
      case "mention":
        if (frame.chat !== this.current || document.visibilityState !== "visible") record.mentions.set(frame.chat, frame.number);
        this.alerts.play("mention");
        this.alerts.send(words.t("notices.mention", { who: record.memberName(frame.by) }), "", `m${frame.chat}`, () => this.open(frame.chat));
        this.tell(words.t("notices.mention", { who: record.memberName(frame.by) }));
        break;
      default:
        return; // done, refused: the line has told whoever waits; unknown words are none of ours
    }
    this.draw();
  }

  /** The chat that the address names: numbers of chats are numbers. */
  #wanted() {
    const text = decodeURIComponent(location.hash.slice(1));
    return /^\d+$/u.test(text) ? Number(text) : text;
  }

  #entry(frame) {
    const { record, words } = this;
    const isNew = record.add(frame);
    if (record.hasGap(frame.chat)) {
      const talk = record.talk(frame.chat);
      if (talk.asked !== talk.whole) this.#ask(frame.chat);
    }
    const chat = record.chats.get(frame.chat);
    if (!isNew || !chat) return;
    const byVisitor = frame.author?.type === "visitor" || frame.author?.type === "customer";
    if (frame.kind !== "event") {
      record.put({ id: chat.id, last: { ...(typeof chat.last === "object" ? chat.last : {}), at: frame.at, body: frame.kind === "note" ? chat.last?.body : frame.body || frame.attachment?.name, number: frame.number } });
    }
    if (!byVisitor || !record.isMine(chat)) return;
    record.talk(chat.id).typing.clear();
    const isLookedAt = frame.chat === this.current && document.visibilityState === "visible";
    if (!isLookedAt) record.put({ id: chat.id, unread: (record.chats.get(chat.id).unread ?? 0) + 1 });
    const text = words.t("notices.message", { who: this.nameOf(chat), body: frame.body || frame.attachment?.name || "" });
    say(this.heard, text);
    this.alerts.play("message");
    this.alerts.send(this.nameOf(chat), frame.body || frame.attachment?.name || "", `c${chat.id}`, () => this.open(chat.id));
  }

  #history(frame) {
    const { record } = this;
    const id = frame.chat;
    const talk = record.talk(id);
    for (const entry of frame.entries ?? []) record.add({ chat: id, ...entry });
    // What the desk has left out below the first entry it gives is not missing.
    const numbers = [...talk.entries.keys()];
    if (!talk.history && numbers.length) talk.whole = Math.max(talk.whole, Math.min(...numbers) - 1);
    while (talk.entries.has(talk.whole + 1)) talk.whole += 1;
    talk.history = { ...talk.history, ...Object.fromEntries(Object.entries({ before: frame.before, visit: frame.visit, customer: frame.customer }).filter(([, v]) => v)) };
    for (const task of frame.followups ?? []) talk.followups.set(task.id, task);
    if (frame.seen) talk.seen = Math.max(talk.seen, frame.seen);
  }

  #offer(frame) {
    const { record, words } = this;
    const { chat } = frame;
    record.offers.set(frame.offer, frame);
    record.put(chat);
    const text = words.t("notices.offer", { who: this.nameOf(chat) });
    say(this.called, text);
    this.alerts.play("offer");
    this.alerts.send(text, chat.last?.body ?? "", `o${frame.offer}`, () => {});
  }

  // -- keys ------------------------------------------------------------------------------------

  #key(name) {
    const chat = this.chat();
    const first = [...this.record.offers.keys()][0];
    const possible = chat ? this.possible(chat) : [];
    const { composer } = this.talk;
    const may = chat ? this.mayWrite(chat) : {};
    const table = {
      next: () => this.open(this.inbox.beside(this.current, 1), false),
      previous: () => this.open(this.inbox.beside(this.current, -1), false),
      accept: () => first && this.act.accept(first),
      decline: () => first && this.act.decline(first),
      reply: () => may.reply && composer.turn(false),
      note: () => may.note && composer.turn(true),
      canned: () => may.reply && composer.pick(),
      tag: () => chat && (this.show("aside"), this.aside.tagBox.focus()),
      topic: () => chat && (this.show("aside"), this.aside.topic.focus()),
      followup: () => may.note && this.act.followup(),
      presence: () => this.bar.presence.focus(),
      inbox: () => (this.show("inbox"), (this.inbox.node.querySelector("[data-here]") ?? this.inbox.node.querySelector("button, summary"))?.focus()),
      sound: () => this.act.sound(),
      help: () => this.act.help(),
      watch: () => (possible.includes("watch") ? this.act.watch() : possible.includes("stop_watching") && this.act.stop_watching()),
    };
    if (table[name]) table[name]();
    else if (possible.includes(name)) this.act[name]();
  }
}

/** What the agent does, each by its name; those on a chat are on the one that is open. */
function acts(app) {
  const { words, record } = app;
  const vocabulary = (name) => (record.settings[name] ?? given.choices[name]).map((c) => (typeof c === "object" ? [String(c.id ?? c.value), c.name ?? c.text] : [c, words.known(name, c)]));
  const here = () => app.current;
  return {
    accept: async (offer) => {
      const found = record.offers.get(offer);
      try {
        await app.send({ type: "accept", offer }).answered;
        app.open(found?.chat.id);
      } catch (error) {
        if (!(error instanceof Refused)) throw error; // `send` has told why
      }
      record.offers.delete(offer);
      app.draw();
    },
    decline: (offer) => {
      app.send({ type: "decline", offer });
      record.offers.delete(offer);
      app.draw();
    },
    presence: (status) => {
      record.presence = { status, since: new Date(record.now()).toISOString() };
      app.send({ type: "presence", status });
      app.draw();
    },
    say: (chat, body, more, attachment) => app.speak({ type: "say", chat, body, ...more }, attachment),
    note: (chat, body, mentions) => app.speak({ type: "note", chat, body, mentions }),
    again: (entry) => {
      record.talk(entry.chat).pending.delete(entry.nonce);
      const { nonce: _old, ...frame } = entry.frame;
      app.speak(frame, entry.attachment);
    },
    pick: async () => {
      const chat = here();
      app.wantsReply = chat;
      app.talk.name.focus();
      app.send({ type: "accept", chat });
    },
    join: () => app.send({ type: "join", chat: here() }),
    leave: () => app.send({ type: "leave", chat: here() }),
    take: () => app.send({ type: "take", chat: here() }),
    wrapped: () => app.send({ type: "wrapped", chat: here() }),
    watch: () => {
      app.watched.add(here());
      app.send({ type: "watch", chat: here() });
      app.draw();
    },
    stop_watching: () => {
      app.watched.delete(here());
      app.send({ type: "unwatch", chat: here() });
      app.draw();
    },
    topic: (topic) => app.send({ type: "topic", chat: here(), topic }),
    tag: (add, remove) => app.send({ type: "tag", chat: here(), add, remove }),
    followed: (id) => app.send({ type: "followup", chat: here(), id, done: true }),
    transfer: async () => {
      const chat = here();
      const people = [...record.members.values()].filter((m) => m.id !== record.me?.id);
      const rank = (m) => ["available", "busy", "away", "break", "training", "offline"].indexOf(m.status ?? "offline");
      people.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
      const answer = await ask(words, {
        title: words.t("ask.transfer"), go: words.t("acts.transfer"),
        fields: [
          {
            name: "to", label: words.t("ask.to"), form: "radio", needs: () => true,
            choices: [
              ...record.teams.map((t) => [`t${t.id}`, t.name, words.t("ask.team")]),
              ...people.map((m) => [`m${m.id}`, m.name, words.t(`presence.${m.status ?? "offline"}`)]),
            ],
          },
          { name: "reason", label: words.t("ask.why_optional"), form: "text" },
        ],
      });
      if (!answer) return;
      const found = answer.to.startsWith("t")
        ? { team: record.teams.find((t) => `t${t.id}` === answer.to).id }
        : { member: people.find((m) => `m${m.id}` === answer.to).id };
      app.send({ type: "transfer", chat, to: found, ...(answer.reason ? { reason: answer.reason } : {}) });
    },
    escalate: async () => {
      const chat = here();
      const levels = record.settings.levels ?? [];
      const answer = await ask(words, {
        title: words.t("ask.escalate"), go: words.t("acts.escalate"),
        fields: [
          ...(levels.length ? [{ name: "level", label: words.t("ask.level"), form: "select", start: "", choices: [["", words.t("ask.next_level")], ...levels.map((l) => [String(l.order), l.role || words.n(l.order)])] }] : []),
          { name: "reason", label: words.t("ask.why"), form: "area", needs: () => true },
        ],
      });
      if (!answer) return;
      app.send({ type: "escalate", chat, reason: answer.reason, ...(answer.level ? { level: Number(answer.level) } : {}) });
    },
    close: async () => {
      const chat = here();
      const isAnswered = record.entries(chat).some((e) => e.kind === "message" && e.author?.type === "agent");
      if (!isAnswered) return app.act.close_unanswered(chat);
      const answer = await ask(words, {
        title: words.t("ask.close"), go: words.t("acts.close"),
        fields: [
          { name: "outcome", label: words.t("ask.outcome"), form: "radio", start: "resolved", needs: () => true, choices: vocabulary("outcomes") },
          {
            name: "reason", label: words.t("ask.unresolved_why"), form: "radio", choices: vocabulary("unresolved_reasons"),
            shows: (v) => v.outcome === "unresolved", needs: (v) => v.outcome === "unresolved",
          },
        ],
      });
      return answer && app.send({ type: "close", chat, outcome: answer.outcome, ...(answer.outcome === "unresolved" ? { reason: answer.reason } : {}) });
    },
    close_unanswered: async (chat) => {
      const answer = await ask(words, {
        title: words.t("ask.close"), lead: words.t("ask.unanswered"), go: words.t("acts.close"),
        fields: [{ name: "reason", label: words.t("ask.missed_why"), form: "radio", start: "declined", needs: () => true, choices: vocabulary("missed_reasons") }],
      });
      if (!answer) return;
      try {
        await app.send({ type: "close", chat }).answered;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return; // `send` has told why
      }
      app.send({ type: "reason", chat, missed_reason: answer.reason });
    },
    reason: async () => {
      const chat = app.chat();
      const answer = await ask(words, {
        title: words.t("ask.missed"), go: words.t("ask.keep"),
        fields: [{ name: "missed_reason", label: words.t("ask.missed_why"), form: "radio", start: chat.missed_reason, needs: () => true, choices: vocabulary("missed_reasons") }],
      });
      if (answer) app.send({ type: "reason", chat: chat.id, missed_reason: answer.missed_reason });
    },
    followup: async () => {
      const chat = here();
      const at = (days, hour, minutes = 0) => {
        const made = new Date(record.now());
        if (hour === null) made.setMinutes(made.getMinutes() + days * 60);
        else made.setDate(made.getDate() + days), made.setHours(hour, minutes, 0, 0);
        return made;
      };
      // Days and times are picked from lists: a date field of the browser knows one calendar.
      const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, n) => [String(n), words.weekday(at(n, 12))]);
      const hours = Array.from({ length: 48 }, (_, n) => [String(n), words.time(at(0, 0, n * HALF_HOUR))]);
      const times = [["hour", at(1, null)], ["tomorrow", at(1, 9)], ["three_days", at(3, 9)], ["week", at(7, 9)]];
      const answer = await ask(words, {
        title: words.t("ask.followup"), go: words.t("ask.keep"),
        fields: [
          { name: "kind", label: words.t("ask.followup_kind"), form: "select", start: given.choices.followups[0], choices: vocabulary("followups") },
          { name: "due", label: words.t("ask.due"), form: "radio", start: "tomorrow", choices: [...times.map(([k, t]) => [k, words.t(`ask.dues.${k}`), words.moment(t)]), ["other", words.t("ask.dues.other")]] },
          { name: "day", label: words.t("ask.day"), form: "select", start: "1", choices: days, shows: (v) => v.due === "other" },
          { name: "time", label: words.t("ask.time"), form: "select", start: "18", choices: hours, shows: (v) => v.due === "other" },
          { name: "note", label: words.t("ask.followup_note"), form: "area" },
        ],
      });
      if (!answer) return;
      const other = at(Number(answer.day), 0, Number(answer.time) * HALF_HOUR);
      const due = answer.due === "other" ? other : times.find(([k]) => k === answer.due)[1];
      app.send({ type: "followup", chat, kind: answer.kind, due_at: due.toISOString(), note: answer.note });
    },
    sound: () => {
      app.alerts.turn(!app.alerts.hasSound);
      app.tell(words.t(app.alerts.hasSound ? "bar.sound_on" : "bar.sound_off"));
      app.draw();
    },
    notices: async () => {
      if (app.alerts.mayAsk) await app.alerts.ask();
      app.tell(words.t(app.alerts.maySend ? "bar.notices_on" : "bar.notices_off"));
      app.draw();
    },
    help: () => {
      const line = ([name, [, written]]) => el("div", {}, el("dt", {}, el("kbd", { dir: "ltr" }, written)), el("dd", {}, words.t(`keys.${name}`)));
      const box = el("input", { type: "checkbox", checked: app.keys.isOn, on: { change: (e) => app.keys.turn(e.target.checked) } });
      const more = [["Enter", "send"], ["Shift+Enter", "line"], ["/", "ready"], ["@", "mention"], ["Esc", "leave_text"]].map(([written, key]) =>
        el("div", {}, el("dt", {}, el("kbd", { dir: "ltr" }, written)), el("dd", {}, words.t(`keys.${key}`))));
      sheet(
        words, words.t("keys.title"), el("dl", { class: "shortcuts" }, Object.entries(KEYS).map(line)),
        el("h3", {}, words.t("keys.writing")), el("dl", { class: "shortcuts" }, more),
        el("p", {}, el("label", { class: "checked" }, box, " ", words.t("keys.single"))),
      );
    },
  };
}

new Console(document.getElementById("desk"));
