// The inbox: offers on top, then mine, waiting, the team's, closed today.

import { el, keyed, mark, say } from "./dom.js";

const GROUPS = ["mine", "waiting", "team", "closed"];

export class Inbox {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.offers = el("ul", { class: "offers", "aria-label": words.t("offers.title") });
    this.lists = {};
    this.counts = {};
    this.empties = {};
    const sections = GROUPS.map((group) => {
      this.lists[group] = el("ul", { class: "chats" });
      this.counts[group] = el("span", { class: "count" });
      this.empties[group] = el("p", { class: "none" }, words.t(`inbox.none.${group}`));
      const head = el("summary", {}, el("h2", {}, words.t(`inbox.${group}`)), this.counts[group]);
      return el("details", { open: true, class: `group ${group}` }, head, this.lists[group], this.empties[group]);
    });
    this.tasks = el("ul", { class: "tasks" });
    this.taskCount = el("span", { class: "count" });
    this.taskGroup = el("details", { class: "group tasks" }, el("summary", {}, el("h2", {}, words.t("inbox.tasks")), this.taskCount), this.tasks);
    this.node = el("section", { class: "inbox", "aria-label": words.t("inbox.title") }, this.offers, ...sections, this.taskGroup);
  }

  draw() {
    const { record } = this.app;
    this.#offers([...record.offers.values()]);
    const groups = record.groups();
    this.order = [];
    for (const group of GROUPS) {
      const chats = groups[group];
      this.order.push(...chats.map((c) => c.id));
      keyed(this.lists[group], chats, (c) => c.id, (c) => this.#make(c), (n, c) => this.#update(n, c));
      say(this.counts[group], chats.length ? this.app.words.n(chats.length) : "");
      this.empties[group].hidden = chats.length > 0;
    }
    this.#tasks(record.tasks());
    this.tick();
  }

  #tasks(tasks) {
    const { words, record } = this.app;
    this.taskGroup.hidden = tasks.length === 0;
    say(this.taskCount, words.n(tasks.length));
    keyed(this.tasks, tasks, (t) => t.id, (t) => el("li", {}, el("button", { type: "button", class: "chat", on: { click: () => this.app.open(t.chat) } }, el("span", { class: "about" }, el("span", { class: "name" }), el("span", { class: "last" })))), (node, t) => {
      say(node.querySelector(".name"), [words.known("followups", t.kind), t.note].filter(Boolean).join(": "));
      say(node.querySelector(".last"), words.t("aside.due", { when: words.moment(t.due_at) }));
      node.firstElementChild.classList.toggle("lost", new Date(t.due_at).getTime() < record.now());
    });
  }

  /** Waits and offers move on with the clock. */
  tick() {
    const { record, words } = this.app;
    for (const node of this.node.querySelectorAll("[data-since]")) {
      say(node, words.span((record.now() - Number(node.dataset.since)) / 1000));
    }
    for (const node of this.offers.children) {
      const left = (Number(node.dataset.until) - record.now()) / 1000;
      const whole = Number(node.dataset.whole);
      say(node.querySelector(".left"), words.t("offers.left", { n: words.n(Math.max(0, Math.ceil(left))) }, Math.max(0, Math.ceil(left))));
      node.querySelector(".fuse span").style.setProperty("--part", String(Math.max(0, Math.min(1, left / whole))));
    }
  }

  /** The chat after or before another, as they stand in the list. */
  beside(id, step) {
    const order = this.order ?? [];
    if (!order.length) return null;
    const at = order.indexOf(id);
    return at < 0 ? order[0] : order[(at + step + order.length) % order.length];
  }

  #offers(offers) {
    const { words, act } = this.app;
    const make = (offer) => {
      const button = (name, kind) =>
        el("button", { type: "button", class: kind, data: { act: name }, on: { click: () => act[name](offer.offer) } }, words.t(`offers.${name}`));
      return el(
        "li", { class: "offer" },
        el("p", { class: "who" }, mark(this.#name(offer.chat)), el("bdi", {}, this.#name(offer.chat)), el("span", { class: "left", "aria-hidden": "true" })),
        el("p", { class: "words" }),
        el("div", { class: "fuse", "aria-hidden": "true" }, el("span")),
        el("p", { class: "buttons" }, button("accept", "first"), button("decline", "second")),
      );
    };
    keyed(this.offers, offers, (o) => o.offer, make, (node, offer) => {
      const until = new Date(offer.until).getTime();
      node.dataset.until = String(until);
      node.dataset.whole ??= String(Math.max(1, (until - this.app.record.now()) / 1000));
      say(node.querySelector(".words"), this.#about(offer.chat));
    });
    this.offers.hidden = offers.length === 0;
  }

  #about(chat) {
    const { words, record } = this.app;
    const parts = [record.teamName(chat.team), words.known("languages", chat.language ?? ""), chat.last?.body];
    return parts.filter(Boolean).join(" · ");
  }

  #name(chat) {
    return this.app.nameOf(chat);
  }

  #make(chat) {
    return el(
      "li", {},
      el(
        "button", { type: "button", class: "chat", on: { click: () => this.app.open(chat.id) } },
        mark(this.#name(chat)),
        el("span", { class: "about" }, el("bdi", { class: "name" }), el("span", { class: "last", dir: "auto" })),
        el("span", { class: "side" }, el("span", { class: "when" }), el("span", { class: "unread" })),
      ),
    );
  }

  #update(node, chat) {
    const { record, words } = this.app;
    const button = node.firstElementChild;
    const here = this.app.current === chat.id;
    button.toggleAttribute("data-here", here);
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    say(button.querySelector(".name"), this.#name(chat));
    say(button.querySelector(".last"), this.#line(chat));
    button.classList.toggle("key", chat.priority === "high" || chat.priority === "urgent");
    button.classList.toggle("lost", Boolean(chat.missed_reason));
    const when = button.querySelector(".when");
    const waits = chat.state === "waiting" || chat.state === "offered" || chat.state === "wrapping";
    if (waits) {
      const from = chat.state === "wrapping" ? chat.ended_at ?? chat.closed_at ?? chat.last?.at : chat.requested_at;
      if (from) when.dataset.since = String(new Date(from).getTime());
    } else {
      delete when.dataset.since;
      const at = chat.last?.at ?? chat.ended_at ?? chat.started_at ?? chat.requested_at;
      say(when, at ? words.time(at) : "");
    }
    const unread = chat.unread ?? 0;
    const mention = record.mentions.has(chat.id);
    const badge = button.querySelector(".unread");
    badge.hidden = !unread && !mention;
    say(badge, mention ? "@" : words.n(unread));
    const spoken = unread ? words.t("inbox.unread", { n: words.n(unread) }, unread) : "";
    if (spoken) badge.setAttribute("aria-label", spoken);
    else badge.removeAttribute("aria-label");
    if (unread || mention) badge.setAttribute("role", "img");
    if (mention) badge.setAttribute("aria-label", words.t("inbox.mentioned"));
  }

  #line(chat) {
    const { record, words } = this.app;
    if (chat.missed_reason) return words.t("inbox.missed", { why: words.known("missed_reasons", chat.missed_reason) });
    if (chat.state === "wrapping") return words.t("states.wrapping");
    const last = chat.last?.body ?? "";
    const owner = chat.owner && chat.owner !== record.me?.id ? record.memberName(chat.owner) : "";
    return [owner, last].filter(Boolean).join(": ");
  }
}
