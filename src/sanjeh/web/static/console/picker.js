// A list to pick from while one writes: arrows, Enter or Tab, Escape; the caret stays in the text.

import { el } from "./dom.js";

let made = 0;

export class Picker {
  constructor(box, { choose, label }) {
    this.box = box;
    this.choose = choose;
    this.items = [];
    this.at = 0;
    this.id = `pick-${(made += 1)}`;
    this.list = el("ul", { class: "picker", role: "listbox", id: this.id, "aria-label": label, hidden: true });
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.id);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  open(items) {
    this.items = items;
    this.at = 0;
    this.list.replaceChildren(
      ...items.map((item, n) =>
        el(
          "li", { role: "option", id: `${this.id}-${n}`, on: { mousedown: (e) => { e.preventDefault(); this.choose(item); } } },
          el("bdi", { class: "first-word" }, item.first), el("span", { class: "second-word", dir: "auto" }, item.second ?? ""),
          item.third && item.third !== item.second ? el("span", { class: "third-word", dir: "auto" }, item.third) : null,
        ),
      ),
    );
    this.list.hidden = items.length === 0;
    this.#mark();
  }

  close() {
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.#mark();
    } else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
      this.choose(this.items[this.at]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else return false;
    event.preventDefault();
    return true;
  }

  #mark() {
    [...this.list.children].forEach((node, n) => {
      node.setAttribute("aria-selected", String(n === this.at));
      if (n === this.at) node.scrollIntoView({ block: "nearest" });
    });
    if (this.isOpen) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }
}

/** A ready reply with its places filled, as the desk does it: `{{customer.name|you}}` says what stands for nothing. */
export function expanded(body, values) {
  const text = body.replace(/\{\{\s*([a-z.]+)\s*(?:\|\s*([^{}]*?)\s*)?\}\}/gu, (_, name, other) => values[name] || other || "");
  return text.replace(/[ \t]+([,.!?،؛؟:;])/gu, "$1").trim();
}
