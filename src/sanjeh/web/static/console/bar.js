// Above all: presence, chats of the limit, the line, sound, help.

import { el, say } from "./dom.js";

const STATUSES = ["available", "busy", "away", "break", "training", "offline"];

export class Bar {
  constructor(app, links) {
    this.app = app;
    const { words } = app;
    this.presence = el(
      "select", { id: "presence", "aria-label": words.t("bar.presence"), on: { change: () => app.act.presence(this.presence.value) } },
      STATUSES.map((s) => el("option", { value: s }, words.t(`presence.${s}`))),
    );
    this.dot = el("span", { class: "dot", "aria-hidden": "true" });
    this.since = el("span", { class: "since", "aria-hidden": "true" });
    this.load = el("span", { class: "load" });
    this.line = el("span", { class: "line-state", role: "status" });
    this.sound = this.#toggle("sound", () => app.act.sound());
    this.notices = this.#toggle("notices", () => app.act.notices());
    this.help = el("button", { type: "button", class: "tool", "aria-label": words.t("bar.help"), title: words.t("bar.help"), "aria-keyshortcuts": "?", on: { click: () => app.act.help() } }, "?");
    this.node = el(
      "header", { class: "bar" },
      el("label", { class: "presence" }, this.dot, this.presence, this.since),
      this.load, this.line, el("span", { class: "stretch" }),
      ...links.map(({ url, text }) => el("a", { href: url, class: "to-page" }, text)),
      this.notices, this.sound, this.help,
    );
  }

  draw() {
    const { record, words, alerts } = this.app;
    const { status } = record.presence;
    if (document.activeElement !== this.presence) this.presence.value = status;
    this.dot.className = `dot ${status}`;
    const most = record.limit;
    say(this.load, most ? words.t("bar.load", { n: words.n(record.busyWith()), most: words.n(most) }) : "");
    const state = this.app.lineState;
    this.line.className = `line-state ${state}`;
    say(this.line, state === "open" ? "" : words.t(`line.${state}`));
    this.sound.setAttribute("aria-pressed", String(alerts.hasSound));
    this.notices.hidden = !alerts.mayAsk && !alerts.maySend;
    this.notices.setAttribute("aria-pressed", String(alerts.maySend));
    this.tick();
  }

  tick() {
    const { record, words } = this.app;
    const since = record.presence.since;
    say(this.since, since ? words.span((record.now() - new Date(since).getTime()) / 1000) : "");
  }

  #toggle(name, press) {
    return el("button", { type: "button", class: "tool toggle", "aria-pressed": "false", on: { click: press } }, this.app.words.t(`bar.${name}`));
  }
}
