// What is remembered between pages, in the page's own storage. Where the browser keeps none, in memory.
const PREFIX = "sanjeh.";
const inMemory = () => {
  const held = new Map();
  return {
    getItem: (key) => (held.has(key) ? held.get(key) : null),
    setItem: (key, value) => held.set(key, String(value)),
    removeItem: (key) => held.delete(key),
    keys: () => [...held.keys()],
  };
};
function working(name) {
  try {
    const storage = window[name];
    storage.setItem(PREFIX + "try", "1");
    storage.removeItem(PREFIX + "try");
    return storage;
  } catch {
    return inMemory();
  }
}

// Before somebody agreed to be recorded or began a chat, only this tab remembers.
class Store {
  constructor() {
    this.local = working("localStorage");
    this.session = working("sessionStorage");
  }
  get(key) {
    return this.local.getItem(PREFIX + key) ?? this.session.getItem(PREFIX + key);
  }
  set(key, value, forLong) {
    this.remove(key);
    try {
      (forLong ? this.local : this.session).setItem(PREFIX + key, value);
    } catch {
      this.session.setItem(PREFIX + key, value); // full; this tab's own has room of its own
    }
  }
  remove(key) {
    this.local.removeItem(PREFIX + key);
    this.session.removeItem(PREFIX + key);
  }
  keys(start) {
    const names = (storage) => (storage.keys ? storage.keys() : Object.keys(storage));
    return names(this.local).filter((key) => key.startsWith(PREFIX + start)).map((key) => key.slice(PREFIX.length)).sort();
  }
  clear() {
    for (const storage of [this.local, this.session])
      for (const key of storage.keys ? storage.keys() : Object.keys(storage))
        if (key.startsWith(PREFIX)) storage.removeItem(key);
  }
}

// Frames that the server has not taken yet, oldest first, each under a key of its own, so that two
// tabs never write over each other. Both may send the same one: the nonce makes it one.
class Unsent {
  constructor(store) {
    this.store = store;
    this.count = 0;
  }
  add(frame) {
    const stamp = Date.now().toString(36).padStart(9, "0") + (this.count++).toString(36).padStart(3, "0");
    this.store.set(`unsent.${stamp}.${frame.nonce}`, JSON.stringify(frame), true);
  }
  all() {
    return this.store.keys("unsent.").map((key) => ({ key, frame: this.read(key) })).filter((held) => held.frame);
  }
  read(key) {
    try {
      return JSON.parse(this.store.get(key));
    } catch {
      this.store.remove(key);
      return null;
    }
  }
  taken(nonce) {
    for (const { key, frame } of this.all()) if (frame.nonce === nonce) this.store.remove(key);
  }
}
