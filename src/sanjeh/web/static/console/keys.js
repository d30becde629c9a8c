// Shortcuts. Single letters work while no text is written and can be turned off; Alt works anywhere.
//
// Keys are told by their place on the keyboard, so that they work under a Persian or Russian layout.

/** name of what is done → the place of its key, how it is written, and whether Alt goes with it. */
export const KEYS = {
  next: ["KeyJ", "J"],
  previous: ["KeyK", "K"],
  next_anywhere: ["ArrowDown", "Alt+↓", "alt"],
  previous_anywhere: ["ArrowUp", "Alt+↑", "alt"],
  accept: ["KeyA", "A"],
  accept_anywhere: ["KeyA", "Alt+A", "alt"],
  decline: ["KeyD", "D"],
  reply: ["KeyR", "R"],
  note: ["KeyN", "N"],
  canned: ["Slash", "/"],
  tag: ["KeyG", "G"],
  topic: ["KeyO", "O"],
  followup: ["KeyF", "F"],
  transfer: ["KeyT", "T"],
  pick: ["KeyX", "X"],
  join: ["KeyI", "I"],
  leave: ["KeyL", "L"],
  escalate: ["KeyE", "E"],
  close: ["KeyC", "C"],
  wrapped: ["KeyW", "W"],
  reason: ["KeyY", "Y"],
  watch: ["KeyV", "V"],
  take: ["KeyU", "U"],
  presence: ["KeyP", "P"],
  inbox: ["KeyB", "B"],
  sound: ["KeyM", "M"],
  help: ["Slash", "?", "shift"],
};
const SAME = { stop_watching: "watch" };

export class Keys {
  constructor(store, run) {
    this.store = store;
    this.run = run;
    this.isOn = store.getItem("desk.keys") !== "off";
    addEventListener("keydown", (event) => this.#pressed(event));
  }

  turn(on) {
    this.isOn = on;
    this.store.setItem("desk.keys", on ? "on" : "off");
  }

  /** How a shortcut is written, for a button's title; empty where there is none. */
  written(name) {
    return KEYS[SAME[name] ?? name]?.[1] ?? "";
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const writes = event.target.closest?.("input, textarea, select, [contenteditable]");
    for (const [name, [code, , with_]] of Object.entries(KEYS)) {
      const isPlace = event.code === code || (name === "help" && event.key === "?") || (name === "canned" && event.key === "/");
      if (!isPlace || event.altKey !== (with_ === "alt")) continue;
      if (with_ !== "alt" && (writes || !this.isOn)) continue;
      if (name === "help" ? event.key !== "?" && !event.shiftKey : with_ !== "alt" && event.shiftKey && event.key !== "/") continue;
      if (name === "canned" && event.key === "?") continue;
      event.preventDefault();
      this.run(name.replace("_anywhere", ""));
      return;
    }
  }
}
