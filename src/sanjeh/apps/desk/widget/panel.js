// What is seen: the button, the invitation, the window with its head, its line of news and its body.
class Panel {
  constructor(words, options, acts) {
    Object.assign(this, { words, options, acts });
    this.host = make("sanjeh-chat");
    this.root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // no <style>: a strict policy of the page forbids one
    sheet.replaceSync(LOOK + ownColour(options.color));
    this.root.adoptedStyleSheets = [sheet];
    this.host.lang = words.code;
    this.host.dir = words.right ? "rtl" : "ltr";
    if (options.side) this.host.setAttribute("side", options.side);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.theme = () => this.host.setAttribute("theme", options.theme === "dark" || (options.theme !== "light" && this.dark.matches) ? "dark" : "light");
    this.theme();
    this.dark.addEventListener("change", this.theme);
    this.narrow = matchMedia("(max-width: 520px)");
    this.isOpen = false;
    this.build();
    document.body.append(this.host);
  }
  build() {
    const { words, acts } = this;
    const tool = (name, label, act, more) => make("button", { class: "tool", type: "button", "aria-label": label, title: label, onclick: act, ...more }, icon(name));
    this.badge = make("span", { class: "badge", hidden: true });
    this.launch = make("button", { class: "launch", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", hidden: Boolean(this.options.hideLauncher), onclick: () => acts.toggle() }, icon("chat"), this.badge);
    this.title = make("h2", { id: "title", dir: "auto" });
    this.under = make("p", { dir: "auto" });
    this.face = make("span", { class: "face", "aria-hidden": "true", hidden: true });
    this.more = tool("more", words.text("menu"), () => this.toggleMenu(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.menu = make("div", { class: "menu", role: "menu", hidden: true, onkeydown: (event) => this.menuKey(event) });
    const head = make("div", { class: "head" }, this.face, make("div", { class: "names" }, this.title, this.under), this.more, tool("down", words.text("close"), () => acts.close()), this.menu);
    this.line = make("div", { class: "line", role: "status", hidden: true });
    this.body = make("div", { class: "body" });
    this.foot = make("div", {});
    this.over = make("div", {});
    this.drop = make("div", { class: "drop", hidden: true }, words.text("drop"));
    this.panel = make("div", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: (event) => this.key(event) }, head, this.line, this.body, this.foot, this.over, this.drop);
    this.bubble = make("div", { class: "invite", role: "region", "aria-label": words.text("open"), hidden: true });
    this.news = make("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.dragging();
    this.root.append(make("div", { class: "all" }, this.bubble, this.panel, this.launch, this.news));
    this.unread(0);
  }
  dragging() {
    const holdsFiles = (event) => acceptsFiles() && [...(event.dataTransfer?.types || [])].includes("Files");
    const acceptsFiles = () => this.acts.takesFiles();
    this.panel.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.drop.hidden = false;
    });
    this.panel.addEventListener("dragleave", (event) => this.panel.contains(event.relatedTarget) || (this.drop.hidden = true));
    this.panel.addEventListener("drop", (event) => {
      this.drop.hidden = true;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.acts.files([...event.dataTransfer.files]);
    });
  }
  open() {
    this.isOpen = true;
    this.panel.hidden = false;
    this.host.setAttribute("opened", "");
    this.launch.setAttribute("aria-expanded", "true");
    this.launch.replaceChildren(icon("close"), this.badge);
    this.panel.setAttribute("aria-modal", String(this.narrow.matches));
    this.unread(0);
    this.focus();
  }
  close() {
    this.isOpen = false;
    this.panel.hidden = true;
    this.host.removeAttribute("opened");
    this.launch.setAttribute("aria-expanded", "false");
    this.launch.replaceChildren(icon("chat"), this.badge);
    this.unread(0);
    if (!this.launch.hidden) this.launch.focus();
  }
  focus() {
    const wanted = [".box textarea", "form input:not([type=radio]), form select, form textarea", ".body input", ".body button", ".tool"];
    for (const one of wanted) {
      const found = this.panel.querySelector(one);
      if (found) return found.focus({ preventScroll: true });
    }
  }
  unread(count) {
    this.badge.hidden = !count;
    this.badge.textContent = count ? this.words.number(Math.min(count, 99)) : "";
    const label = this.words.text(this.isOpen ? "close" : "open");
    this.launch.setAttribute("aria-label", count ? `${label}, ${this.words.text("unread", this.words.number(count))}` : label);
  }
  head(title, under, face) {
    this.title.textContent = title;
    this.under.textContent = under || "";
    this.face.hidden = !face;
    this.face.textContent = face ? initials(face) : "";
  }
  status(text, lost) {
    if (this.line.textContent === (text || "") && this.line.classList.contains("lost") === Boolean(lost)) return;
    this.line.hidden = !text;
    this.line.classList.toggle("lost", Boolean(lost));
    this.line.replaceChildren(...(text ? [make("span", { class: "pulse" }), make("span", {}, text)] : []));
  }
  // For who listens: said once, shown nowhere.
  tell(text) {
    this.news.textContent = "";
    setTimeout(() => (this.news.textContent = text), 50);
  }
  items(list) {
    this.more.hidden = !list.length;
    if (!this.menu.hidden) return;
    this.menu.replaceChildren(...list.map(([label, act, checked]) =>
      make("button", { type: "button", role: checked === undefined ? "menuitem" : "menuitemcheckbox", "aria-checked": checked === undefined ? null : String(checked), tabIndex: -1, onclick: () => (this.toggleMenu(false), act()) }, label)));
  }
  toggleMenu(show = this.menu.hidden) {
    this.menu.hidden = !show;
    this.more.setAttribute("aria-expanded", String(show));
    if (show) this.menu.firstElementChild?.focus();
    else this.more.focus();
  }
  menuKey(event) {
    const all = [...this.menu.children], at = all.indexOf(this.root.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      event.preventDefault();
      this.toggleMenu(false);
    }
  }
  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      return this.over.firstChild ? this.cover(null) : this.acts.close();
    }
    // Where the window is the whole screen, one does not fall out of it.
    if (event.key !== "Tab" || !this.narrow.matches) return;
    const all = [...this.panel.querySelectorAll("button, input, textarea, select, a[href]")].filter((one) => !one.disabled && one.tabIndex >= 0 && one.offsetParent);
    const ends = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (this.root.activeElement === ends[0]) {
      event.preventDefault();
      ends[1].focus();
    }
  }
  show(body, foot) {
    if (this.body.firstChild !== body[0] || this.body.childNodes.length !== body.length || body.some((one, at) => one !== this.body.childNodes[at])) this.body.replaceChildren(...body);
    if (this.foot.firstChild !== (foot || null)) this.foot.replaceChildren(...(foot ? [foot] : []));
  }
  cover(element, focus) {
    this.over.replaceChildren(...(element ? [element] : []));
    if (element) (focus || element.querySelector("button, input")).focus();
    else this.focus();
  }
  ask(question, yes, no, act) {
    this.cover(make("div", { class: "card sure", role: "alertdialog", "aria-label": question }, make("b", {}, question),
      make("div", { class: "row" }, make("button", { class: "main", type: "button", onclick: () => (this.cover(null), act()) }, yes), make("button", { class: "plain", type: "button", onclick: () => this.cover(null) }, no))));
  }
  invite(name, text, accept, dismiss) {
    const away = (act) => () => ((this.bubble.hidden = true), act());
    this.bubble.replaceChildren(name ? make("p", { class: "who", dir: "auto" }, name) : "", make("p", { dir: "auto" }, text),
      make("div", { class: "row" }, make("button", { class: "main", type: "button", onclick: away(accept) }, this.words.text("talk")), make("button", { class: "plain", type: "button", onclick: away(dismiss) }, this.words.text("dismiss"))));
    this.bubble.hidden = false;
    this.tell(text);
  }
  remove() {
    this.dark.removeEventListener("change", this.theme);
    this.host.remove();
  }
}
customElements.get("sanjeh-chat") || customElements.define("sanjeh-chat", class extends HTMLElement {});

const initials = (name) => name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("\u200c").toUpperCase();

// A colour of the page's own, and on it whichever of black and white is read better.
function ownColour(color) {
  if (!/^#[0-9a-f]{6}$/i.test(color || "")) return "";
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return `:host,:host([theme]){--accent:${color};--on-accent:${light > 0.179 ? "#000" : "#fff"};--head:var(--accent);--on-head:var(--on-accent)}`;
}
