// Everything put together, and what the page may ask for: window.sanjeh.
const script = document.currentScript;
const KEPT_FOR = 12 * 3600 * 1000;

class Widget {
  constructor(options) {
    this.options = options;
    this.base = String(options.baseUrl || new URL(script?.src || location.href).origin).replace(/\/$/, "");
    this.store = new Store();
    this.words = new Words(options.locale || document.documentElement.lang || navigator.language);
    this.kept = { text: this.store.get("draft") || "" };
    this.visit = new Visit(this.base, this.store, () => this.token);
    this.line = new Line(this.base, this.store, () => this.helloFrame(), (frame) => this.told(frame), (isUp, wasUp) => this.stands(isUp, wasUp));
    this.token = this.store.get("token");
    this.log = new Log(this.words, this.base);
    this.wasUp = false;
    this.visit.watch(() => this.moved());
    this.hello();
  }
  get remembers() {
    return this.recorded || Boolean(this.store.get("chat"));
  }
  async hello() {
    if (this.greeting) return (this.again = true);
    this.greeting = true;
    const { options } = this;
    const page = options.consent === false ? null : this.visit.page();
    const body = { token: this.token || undefined, known: options.identity, language: this.words.code, page, consent: options.consent };
    try {
      const answer = await fetch(this.base + "/chat/hello", { method: "POST", credentials: "omit", headers: { "Content-Type": "text/plain" }, body: JSON.stringify(body) });
      if (answer.status === 403 || answer.status === 404) return console.warn("sanjeh: this site is not among the allowed origins");
      if (answer.status === 401 && options.identity) {
        console.warn("sanjeh: the identity token is not good");
        options.identity = undefined;
      }
      if (!answer.ok) throw new Error(answer.status);
      this.greeted(await answer.json());
    } catch {
      this.helloTries = (this.helloTries || 0) + 1;
      setTimeout(() => this.hello(), Math.min(LATEST, SOONEST * 2 ** this.helloTries) * (0.5 + Math.random() / 2));
    } finally {
      this.greeting = false;
      if (this.again) this.hello((this.again = false));
    }
  }
  greeted(answer) {
    this.helloTries = 0;
    this.settings = answer.settings || {};
    this.openness = answer.open || { is_open: true };
    this.token = answer.token;
    this.rules = answer.invitations;
    this.recorded = Boolean(answer.visit); // they agreed, or the site takes silence for it
    if (answer.chat && !this.store.get("chat")) this.store.set("chat", answer.chat, true);
    this.store.set("token", this.token, this.remembers);
    if (!this.panel) this.draw();
    else this.render();
    // Who neither agreed nor chats is not watched: the socket opens with the window.
    if (this.recorded || this.store.get("chat") || this.line.unsent.all().length || this.panel.isOpen) this.line.open();
    this.visit.tell();
    this.visit.invite(this.rules, (rule) => this.mayInvite() && this.invited({ id: randomId(), rule: rule.id, text: rule.text }, true));
    if (this.store.get("open")) this.open();
    if (!this.isReady) {
      this.isReady = true;
      window.dispatchEvent(new CustomEvent("sanjeh:ready"));
    }
  }
  helloFrame() {
    const kept = this.store.get("chat") || undefined;
    const chat = /^\d+$/.test(kept) ? Number(kept) : kept;
    return { type: "hello", token: this.token, chat, after: this.log.last };
  }
  draw() {
    this.panel = new Panel(this.words, this.options, {
      toggle: () => this.toggle(), close: () => this.close(),
      takesFiles: () => Boolean(this.composer?.element.isConnected && this.settings.files),
      files: (files) => this.composer.add(files),
    });
    this.log.words = this.words;
    this.composer = null;
    this.begin = null;
    this.render();
  }

  // What the server says.
  told(frame) {
    const act = { welcome: this.welcomed, entry: this.entered, state: this.stated, typing: this.typed, seen: this.wasSeen, invite: this.invited, survey: this.asked, done: this.taken, refused: this.refused, forgotten: this.forgotten }[frame.type];
    if (act) act.call(this, frame);
  }
  welcomed({ chat, entries, open, survey }) {
    if (open) this.openness = open;
    if (chat) this.changeTo(chat.chat ?? chat.id);
    this.chat = chat || null;
    const newest = (entries || []).at(-1);
    // An old chat that is over is not what somebody who comes again wants to see first.
    if (chat?.state === "ended" && newest && Date.now() - new Date(newest.at) > KEPT_FOR) return this.fresh();
    if (!chat && !this.line.unsent.all().length) this.store.remove("chat");
    for (const entry of entries || []) this.log.take(entry);
    if (this.wasUp) this.panel.tell(this.words.text("back"));
    this.wasUp = true;
    this.visit.tell();
    if (survey) this.asked(survey);
    this.render();
    this.read();
  }
  changeTo(id) {
    if (id === undefined || id === null || String(id) === this.store.get("chat")) return;
    if (this.store.get("chat") || this.log.last) this.log.forget();
    this.survey = this.rated = null;
    this.store.set("chat", id, true);
    this.store.set("token", this.token, true);
  }
  entered(frame) {
    const entry = frame;
    if (String(frame.chat) !== this.store.get("chat")) this.changeTo(frame.chat);
    if (!this.log.take(entry)) return;
    if (!isMine(entry)) this.typist = null;
    const far = this.body() && this.body().scrollHeight - this.body().scrollTop - this.body().clientHeight > 160;
    this.render();
    if (!far || isMine(entry)) this.bottom();
    if (isEvent(entry) || isMine(entry)) return;
    this.sound();
    if (!this.panel.isOpen) {
      this.panel.unread(++this.count || (this.count = 1));
      this.panel.tell(`${entry.author?.name || this.words.text("somebody")}: ${entry.body || entry.attachment?.name || ""}`);
    }
    this.read();
  }
  stated(frame) {
    const before = this.chat;
    if (frame.state === "ended" && String(frame.chat) !== this.store.get("chat")) return;
    this.changeTo(frame.chat);
    this.chat = frame;
    this.askedPerson = frame.agent ? false : this.askedPerson;
    if (frame.state === "ended") this.typist = null;
    const news = this.newsOf(frame);
    if (news && (!before || this.newsOf(before) !== news)) this.panel.tell(news);
    this.render();
    this.bottom();
  }
  typed({ on, name }) {
    clearTimeout(this.typingEnds);
    this.typist = on ? name || this.words.text("somebody") : null;
    if (on) this.typingEnds = setTimeout(() => this.typed({ on: false }), 8000);
    this.render();
    if (on) this.bottom();
  }
  wasSeen({ number }) {
    this.log.seen = Math.max(this.log.seen, number);
    this.render();
  }
  asked(frame) {
    if (this.survey?.invitation === frame.invitation) return;
    this.survey = frame;
    this.rated = null;
    this.surveyNode = surveyForm(this.words, frame, (answers) => this.rate(answers));
    this.render();
    this.bottom();
  }
  taken(frame) {
    if (frame.chat) this.changeTo(frame.chat);
    if (frame.nonce === this.startNonce) {
      this.startNonce = null;
    }
    if (frame.nonce === this.copyNonce) this.panel.tell(this.note = this.words.text("copied", this.copyTo));
    this.render();
  }
  refused(frame) {
    if (frame.after_seconds <= LATEST_PAUSE && frame.nonce) return this.flash(this.words.text("slow"));
    const held = this.sentFrames?.get(frame.nonce);
    const why = this.words.text({ ended: "ended" }[frame.code] || "refused"); // the message is for developers
    if (held?.type === "rate") this.rated = null;
    if (held?.body || held?.file) this.log.failed.set(frame.nonce, { frame: held, why });
    else if (frame.nonce) this.flash(why);
    if (frame.nonce === this.startNonce) this.startNonce = null;
    if (/token|visitor|unknown_visitor/.test(frame.code || "") && !frame.nonce) return this.forgotten();
    this.render();
  }
  forgotten() {
    this.store.remove("token");
    this.token = null;
    this.line.close();
    this.hello();
  }
  stands(isUp, wasUp) {
    if (wasUp && this.panel?.isOpen) this.panel.tell(this.words.text("lost"));
    this.render();
  }

  // What the visitor does.
  keep(frame) {
    const whole = { ...frame, nonce: frame.nonce || randomId(), at: new Date().toISOString() };
    (this.sentFrames = this.sentFrames || new Map()).set(whole.nonce, whole);
    this.store.set("token", this.token, true);
    this.line.keep(whole);
    this.line.open();
    this.render();
    this.bottom();
    return whole.nonce;
  }
  start({ answers, body, team }) {
    this.kept.text = "";
    this.saveDraft();
    this.mail = answers.email || this.mail;
    this.log.forget();
    this.survey = this.rated = this.begin = null;
    this.chat = null;
    this.store.remove("chat");
    this.invitationShown = this.invitationShown || this.store.get("invited");
    const page = this.options.consent === false ? undefined : { url: location.href, title: document.title, referrer: document.referrer };
    this.startNonce = this.keep({ type: "start", answers, body, team: Number(team) || undefined, language: this.words.code, page, invitation: this.invitationShown || undefined });
    this.store.remove("invited");
    this.panel.focus();
  }
  say(body, file) {
    this.saveDraft();
    this.keep({ type: "say", body, attachment: file?.id, file });
  }
  retry(frame) {
    this.log.failed.delete(frame.nonce);
    this.keep(frame);
  }
  async upload(file) {
    const form = new FormData();
    form.append("file", file, file.name);
    const answer = await fetch(this.base + "/chat/files", { method: "POST", credentials: "omit", headers: { Authorization: "Bearer " + this.token }, body: form });
    if (answer.ok) return answer.json();
    const most = this.settings.files?.most_bytes;
    const told = answer.status === 413 && most ? this.words.text("tooBig", file.name, this.words.bytes(most)) : answer.status === 415 ? this.words.text("badType", file.name) : null;
    throw Object.assign(new Error(answer.status), { told });
  }
  rate(answers) {
    this.rated = answers;
    this.keep({ type: "rate", invitation: this.survey.invitation, answers });
    this.panel.tell(this.words.text("thanks"));
  }
  copy() {
    const { element, input } = mailForm(this.words, this.mail, (email) => {
      this.copyTo = email;
      this.copyNonce = this.keep({ type: "transcript", email });
      this.panel.cover(null);
    }, () => this.panel.cover(null));
    this.panel.cover(element, input);
  }
  person() {
    this.askedPerson = true;
    this.line.say({ type: "person" }, true);
    this.panel.tell(this.words.text("asked"));
    this.render();
  }
  above() {
    this.line.say({ type: "escalate" }, true);
    this.flash(this.words.text("asked"));
  }
  end() {
    const { words } = this;
    this.panel.ask(words.text("sure"), words.text("yes"), words.text("no"), () => this.line.say({ type: "end" }, true));
  }
  fresh() {
    this.store.remove("chat");
    this.log.forget();
    this.chat = this.survey = this.rated = this.begin = this.note = null;
    this.render();
    this.panel.focus();
  }
  read() {
    const newest = this.log.lastTheirs;
    if (!this.panel?.isOpen || document.hidden || !newest || newest === this.readTo) return;
    if (!this.line.isUp) return;
    this.readTo = newest;
    this.count = 0;
    this.panel.unread(0);
    this.line.say({ type: "seen", number: newest });
  }
  moved() {
    if (!this.recorded) return;
    const page = this.visit.page();
    if (this.line.isUp) this.line.say({ type: "page", ...page });
    else if (this.token) this.visit.beacon("/site/page", { page }).catch(() => {}); // one page the less
    this.visit.invite(this.rules, (rule) => this.mayInvite() && this.invited({ id: randomId(), rule: rule.id, text: rule.text }, true));
  }

  // Invitations.
  mayInvite() {
    return !this.panel.isOpen && !this.chat && !this.store.get("invitedOnce") && this.openness.is_open && !document.hidden;
  }
  invited({ id, rule, text, agent }) {
    if (this.chat && this.chat.state !== "ended") return;
    const tell = (result) => this.line.say({ type: "invitation", id, rule, result }, true);
    this.store.set("invitedOnce", id, this.remembers);
    this.rules = [];
    tell("shown");
    this.greet = text;
    this.begin = null;
    if (this.panel.isOpen) return this.accept(id, tell);
    this.panel.invite(agent?.name || agent || "", text, () => this.accept(id, tell), () => {
      tell("dismissed");
      this.greet = null;
      if (!this.panel.launch.hidden) this.panel.launch.focus();
    });
  }
  accept(id, tell) {
    tell("accepted");
    this.invitationShown = id;
    this.store.set("invited", id, false);
    this.open();
    this.render();
  }

  // What is seen.
  newsOf(chat) {
    const { words } = this;
    if (!chat || chat.state === "ended") return "";
    if (chat.state === "talking") return chat.agent ? words.text("talking", chat.agent.name) : "";
    if (chat.position === 1) return words.text("first");
    return chat.position ? words.text("place", words.number(chat.position)) : words.text("waiting");
  }
  flash(text) {
    this.flashed = text;
    clearTimeout(this.flashEnds);
    this.flashEnds = setTimeout(() => this.render((this.flashed = null)), 5000);
    this.render();
  }
  body() {
    return this.panel?.body;
  }
  bottom() {
    if (this.panel && this.log.element.isConnected) this.panel.body.scrollTop = this.panel.body.scrollHeight;
  }
  saveDraft() {
    if (this.kept.text) this.store.set("draft", this.kept.text, false);
    else this.store.remove("draft");
  }
  render() {
    const { panel, words, chat, settings } = this;
    if (!panel || !settings) return;
    const waiting = this.line.unsent.all().map((held) => held.frame).filter((frame) => frame.type === "start" || frame.type === "say");
    const isOver = chat?.state === "ended";
    this.wasLeft = isOver && chat.reason === "outside_hours";
    const going = chat ? !isOver : waiting.length > 0 || Boolean(!this.wasUp && this.store.get("chat"));
    const agent = !isOver && chat?.agent?.name;
    const title = settings.title || words.text("title");
    panel.head(agent || title, agent ? title : "", agent);
    const lost = !this.line.isUp && this.line.wanted && (this.wasUp || this.line.tries > 1);
    const news = this.newsOf(chat) || (going ? words.text("waiting") : "");
    panel.status(lost ? words.text("lost") : this.flashed || (this.askedPerson && !agent && going ? words.text("asked") : chat?.state === "talking" ? "" : news), lost);
    panel.items([
      ...(going && !agent ? [[words.text("person"), () => this.person()]] : []),
      ...(chat ? [[words.text("transcript"), () => this.copy()]] : []),
      ...(settings.sound === false ? [] : [[words.text("sound"), () => this.mute(), !this.isMute]]),
      ...(agent ? [[words.text("above"), () => this.above()]] : []),
      ...(going && chat ? [[words.text("end"), () => this.end()]] : []),
    ]);
    if (!going && !isOver && !this.log.entries.size && !this.log.failed.size) return this.renderStart();
    this.log.draw(waiting, this.typist, (frame) => this.retry(frame));
    const after = isOver ? this.afterwards() : [];
    if (!isOver && !this.composer) {
      this.composer = new Composer(words, settings, {
        kept: this.kept, say: (body, file) => this.say(body, file), typing: (on) => this.line.say({ type: "typing", on }),
        upload: (file) => this.upload(file), person: () => this.person(),
      });
      this.composer.input.addEventListener("input", () => this.saveDraft());
    }
    if (this.composer) {
      this.composer.person.hidden = Boolean(agent) || this.askedPerson || chat?.state !== "talking";
      this.composer.draw();
    }
    const had = panel.root.activeElement === this.composer?.input;
    panel.show([this.log.element, ...after], isOver ? null : this.composer.element);
    if (had && isOver) panel.focus();
  }
  renderStart() {
    const { openness, words } = this;
    const look = [openness.is_open, openness.opens_at, this.greet].join();
    if (!this.begin || this.begin.look !== look) {
      const opensAt = openness.opens_at ? new Date(openness.opens_at) : null;
      const element = startForm(words, this.settings, { isOpen: openness.is_open, opensAt, greeting: this.greet, known: this.options.known, kept: this.kept }, (told) => this.start(told));
      element.addEventListener("input", () => this.saveDraft());
      this.begin = { look, element };
    }
    this.composer = null;
    this.panel.show([this.begin.element], null);
  }
  // Under a chat that has ended. Made anew only when it changes: nobody loses what is half chosen.
  afterwards() {
    const { words } = this;
    const look = [this.wasLeft, this.survey?.invitation, this.rated, this.note].join();
    if (this.afterLook === look && this.afterNodes) return this.afterNodes;
    this.afterLook = look;
    const closed = this.survey?.closes_at && new Date(this.survey.closes_at) < new Date();
    const thanks = this.rated && make("div", { class: "card after" }, make("b", {}, words.text("thanks")), closed ? null : make("div", {}, make("button", { class: "plain", type: "button", onclick: () => this.render((this.rated = null)) }, words.text("change"))));
    return (this.afterNodes = [
      make("p", { class: "event" }, words.text(this.wasLeft ? "left" : "ended")),
      this.survey && !closed ? thanks || this.surveyNode : thanks,
      make("div", { class: "card after" }, this.note ? make("p", { class: "soft", dir: "auto" }, this.note) : null,
        make("div", { class: "row" }, make("button", { class: this.survey && !this.rated ? "plain" : "main", type: "button", onclick: () => this.fresh() }, words.text("fresh")),
          this.wasLeft ? null : make("button", { class: "plain", type: "button", onclick: () => this.copy() }, words.text("transcript")))),
    ].filter(Boolean));
  }
  mute() {
    this.isMute = !this.isMute;
    this.store.set("mute", this.isMute ? "yes" : "no", this.remembers);
    this.panel.tell(this.words.text(this.isMute ? "soundOff" : "soundOn"));
    if (!this.isMute) this.sound(true);
    this.render();
  }
  // Two soft notes, made here: no file to load, nothing for a policy to forbid.
  sound(anyway) {
    if (this.settings.sound === false || this.isMute || !(anyway || !this.panel.isOpen || document.hidden)) return;
    if (!navigator.userActivation?.hasBeenActive) return; // the browser would not play it
    const context = (this.context = this.context || new AudioContext());
    [660, 880].forEach((pitch, at) => {
      const tone = context.createOscillator(), loud = context.createGain(), from = context.currentTime + at * 0.12;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, from);
      loud.gain.exponentialRampToValueAtTime(0.08, from + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.3);
      tone.connect(loud).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.32);
    });
  }
  open() {
    if (!this.panel || this.panel.isOpen) return;
    this.panel.bubble.hidden = true;
    this.store.set("open", "yes", false);
    this.count = 0;
    this.line.open();
    this.panel.open();
    this.bottom();
    this.read();
  }
  close() {
    if (!this.panel?.isOpen) return;
    this.store.remove("open");
    this.composer?.quiet();
    this.panel.close();
  }
  toggle() {
    if (this.panel?.isOpen) this.close();
    else this.open();
  }
  redraw() {
    const wasOpen = this.panel?.isOpen;
    this.panel?.remove();
    this.panel = null;
    this.log.drawn.clear();
    if (this.survey) this.surveyNode = surveyForm(this.words, this.survey, (answers) => this.rate(answers));
    this.afterLook = null;
    if (this.settings) this.draw();
    if (wasOpen) this.open();
  }
  setLocale(language) {
    this.words = new Words(language);
    this.options.locale = this.words.code;
    this.log.words = this.words;
    this.redraw();
    this.hello(); // questions and greeting come in the language
  }
  setUser(identity) {
    this.options.identity = identity;
    this.hello();
  }
  setConsent(isGiven) {
    this.options.consent = Boolean(isGiven);
    this.hello();
  }
  reset() {
    this.line.close();
    this.store.clear();
    this.token = null;
    this.options.identity = undefined;
    this.log.forget();
    this.chat = this.survey = this.rated = this.begin = this.greet = null;
    this.kept.text = "";
    this.redraw();
    this.close();
    this.hello();
  }
}

const settings = { ...script?.dataset, ...window.sanjehSettings };
for (const name of ["consent", "hideLauncher"]) if (typeof settings[name] === "string") settings[name] = settings[name] === "" || settings[name] === "true" || settings[name] === "yes";
let widget = null;
const api = {
  run(more) {
    if (widget) return;
    const go = () => (widget = new Widget({ ...settings, ...more }));
    if (document.body) go();
    else addEventListener("DOMContentLoaded", go);
  },
};
for (const name of ["setUser", "setLocale", "setConsent", "open", "close", "toggle", "reset"]) api[name] = (...parts) => widget?.[name](...parts);
api.convert = (type, value, more) => widget?.visit.convert(type, value, more);
api.page = () => widget?.moved();
if (!window.sanjeh) {
  window.sanjeh = api;
  if (settings.run !== false && settings.run !== "no") api.run();
}
