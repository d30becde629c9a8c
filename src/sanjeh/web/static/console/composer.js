// Where a reply or a note is written: ready replies by /, colleagues by @, files by hand or pasted.

import { el, say } from "./dom.js";
import { expanded, Picker } from "./picker.js";

const QUIET = 3000; // ms after the last key until typing counts as stopped

export class Composer {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.isNote = false;
    this.canned = null; // {id, text}: the ready reply that was put in last
    this.files = []; // [{id, name, bytes, media}]
    this.box = el("textarea", { class: "words", rows: "2", dir: "auto", "aria-label": words.t("composer.reply_label"), maxlength: "8000" });
    this.picker = new Picker(this.box, { choose: (item) => this.#chosen(item), label: words.t("composer.picker") });
    const tab = (name, isNote) =>
      el("button", { type: "button", class: "tab", "aria-pressed": "false", data: { act: name }, on: { click: () => this.turn(isNote) } }, words.t(`composer.${name}`));
    this.tabs = { reply: tab("reply", false), note: tab("note", true) };
    this.send = el("button", { type: "submit", class: "first send" }, words.t("composer.send"));
    this.chooser = el("input", { type: "file", hidden: true, on: { change: () => this.#attach([...this.chooser.files]) } });
    const attach = el("button", { type: "button", class: "tool", title: words.t("composer.attach"), "aria-label": words.t("composer.attach"), on: { click: () => this.chooser.click() } }, clip());
    const ready = el("button", { type: "button", class: "tool slash", title: words.t("composer.canned"), "aria-label": words.t("composer.canned"), on: { click: () => this.pick() } }, "/");
    this.chips = el("ul", { class: "chips" });
    this.told = el("p", { class: "told", role: "status" });
    this.node = el(
      "form", { class: "composer", on: { submit: (e) => { e.preventDefault(); this.#send(); } } },
      el("div", { class: "tabs", role: "group", "aria-label": words.t("composer.kind") }, this.tabs.reply, this.tabs.note),
      this.picker.list, this.box, this.chips, this.told,
      el("div", { class: "row" }, attach, this.chooser, ready, el("span", { class: "hint" }, words.t("composer.hint")), this.send),
    );
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (e) => this.#key(e));
    this.box.addEventListener("blur", () => this.#typing(false));
    this.box.addEventListener("paste", (e) => this.#files(e, e.clipboardData));
    this.node.addEventListener("dragover", (e) => e.preventDefault());
    this.node.addEventListener("drop", (e) => this.#files(e, e.dataTransfer));
  }

  draw(chat, changed) {
    const may = this.app.mayWrite(chat);
    this.node.hidden = !may.note;
    if (!may.reply && !this.isNote) this.turn(true, false);
    this.tabs.reply.disabled = !may.reply;
    if (!changed) return;
    this.files = [];
    this.canned = null;
    this.#chips();
    say(this.told, "");
    this.turn(!may.reply, false);
    this.box.value = this.app.drafts.get(chat.id);
    this.#fit();
  }

  /** Write a reply (to the customer) or a note (among colleagues). */
  turn(isNote, focus = true) {
    const { words } = this.app;
    this.isNote = isNote;
    this.node.classList.toggle("note", isNote);
    this.tabs.reply.setAttribute("aria-pressed", String(!isNote));
    this.tabs.note.setAttribute("aria-pressed", String(isNote));
    this.box.setAttribute("aria-label", words.t(isNote ? "composer.note_label" : "composer.reply_label"));
    this.box.placeholder = words.t(isNote ? "composer.note_place" : "composer.reply_place");
    say(this.send, words.t(isNote ? "composer.keep" : "composer.send"));
    this.picker.close();
    if (focus) this.box.focus();
  }

  /** Open the list of ready replies at the caret. */
  pick() {
    this.turn(false);
    const at = this.box.selectionStart;
    const before = this.box.value.slice(0, at);
    const slash = before && !/\s$/u.test(before) ? " /" : "/";
    this.box.setRangeText(slash, at, this.box.selectionEnd, "end");
    this.#typed();
  }

  #typed() {
    this.#fit();
    this.app.drafts.set(this.app.current, this.box.value);
    this.#suggest();
    if (!this.isNote && this.box.value) this.#typing(true);
  }

  #suggest() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const { record, words } = this.app;
    const asked = before.match(this.isNote ? /(?:^|\s)@([^\s@]*)$/u : /(?:^|\s)\/([^\s/]*)$/u);
    if (!asked) return this.picker.close();
    const typed = asked[1].toLocaleLowerCase();
    const start = this.box.selectionStart - asked[1].length - 1;
    if (this.isNote) {
      const found = [...record.members.values()].filter((m) => m.id !== record.me?.id && m.name.toLocaleLowerCase().includes(typed));
      return this.picker.open(found.map((m) => ({ start, member: m, first: m.name, second: words.t(`presence.${m.status ?? "offline"}`) })));
    }
    const chat = this.app.chat();
    const score = (c) => (c.shortcut.toLocaleLowerCase().startsWith(typed) ? 0 : 2) + (c.language && c.language !== chat?.language ? 1 : 0);
    const found = record.canned
      .filter((c) => [c.shortcut, c.title, c.body].some((t) => (t ?? "").toLocaleLowerCase().includes(typed)))
      .sort((a, b) => score(a) - score(b) || a.shortcut.localeCompare(b.shortcut))
      .slice(0, 12);
    return this.picker.open(found.map((c) => ({ start, canned: c, first: `/${c.shortcut}`, second: c.title || c.body, third: expanded(c.body, this.app.placeholders()) })));
  }

  #chosen(item) {
    const end = this.box.selectionStart;
    if (item.member) {
      this.box.setRangeText(`@${item.member.name} `, item.start, end, "end");
    } else {
      const text = expanded(item.canned.body, this.app.placeholders());
      this.box.setRangeText(text, item.start, end, "end");
      this.canned = { id: item.canned.id, text: this.box.value };
    }
    this.picker.close();
    this.box.focus();
    this.#fit();
    this.app.drafts.set(this.app.current, this.box.value);
  }

  #key(event) {
    if (event.isComposing || this.picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.box.blur();
      this.app.talk.log.focus();
    }
  }

  #send() {
    const body = this.box.value.trim();
    const chat = this.app.chat();
    if (!chat || (!body && !this.files.length)) return;
    if (this.files.some((f) => !f.id)) {
      say(this.told, this.app.words.t("composer.uploading"));
      return;
    }
    if (this.isNote) {
      const called = [...this.app.record.members.values()].filter((m) => body.includes(`@${m.name}`)).map((m) => m.id);
      this.app.act.note(chat.id, body, called);
    } else {
      const canned = this.canned ? { canned: this.canned.id, canned_edited: body !== this.canned.text.trim() } : {};
      const [first, ...rest] = this.files;
      this.app.act.say(chat.id, body, { ...(first ? { attachment: first.id } : {}), ...canned }, first);
      for (const file of rest) this.app.act.say(chat.id, "", { attachment: file.id }, file);
      this.files = [];
      this.#chips();
    }
    this.canned = null;
    this.box.value = "";
    this.app.drafts.set(chat.id, "");
    say(this.told, "");
    this.#typing(false);
    this.#fit();
  }

  #typing(on) {
    clearTimeout(this.quiet);
    if (on) this.quiet = setTimeout(() => this.#typing(false), QUIET);
    if (this.isTyping === on) return;
    this.isTyping = on;
    if (this.app.current) this.app.line.tell({ type: "typing", chat: this.app.current, on });
  }

  #fit() {
    this.box.style.setProperty("height", "auto");
    this.box.style.setProperty("height", `${Math.min(this.box.scrollHeight + 2, 220)}px`);
  }

  // -- files ---------------------------------------------------------------------------------

  #files(event, data) {
    const files = [...(data?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#attach(files);
  }

  async #attach(files) {
    this.chooser.value = "";
    for (const file of files) {
      const line = { name: file.name, bytes: file.size };
      this.files.push(line);
      this.#chips();
      try {
        Object.assign(line, await this.app.upload(file));
        say(this.told, "");
      } catch (error) {
        this.files = this.files.filter((f) => f !== line);
        say(this.told, this.app.words.t("composer.file_refused", { name: file.name, why: error.message }));
      }
      this.#chips();
    }
  }

  #chips() {
    const { words } = this.app;
    this.chips.replaceChildren(
      ...this.files.map((file) =>
        el(
          "li", { class: file.id ? "chip" : "chip going" }, el("bdi", {}, file.name), el("small", {}, words.size(file.bytes)),
          el("button", { type: "button", "aria-label": words.t("composer.drop", { name: file.name }), on: { click: () => { this.files = this.files.filter((f) => f !== file); this.#chips(); this.box.focus(); } } }, "×"),
        ),
      ),
    );
  }
}

function clip() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M14.5 6.5v7a4.5 4.5 0 0 1-9 0V5.2a2.9 2.9 0 0 1 5.8 0v7.6a1.3 1.3 0 0 1-2.6 0V6.5");
  svg.append(path);
  return svg;
}
