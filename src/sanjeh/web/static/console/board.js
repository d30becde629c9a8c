// The supervisor's board: who waits, who answers, what was missed, who is on the site; all ticking.

import { ask } from "./asks.js";
import { el, keyed, say } from "./dom.js";
import { Line, Refused } from "./line.js";
import { Words } from "./words.js";

const given = JSON.parse(document.getElementById("desk-given").textContent);
const RANK = ["available", "busy", "training", "break", "away", "offline"];
const LONG = 60; // seconds of waiting from which it stands out

class Board {
  constructor(root) {
    this.words = new Words(given);
    this.data = { waiting: [], members: [], missed: [], visits: [], talking: [] };
    this.members = new Map();
    this.teams = [];
    this.skew = 0;
    this.state = el("span", { class: "line-state", role: "status" });
    this.sums = el("dl", { class: "sums" });
    this.tables = {};
    const tile = (name, columns) => {
      const t = this.#table(name, columns);
      this.tables[name] = t;
      return t.node;
    };
    this.toast = el("p", { class: "toast", role: "status", hidden: true });
    root.replaceChildren(
      el("header", { class: "board-head" }, el("h1", {}, this.#t("title")), this.state, ...given.links.map((l) => el("a", { href: l.url }, l.text))),
      this.sums,
      el(
        "div", { class: "tiles-of" },
        tile("waiting", ["visitor", "team", "wait", ""]), tile("members", ["agent", "status", "since", "chats"]),
        tile("talking", ["visitor", "agent", "since", ""]), tile("missed", ["when", "visitor", "why", "waited"]),
        tile("visits", ["page", "pages", "on_site", ""]),
      ),
      this.toast,
    );
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.line = new Line(`${scheme}//${location.host}${given.socket}`, { frame: (f) => this.#heard(f), state: (s) => this.#line(s) });
    setInterval(() => this.#tick(), 1000);
    this.draw();
  }

  #t(key, parts, count) {
    return this.words.t(`board.${key}`, parts, count);
  }

  #line(state) {
    say(this.state, state === "open" ? "" : this.words.t(`line.${state}`));
    if (state === "open") this.line.tell({ type: "board" });
  }

  #heard(frame) {
    switch (frame.type) {
      case "welcome":
        if (frame.now) this.skew = new Date(frame.now).getTime() - Date.now();
        this.members = new Map((frame.members ?? []).map((m) => [m.id, m]));
        this.teams = frame.teams ?? [];
        break;
      case "board":
        Object.assign(this.data, frame);
        break;
      case "presence":
        this.data.members = this.data.members.map((m) => (m.id === frame.member ? { ...m, status: frame.status, since: frame.since, chats: frame.chats ?? m.chats } : m));
        break;
      default:
        return;
    }
    this.draw();
  }

  draw() {
    const { words, data } = this;
    const members = [...data.members].sort((a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status) || a.name.localeCompare(b.name));
    const waiting = [...data.waiting].sort((a, b) => String(a.since).localeCompare(String(b.since)));
    const talking = data.talking.filter((c) => c.state === "talking").sort((a, b) => String(a.since).localeCompare(String(b.since)));
    const able = members.filter((m) => m.status === "available");
    const free = able.reduce((sum, m) => sum + Math.max(0, m.limit - m.chats), 0);
    const sums = [
      ["waiting", waiting.length, waiting.length ? "hot" : ""], ["talking", talking.length, ""],
      ["available", able.length, able.length ? "well" : "hot"], ["free", free, ""], ["missed", data.missed.length, data.missed.length ? "hot" : ""], ["visits", data.visits.length, ""],
    ];
    keyed(this.sums, sums, ([k]) => k, ([k]) => el("div", {}, el("dt", {}, this.#t(`sum_${k}`)), el("dd")), (n, [, value, kind]) => {
      say(n.querySelector("dd"), words.n(value));
      n.className = kind;
    });
    this.#fill("waiting", waiting, (w) => w.chat, (w) => [
      this.#visitor(w.visitor, w.chat), this.#teamName(w.team), ["since", w.since, LONG],
      [["take", () => this.#do({ type: "take", chat: w.chat }, w.chat)]],
    ]);
    this.#fill("members", members, (m) => m.id, (m) => [m.name, ["presence", m.status], ["since", m.since], ["slots", m.chats, m.limit]]);
    this.#fill("talking", talking, (c) => c.chat, (c) => [
      this.#visitor(c.visitor, c.chat), this.members.get(c.owner)?.name ?? "", ["since", c.since],
      [["watch", () => this.#do({ type: "watch", chat: c.chat }, c.chat)], ["take", () => this.#do({ type: "take", chat: c.chat }, c.chat)]],
    ]);
    this.#fill("missed", [...data.missed].sort((a, b) => String(b.at).localeCompare(String(a.at))), (m) => m.chat, (m) => [
      words.time(m.at), this.#visitor(m.visitor || m.email, m.chat), words.known("missed_reasons", m.reason ?? ""), words.span(m.waited ?? 0),
    ]);
    this.#fill("visits", data.visits, (v) => v.visit, (v) => [
      v.page, words.n(v.pages), ["since", v.since],
      [["invite", () => this.#invite(v)]],
    ]);
    this.#tick();
  }

  #teamName(team) {
    return this.teams.find((t) => t.id === team)?.name ?? "";
  }

  #visitor(visitor, chat) {
    return visitor || this.words.t("inbox.nameless", { id: String(chat).slice(-4) });
  }

  #table(name, columns) {
    const head = el("tr", {}, columns.map((c) => (c ? el("th", { scope: "col" }, this.#t(c)) : el("td", {}, el("span", { class: "unseen" }, this.#t("does"))))));
    const body = el("tbody");
    const none = el("p", { class: "none" }, this.#t(`none_${name}`));
    const note = el("small");
    const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": this.#t(name) }, el("table", {}, el("thead", {}, head), body));
    const node = el("section", { class: `tile-of ${name}` }, el("h2", {}, this.#t(name), note), none, scroll);
    return { node, body, none, scroll, note };
  }

  #fill(name, rows, keyOf, cells) {
    const { body, none, scroll } = this.tables[name];
    none.hidden = rows.length > 0;
    scroll.hidden = rows.length === 0;
    keyed(body, rows, keyOf, (row) => el("tr", {}, cells(row).map((c) => this.#cell(c))), (node, row) => {
      cells(row).forEach((c, n) => this.#refresh(node.children[n], c));
    });
  }

  #cell(value) {
    if (Array.isArray(value) && Array.isArray(value[0])) {
      return el("td", {}, value.map(([name, run]) => el("button", { type: "button", class: "second", on: { click: run } }, this.words.t(name === "invite" ? "board.invite" : `acts.${name}`))));
    }
    return el("td", {});
  }

  #refresh(node, value) {
    if (!Array.isArray(value)) {
      if (node.textContent !== String(value)) node.replaceChildren(el("bdi", { class: "cut-short", title: String(value) }, String(value)));
    } else if (value[0] === "since") {
      node.className = "ticks";
      node.dataset.since = value[1] ? String(new Date(value[1]).getTime()) : "";
      if (value[2]) node.dataset.late = String(value[2]);
    } else if (value[0] === "presence") {
      const word = this.words.t(`presence.${value[1]}`);
      if (node.textContent !== word) node.replaceChildren(el("span", { class: "presence-of" }, el("span", { class: `dot ${value[1]}`, "aria-hidden": "true" }), word));
    } else if (value[0] === "slots") {
      const [, full, most] = value;
      const told = this.#t("of", { n: this.words.n(full), most: this.words.n(most) });
      if (node.textContent !== told) {
        const marks = Array.from({ length: Math.min(12, Math.max(most, full)) }, (_, n) => el("i", { class: n < full ? "full" : null }));
        node.replaceChildren(el("span", { class: "slots", "aria-hidden": "true" }, marks), told);
      }
    }
  }

  #tick() {
    const now = Date.now() + this.skew;
    let longest = 0;
    for (const node of document.querySelectorAll("[data-since]")) {
      const since = Number(node.dataset.since);
      const seconds = since ? (now - since) / 1000 : 0;
      say(node, since ? this.words.span(seconds) : "");
      if (node.dataset.late) {
        node.classList.toggle("late", seconds >= Number(node.dataset.late));
        longest = Math.max(longest, seconds);
      }
    }
    say(this.tables.waiting.note, longest ? this.#t("longest", { time: this.words.span(longest) }) : "");
  }

  async #do(frame, chat) {
    try {
      await this.line.send(frame).answered;
      location.href = `${given.console}#${encodeURIComponent(chat)}`;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#tell(error);
    }
  }

  async #invite(visit) {
    const answer = await ask(this.words, { title: this.#t("invite_title"), go: this.#t("invite"), fields: [{ name: "text", label: this.#t("invite_text"), form: "area", needs: () => true }] });
    if (!answer) return;
    try {
      await this.line.send({ type: "invite", visit: visit.visit, text: answer.text }).answered;
      this.#show(this.#t("invited"));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#tell(error);
    }
  }

  #tell(error) {
    this.#show(this.words.words.refused[error.code] ?? this.words.t("refused.other", { why: error.message }));
  }

  #show(text) {
    this.toast.hidden = false;
    say(this.toast, text);
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, 6000);
  }
}

new Board(document.getElementById("desk"));
