// Where the visitor writes: text, files by button, drag and paste, and what is typed is told.
const TYPING_EVERY = 3000, TYPING_ENDS = 4000, LONGEST = 8000;

class Composer {
  // say(body, attachment), typing(isOn), upload(file) -> attachment; kept.text survives a redraw.
  constructor(words, settings, { say, typing, upload, person, kept }) {
    Object.assign(this, { words, settings, say, typing, upload, kept });
    this.files = [];
    this.chips = make("div", { class: "row" });
    this.person = make("button", { class: "chip act", type: "button", onclick: person }, words.text("person"));
    this.input = make("textarea", { rows: 1, maxLength: LONGEST, placeholder: words.text("write"), "aria-label": words.text("write"), oninput: () => this.changed(), onpaste: (event) => this.pasted(event), onkeydown: (event) => this.key(event) });
    this.input.value = kept.text || "";
    this.turn = turning(this.input, words);
    this.pick = make("input", { type: "file", multiple: true, hidden: true, onchange: () => this.add([...this.pick.files]) });
    this.pick.accept = (settings.files?.types || []).join(",");
    this.button = make("button", { class: "tool send", type: "button", "aria-label": words.text("send"), onclick: () => this.send() }, icon("send"));
    const clip = settings.files ? make("button", { class: "tool", type: "button", "aria-label": words.text("attach"), title: words.text("attach"), onclick: () => this.pick.click() }, icon("clip")) : null;
    this.element = make("div", { class: "write" }, this.chips, make("div", { class: "box" }, clip, this.input, this.button), this.pick);
    this.draw();
  }
  changed() {
    this.kept.text = this.input.value;
    const now = Date.now();
    if (this.input.value && now - (this.told || 0) > TYPING_EVERY) {
      this.told = now;
      this.typing(true);
    }
    clearTimeout(this.stop);
    this.stop = setTimeout(() => this.quiet(), TYPING_ENDS);
    this.size();
    this.draw();
  }
  quiet() {
    clearTimeout(this.stop);
    if (this.told) this.typing(false);
    this.told = 0;
  }
  size() {
    this.input.rows = 1;
    const line = parseFloat(getComputedStyle(this.input).lineHeight) || 22;
    this.input.rows = Math.min(5, Math.max(1, Math.round((this.input.scrollHeight - 16) / line)));
  }
  key(event) {
    // isComposing: Enter chooses a word where one writes with an input method.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
  }
  pasted(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }
  async add(files) {
    this.pick.value = "";
    const { most_bytes: most, types } = this.settings.files || {};
    if (!this.settings.files) return;
    await Promise.all(files.slice(0, 5).map(async (file) => {
      const name = file.name || "file";
      const held = { name, state: "sending" };
      this.files.push(held);
      if (most && file.size > most) Object.assign(held, { state: "bad", why: this.words.text("tooBig", name, this.words.bytes(most)) });
      else if (types?.length && !fits(file, types)) Object.assign(held, { state: "bad", why: this.words.text("badType", name) });
      else {
        this.draw();
        try {
          Object.assign(held, { state: "ready", file: await this.upload(file) });
        } catch (error) {
          Object.assign(held, { state: "bad", why: error.told || this.words.text("noUpload", name) });
        }
      }
      this.draw();
    }));
  }
  send() {
    const body = this.input.value.trim();
    const ready = this.files.filter((held) => held.state === "ready");
    if ((!body && !ready.length) || this.files.some((held) => held.state === "sending")) return;
    this.quiet();
    this.files = [];
    this.input.value = this.kept.text = "";
    this.turn();
    this.say(body, ready[0]?.file);
    for (const held of ready.slice(1)) this.say("", held.file);
    this.size();
    this.draw();
    this.input.focus();
  }
  draw() {
    const chips = this.files.map((held) => {
      const drop = () => {
        this.files = this.files.filter((one) => one !== held);
        this.draw();
        this.input.focus();
      };
      const said = held.state === "bad" ? held.why : held.state === "sending" ? this.words.text("uploading", held.name) : held.name;
      return make("span", { class: "chip" + (held.state === "bad" ? " bad" : ""), role: held.state === "bad" ? "alert" : null }, make("span", { dir: "auto" }, said), make("button", { type: "button", "aria-label": this.words.text("remove", held.name), onclick: drop }, icon("close")));
    });
    this.chips.replaceChildren(this.person, ...chips);
    this.chips.hidden = this.person.hidden && !chips.length;
    const sending = this.files.some((held) => held.state === "sending");
    this.button.disabled = sending || !(this.input.value.trim() || this.files.some((held) => held.state === "ready"));
  }
}
function fits(file, types) {
  const ending = "." + file.name.split(".").pop().toLowerCase();
  return types.some((type) => type === file.type || type === ending || (type.endsWith("/*") && file.type.startsWith(type.slice(0, -1))));
}
