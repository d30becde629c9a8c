// What is told of the visit: pages, conversions, invitations by rule. Nothing without consent.
class Visit {
  constructor(base, store, token) {
    Object.assign(this, { base, store, token });
    this.timers = [];
  }
  page() {
    this.at = location.href;
    return { url: location.href, title: document.title, referrer: document.referrer, key: (this.key = randomId()) };
  }
  // Shops that draw their pages with script change the address without loading.
  watch(moved) {
    const look = () => this.at !== undefined && this.at.split("#")[0] !== location.href.split("#")[0] && moved();
    addEventListener("popstate", () => setTimeout(look));
    window.navigation?.addEventListener("navigatesuccess", look);
  }
  beacon(path, body) {
    return fetch(this.base + path, { method: "POST", keepalive: true, credentials: "omit", headers: { "Content-Type": "text/plain" }, body: JSON.stringify({ ...body, token: this.token() }) });
  }
  // Kept until the server has answered, under an id of its own, so that it counts once.
  convert(type, value, more = {}) {
    const told = { type, value, currency: more.currency, id: more.id || randomId() };
    this.store.set("told." + told.id, JSON.stringify(told), true);
    return this.tell();
  }
  async tell() {
    if (!this.token()) return;
    for (const key of this.store.keys("told.")) {
      try {
        const answer = await this.beacon("/site/convert", JSON.parse(this.store.get(key)));
        if (answer.ok || (answer.status < 500 && answer.status !== 429 && answer.status !== 401)) this.store.remove(key);
      } catch {
        return; // told at the next page, or when the line is back
      }
    }
  }
  // rules: {id, pages, seconds, text}; show(rule) when one has come due.
  invite(rules, show) {
    this.timers.forEach(clearTimeout);
    this.timers = (rules || []).filter((rule) => matches(rule.pages, location)).map((rule) => setTimeout(() => show(rule), rule.seconds * 1000));
  }
}
function matches(pattern, { pathname, search }) {
  const asked = (pattern || "*").split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${asked}$`).test(pathname) || new RegExp(`^${asked}$`).test(pathname + search);
}
