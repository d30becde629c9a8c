// Beside a chat: the customer, topic and tags, tasks, who is in it, the visit, earlier chats.

import { el, keyed, say } from "./dom.js";

export class Aside {
  constructor(app) {
    this.app = app;
    const { words } = app;
    const part = (name, ...inside) => el("section", { class: `part ${name}` }, el("h2", {}, words.t(`aside.${name}`)), ...inside);
    this.customer = el("dl", { class: "facts" });
    this.topic = el("select", { "aria-label": words.t("aside.topic"), on: { change: () => app.act.topic(this.topic.value) } });
    this.tags = el("ul", { class: "tags" });
    this.tagBox = el("input", { type: "text", class: "tag-box", dir: "auto", list: "desk-tags", maxlength: "80", placeholder: words.t("aside.tag_place"), "aria-label": words.t("aside.tag_place") });
    this.known = el("datalist", { id: "desk-tags" });
    this.tagForm = el("form", { class: "tag-form", on: { submit: (e) => { e.preventDefault(); this.#tag(); } } }, this.tagBox, this.known);
    this.people = el("ul", { class: "people" });
    this.followups = el("ul", { class: "followups" });
    this.more = el("button", { type: "button", class: "second", on: { click: () => app.act.followup() } }, words.t("acts.followup"));
    this.visit = el("ol", { class: "visit" });
    this.before = el("ul", { class: "before" });
    this.visitPart = part("visit", this.visit);
    this.beforePart = part("before", this.before);
    this.topicLabel = el("div", { class: "field" }, this.topic);
    this.content = el(
      "div", { class: "aside-body" },
      el("button", { type: "button", class: "back", on: { click: () => app.show("talk") } }, "‹ ", words.t("aside.back")),
      part("customer", this.customer),
      part("topics", this.topicLabel, this.tags, this.tagForm),
      part("followups", this.followups, this.more),
      part("people", this.people), this.visitPart, this.beforePart,
    );
    this.node = el("aside", { class: "beside", "aria-label": words.t("aside.title"), tabindex: "-1" }, this.content);
  }

  draw() {
    const { app } = this;
    const chat = app.chat();
    this.content.hidden = !chat;
    if (!chat) return;
    const talk = app.record.talk(chat.id);
    const may = app.mayWrite(chat).note;
    this.#customer(chat, talk.history?.customer ?? {}, talk.history?.visit ?? {});
    this.#topic(chat, may);
    this.#tags(chat, may);
    this.#people(chat);
    this.#followups(talk);
    this.#visit(talk.history?.visit);
    this.#before(talk.history?.before ?? []);
    this.more.hidden = !may;
    this.tagForm.hidden = !may;
  }

  #customer(chat, customer, visit) {
    const { words } = this.app;
    const visitor = { ...chat.visitor, ...customer };
    const lines = [
      ["name", visitor.name || words.t("inbox.nameless", { id: String(visitor.id ?? "").slice(-4) })],
      ["email", visitor.email],
      ["known", visitor.known ? words.t("aside.is_known") : words.t("aside.is_unknown")],
      ["language", words.known("languages", chat.language || visitor.language || "")],
      ["key", visitor.is_key || chat.priority === "high" ? words.t("aside.is_key") : null],
      ["requested", chat.requested_at ? words.moment(chat.requested_at) : null],
      ["account", visitor.account],
      ["visits", visit.visits ? words.n(visit.visits) : null],
      ["referrer", visit.referrer],
      ["initiation", chat.initiation ? words.known("initiations", chat.initiation) : null],
      ...Object.entries(customer.answers ?? {}).map(([k, v]) => [k, v, true]),
    ].filter(([, value]) => value);
    keyed(
      this.customer, lines, ([k]) => k,
      ([k, , own]) => el("div", {}, el("dt", { dir: own ? "auto" : null }, own ? k : words.t(`aside.facts.${k}`)), el("dd", {}, el("bdi"))),
      (node, [, value]) => say(node.querySelector("bdi"), String(value)),
    );
  }

  #topic(chat, may) {
    const { record, words } = this.app;
    const topics = [{ id: "", name: words.t("aside.no_topic") }, ...record.topics];
    if (this.topic.childElementCount !== topics.length) {
      this.topic.replaceChildren(...topics.map((t) => el("option", { value: t.id }, t.name)));
    }
    if (document.activeElement !== this.topic) this.topic.value = chat.topic ?? "";
    this.topic.disabled = !may;
  }

  #tags(chat, may) {
    const { record, words, act } = this.app;
    const nameOf = (t) => record.tagName(t);
    keyed(
      this.tags, chat.tags ?? [], (t) => t,
      (t) => el("li", { class: "tag" }, el("bdi", {}, nameOf(t)), may ? el("button", { type: "button", "aria-label": words.t("aside.untag", { name: nameOf(t) }), on: { click: () => act.tag([], [t]) } }, "×") : null),
    );
    if (this.known.childElementCount !== record.tags.length) {
      this.known.replaceChildren(...record.tags.map((t) => el("option", { value: t.name })));
    }
  }

  #tag() {
    const typed = this.tagBox.value.trim();
    if (!typed) return;
    const known = this.app.record.tags.find((t) => t.name.toLocaleLowerCase() === typed.toLocaleLowerCase());
    if (known) this.app.act.tag([known.id], []);
    else this.app.tell(this.app.words.t("aside.unknown_tag", { name: typed }));
    this.tagBox.value = "";
  }

  #people(chat) {
    const { record, words } = this.app;
    const ids = [...new Set([chat.owner, ...(chat.members ?? [])])].filter(Boolean);
    keyed(
      this.people, ids, (id) => id, () => el("li", {}, el("bdi"), " ", el("small")),
      (node, id) => {
        say(node.querySelector("bdi"), record.memberName(id));
        say(node.querySelector("small"), id === chat.owner ? words.t("aside.owner") : words.t("aside.joined"));
      },
    );
  }

  #followups(talk) {
    const { words, act, record } = this.app;
    const tasks = [...talk.followups.values()].sort((a, b) => Boolean(a.done_at) - Boolean(b.done_at) || String(a.due_at).localeCompare(String(b.due_at)));
    keyed(
      this.followups, tasks, (f) => f.id,
      (f) => el("li", {}, el("label", {}, el("input", { type: "checkbox", on: { change: () => act.followed(f.id) } }), el("span", { class: "what" })), el("small")),
      (node, f) => {
        const isDone = Boolean(f.done_at || f.done);
        const box = node.querySelector("input");
        box.checked = isDone;
        box.disabled = isDone;
        node.classList.toggle("done", isDone);
        node.classList.toggle("late", !isDone && f.due_at && new Date(f.due_at).getTime() < record.now());
        say(node.querySelector(".what"), [words.known("followups", f.kind), f.note].filter(Boolean).join(": "));
        say(node.querySelector("small"), f.due_at ? words.t("aside.due", { when: words.moment(f.due_at) }) : "");
      },
    );
  }

  #visit(visit) {
    const { words } = this.app;
    const pages = (visit?.pages ?? []).filter((p) => typeof p === "object");
    this.visitPart.hidden = pages.length === 0;
    keyed(
      this.visit, pages.slice(-12).map((p, n) => ({ ...p, n })), (p) => `${p.at ?? ""}${p.n}`,
      (p) => el("li", {}, el("span", { class: "page", dir: "auto", title: p.url ?? "" }, p.title || p.url || ""), " ", el("time", {}, p.at ? words.time(p.at) : "")),
    );
  }

  #before(chats) {
    const { words } = this.app;
    this.beforePart.hidden = chats.length === 0;
    keyed(
      this.before, chats, (c) => c.id,
      (c) => {
        const about = [c.topic ? this.app.record.topicName(c.topic) : null, c.outcome ? words.known("outcomes", c.outcome) : null, c.missed_reason ? words.known("missed_reasons", c.missed_reason) : null].filter(Boolean).join(" · ");
        return el("li", {}, el("button", { type: "button", class: "plain-button", on: { click: () => this.app.open(c.id) } }, words.moment(c.requested_at)), " ", el("span", { dir: "auto" }, about));
      },
    );
  }
}
