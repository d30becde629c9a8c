// What calls the agent: a sound, a notification of the desktop, the number in the title.

const TUNES = { offer: [[660, 0], [880, 0.14], [660, 0.28]], message: [[780, 0]], mention: [[520, 0], [660, 0.12]] };

export class Alerts {
  constructor(store, words) {
    this.store = store;
    this.words = words;
    this.hasSound = store.getItem("desk.sound") !== "off";
    this.title = document.title;
  }

  turn(on) {
    this.hasSound = on;
    this.store.setItem("desk.sound", on ? "on" : "off");
    if (on) this.play("message");
  }

  /** A short tune, made here: no file is fetched. */
  play(name) {
    if (!this.hasSound) return;
    this.audio ??= new AudioContext();
    if (this.audio.state === "suspended") this.audio.resume();
    const now = this.audio.currentTime;
    for (const [pitch, after] of TUNES[name]) {
      const tone = this.audio.createOscillator();
      const loud = this.audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, now + after);
      loud.gain.exponentialRampToValueAtTime(0.12, now + after + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.13);
      tone.connect(loud).connect(this.audio.destination);
      tone.start(now + after);
      tone.stop(now + after + 0.15);
    }
  }

  get maySend() {
    return "Notification" in window && Notification.permission === "granted";
  }

  get mayAsk() {
    return "Notification" in window && Notification.permission === "default";
  }

  async ask() {
    return (await Notification.requestPermission()) === "granted";
  }

  /** A notification where the page is out of sight; a press brings the chat. */
  send(title, body, tag, open) {
    if (!this.maySend || document.visibilityState === "visible") return;
    const made = new Notification(title, { body, tag, lang: document.documentElement.lang, dir: document.documentElement.dir });
    made.addEventListener("click", () => {
      window.focus();
      open?.();
      made.close();
    });
  }

  /** The number of what waits for this agent, before the page's title. */
  count(n) {
    document.title = n ? `(${this.words.n(n)}) ${this.title}` : this.title;
  }
}
