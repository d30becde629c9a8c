// Elements. Whatever anybody wrote becomes a text node, nothing is parsed.
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.startsWith("aria") && name !== "role") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  chat: "M4 5h16v11H9l-5 4z", close: "M6 6l12 12M18 6L6 18", down: "M6 9l6 6 6-6",
  send: "M4 12l16-8-6 16-2.5-6.5z", clip: "M8 12l6-6a3.5 3.5 0 015 5l-8.5 8.5a5.5 5.5 0 01-8-8L11 3.5",
  more: "M5 12h.01M12 12h.01M19 12h.01", file: "M6 3h8l4 4v14H6zM14 3v4h4",
};
function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", "icon i-" + name]]) svg.setAttribute(key, value);
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// A text in which addresses of the web are links.
function linked(text, hint) {
  const pieces = String(text).split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]])/);
  return pieces.map((piece, at) =>
    at % 2 ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer nofollow", title: hint }, piece) : piece);
}

// The address of a file, as long as it is one of the web.
function webAddress(url, base) {
  try {
    const address = new URL(url, base);
    return /^https?:$/.test(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}
