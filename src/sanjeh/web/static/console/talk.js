// One chat: who, what was said, who is typing, what can be done.

import { Composer } from "./composer.js";
import { el, keyed, mark, say } from "./dom.js";

const NEAR = 80; // px from the end that count as being there

export class Talk {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.name = el("h1", { class: "name", tabindex: "-1" });
    this.state = el("p", { class: "state" });
    this.actions = el("div", { class: "actions", role: "toolbar", "aria-label": words.t("talk.actions") });
    this.list = el("ol", {});
    this.log = el("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": words.t("talk.log") }, this.list);
    this.typing = el("p", { class: "typing", role: "status" });
    this.below = el("button", { type: "button", class: "below", hidden: true, on: { click: () => this.#end() } }, words.t("talk.below"));
    this.composer = new Composer(app);
    this.head = el(
      "header", { class: "exchange-head" },
      el("button", { type: "button", class: "back", "aria-label": words.t("talk.back"), on: { click: () => app.show("inbox") } }, "‹"),
      el("div", { class: "title" }, this.name, this.state),
      el("button", { type: "button", class: "to-aside", on: { click: () => app.show("aside") } }, words.t("talk.customer")),
      this.actions,
    );
    this.body = el("div", { class: "exchange-body" }, this.head, this.log, this.below, this.typing, this.composer.node);
    this.empty = el(
      "div", { class: "exchange-empty" },
      el("p", { class: "big-word" }, words.t("talk.empty")), el("p", {}, words.t("talk.empty_lead")),
    );
    this.node = el("section", { class: "exchange", "aria-label": words.t("talk.title") }, this.empty, this.body);
    this.log.addEventListener("scroll", () => this.#looked());
    this.shown = null;
  }

  draw() {
    const { app } = this;
    const chat = app.chat();
    this.empty.hidden = Boolean(chat);
    this.body.hidden = !chat;
    if (!chat) return;
    const changed = this.shown !== chat.id;
    this.shown = chat.id;
    const atEnd = changed || this.#isAtEnd();
    say(this.name, app.nameOf(chat));
    this.#state(chat);
    this.#actions(chat);
    this.#entries(chat);
    this.#typing(chat);
    this.composer.draw(chat, changed);
    if (atEnd) this.#end();
    else this.below.hidden = false;
    this.#looked();
  }

  tick() {
    const chat = this.app.chat();
    if (chat) this.#state(chat);
  }

  #state(chat) {
    const { words, record } = this.app;
    const parts = [words.t(`states.${chat.state}`)];
    const since = { waiting: chat.requested_at, offered: chat.requested_at, talking: chat.started_at, wrapping: chat.ended_at ?? chat.closed_at }[chat.state];
    if (since) parts[0] += ` ${words.span((record.now() - new Date(since).getTime()) / 1000)}`;
    if (chat.team) parts.push(record.teamName(chat.team));
    if (chat.owner && chat.owner !== record.me?.id) parts.push(record.memberName(chat.owner));
    if (chat.missed_reason) parts.push(words.known("missed_reasons", chat.missed_reason));
    if (chat.outcome) parts.push(words.known("outcomes", chat.outcome));
    say(this.state, parts.filter(Boolean).join(" · "));
  }

  #actions(chat) {
    const possible = this.app.possible(chat);
    keyed(this.actions, possible, (a) => a, (name) => this.#button(name));
  }

  #button(name) {
    const { app } = this;
    const key = app.keys.written(name);
    const kind = name === "close" || name === "wrapped" || name === "reason" ? "first" : "second";
    return el(
      "button", { type: "button", class: kind, data: { act: name }, title: key, "aria-keyshortcuts": key, on: { click: () => app.act[name]() } },
      app.words.t(`acts.${name}`),
    );
  }

  #entries(chat) {
    const { record, words } = this.app;
    const lines = [];
    let day = "";
    for (const entry of record.entries(chat.id)) {
      const on = words.day(entry.at);
      if (on !== day) lines.push({ day: on });
      day = on;
      lines.push(entry);
    }
    const keyOf = (l) => (l.day ? `d${l.day}` : l.nonce ? `x${l.nonce}` : `n${l.number}`);
    keyed(this.list, lines, keyOf, (l) => this.#line(l), (n, l) => l.day || this.#update(n, l, chat));
  }

  #line(entry) {
    const { words, record } = this.app;
    if (entry.day) return el("li", { class: "day" }, el("span", {}, entry.day));
    if (entry.kind === "event") {
      return el("li", { class: "event" }, el("span", {}, this.#event(entry)), " ", el("time", { datetime: entry.at }, words.time(entry.at)));
    }
    const who = entry.author?.type === "visitor" || entry.author?.type === "customer" ? "visitor" : entry.author?.type ?? "agent";
    const mine = who === "agent" && (entry.number === undefined || entry.author.id === record.me?.id || (entry.author.id === undefined && entry.author.name === record.me?.name));
    const kind = entry.kind === "note" ? "note" : mine ? "mine" : who === "visitor" ? "theirs" : who === "agent" ? "other" : "bot";
    const name = who === "visitor" ? this.app.nameOf(this.app.chat()) : entry.author?.name ?? words.t("talk.system");
    const body = entry.body ? el("p", { class: "body", dir: "auto" }, ...mentioned(entry.body, entry.kind === "note" ? [...record.members.values()] : [])) : null;
    const hidden = entry.kind === "note" ? el("span", { class: "sort" }, words.t("talk.note_mark")) : null;
    return el(
      "li", { class: `said ${kind}` },
      el("p", { class: "by" }, el("bdi", {}, name), hidden, el("time", { datetime: entry.at, title: words.moment(entry.at) }, words.time(entry.at))),
      body, entry.attachment ? this.#attachment(entry.attachment) : null,
      el("p", { class: "fate" }),
    );
  }

  #update(node, entry, chat) {
    const fate = node.querySelector(".fate");
    if (!fate) return;
    const { words, record } = this.app;
    node.classList.toggle("pending", entry.number === undefined);
    let told = "";
    if (entry.failed) told = words.t("talk.failed", { why: entry.failed });
    else if (entry.number === undefined) told = words.t("talk.sending");
    else if (node.classList.contains("mine")) {
      const mine = record.entries(chat.id).filter((e) => e.number && e.kind !== "event" && e.kind !== "note" && e.author?.type !== "visitor" && e.author?.type !== "customer");
      const isLast = mine.at(-1)?.number === entry.number;
      if (isLast && record.talk(chat.id).seen >= entry.number) told = words.t("talk.seen");
    }
    say(fate, told);
    if (entry.failed && !fate.querySelector("button")) {
      fate.append(" ", el("button", { type: "button", class: "plain-button", on: { click: () => this.app.act.again(entry) } }, words.t("talk.again")));
    }
  }

  #event(entry) {
    const { words } = this.app;
    const known = this.app.words.words.events?.[entry.event];
    const who = entry.author?.name || words.t(`authors.${entry.author?.type ?? "system"}`);
    return known ? words.t(`events.${entry.event}`, { who, what: this.#what(entry) }) : [who, entry.event, entry.body].filter(Boolean).join(" · ");
  }

  /** What an event's data say, in words. */
  #what({ event, data = {}, body }) {
    const { words, record } = this.app;
    switch (event) {
      case "transferred":
        return data.to ?? "";
      case "tagged":
        return [...(data.add ?? []).map((t) => `+${record.tagName(t)}`), ...(data.remove ?? []).map((t) => `−${record.tagName(t)}`)].join(", ");
      case "topic":
        return data.topic ? record.topicName(data.topic) : words.t("aside.no_topic");
      case "followup":
        return words.known("followups", data.kind ?? "");
      case "reason":
        return words.known("missed_reasons", data.after ?? "");
      case "escalated":
        return data.reason ?? "";
      case "ended":
        return words.known("ends", data.reason ?? "");
      default:
        return body ?? "";
    }
  }

  #attachment(file) {
    const { words } = this.app;
    const name = el("bdi", { class: "file-name" }, file.name);
    const size = el("small", {}, words.size(file.bytes ?? 0));
    const picture = /^image\/(png|jpeg|gif|webp)$/u.test(file.media ?? "") && safe(file.url) ? el("img", { src: safe(file.url), alt: file.name, loading: "lazy" }) : null;
    return el("a", { class: "file", href: safe(file.url), download: file.name, target: "_blank", rel: "noopener noreferrer" }, picture, name, size);
  }

  #typing(chat) {
    const names = [...this.app.record.talk(chat.id).typing.keys()].map((n) => n || this.app.nameOf(chat));
    say(this.typing, names.length ? this.app.words.t("talk.typing", { who: names.join(", ") }) : "");
  }

  #isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  #end() {
    this.log.scrollTop = this.log.scrollHeight;
    this.below.hidden = true;
  }

  #looked() {
    if (!this.#isAtEnd()) return;
    this.below.hidden = true;
    this.app.looked();
  }
}

/** Only addresses of http and of this site are links. */
function safe(url) {
  if (!url) return null;
  const made = new URL(url, location.href);
  return made.protocol === "https:" || made.protocol === "http:" ? made.href : null;
}

/** A note's text with the colleagues it calls set apart. */
function mentioned(body, members) {
  const names = members.map((m) => `@${m.name}`).sort((a, b) => b.length - a.length);
  const parts = [];
  let rest = body;
  while (rest) {
    const hits = names.map((n) => [rest.indexOf(n), n]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0] || b[1].length - a[1].length);
    if (!hits.length) break;
    const [at, name] = hits[0];
    parts.push(rest.slice(0, at), el("strong", { class: "mention" }, name));
    rest = rest.slice(at + name.length);
  }
  return [...parts, rest].filter((p) => p !== "");
}
