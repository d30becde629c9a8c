// Elements from plain values. What people wrote is only ever set as text, never as markup.

const SPECIAL = new Set(["on", "data"]);

/** An element: attributes by name, `on` for listeners, `data` for data attributes, then children. */
export function el(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false || SPECIAL.has(key)) continue;
    if (key === "class") made.className = value;
    else if (value === true) made.setAttribute(key, "");
    else made.setAttribute(key, String(value));
  }
  for (const [event, handler] of Object.entries(given.on ?? {})) made.addEventListener(event, handler);
  for (const [key, value] of Object.entries(given.data ?? {})) made.dataset[key] = value;
  made.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return made;
}

/** Text set where it differs, so that a screen reader hears changes only. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Children of `parent` made equal to `items`, nodes of the same key kept, and with them the focus. */
export function keyed(parent, items, keyOf, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let before = null;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = old.get(key);
    if (node) old.delete(key);
    else {
      node = make(item);
      node.dataset.key = key;
    }
    update?.(node, item);
    const there = before ? before.nextSibling : parent.firstChild;
    if (there !== node) parent.insertBefore(node, there);
    before = node;
  }
  for (const gone of old.values()) gone.remove();
}

/** A name's first letters, for the round mark beside it. */
export function initials(name) {
  const parts = name.trim().split(/\s+/u).filter(Boolean);
  return parts.slice(0, 2).map((p) => [...p][0]).join("\u200c").toLocaleUpperCase() || "·";
}

/** A colour of eight that stays the same for a name. */
export function hue(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % 8;
}

/** The round mark of a person. */
export function mark(name) {
  return el("span", { class: `mark-of hue-${hue(name)}`, "aria-hidden": "true" }, initials(name));
}
