// The reader's words, digits and dates: what the page hands over, filled in.

const OPEN = "\u2068"; // what is put into a sentence keeps its own direction
const SHUT = "\u2069";

export class Words {
  constructor({ words, locale, zone }) {
    this.words = words;
    this.locale = locale;
    this.numbers = new Intl.NumberFormat(locale);
    this.two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
    this.plain = new Intl.NumberFormat(locale, { useGrouping: false });
    this.plurals = new Intl.PluralRules(locale);
    this.clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    this.days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: zone });
    this.weekdays = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: zone });
  }

  /** Words under a dotted key, `{places}` filled; `count` chooses the plural form. */
  t(key, parts = {}, count = undefined) {
    let found = this.words;
    for (const name of key.split(".")) found = found?.[name];
    if (found && typeof found === "object") {
      found = found[this.plurals.select(count ?? 0)] ?? found.many ?? found.other;
    }
    if (typeof found !== "string") return key;
    return found.replace(/\{(\w+)\}/gu, (whole, name) => (name in parts ? OPEN + parts[name] + SHUT : whole));
  }

  /** A word of a list that the desk may have more of than the language: else the word itself. */
  known(key, code) {
    let found = this.words;
    for (const name of key.split(".")) found = found?.[name];
    return typeof found?.[code] === "string" ? found[code] : String(code);
  }

  n(value) {
    return this.numbers.format(value);
  }

  time(instant) {
    return this.clock.format(new Date(instant));
  }

  day(instant) {
    return this.days.format(new Date(instant));
  }

  weekday(instant) {
    return this.weekdays.format(new Date(instant));
  }

  moment(instant) {
    return this.day(instant) === this.day(Date.now()) ? this.time(instant) : this.t("moment", { day: this.day(instant), time: this.time(instant) });
  }

  /** A span as a clock shows it: 0:07, 12:40, 1:02:03. */
  span(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    return h ? `${this.plain.format(h)}:${this.two.format(m)}:${this.two.format(s)}` : `${this.plain.format(m)}:${this.two.format(s)}`;
  }

  size(bytes) {
    if (bytes < 1000) return this.t("size.bytes", { n: this.n(bytes) });
    if (bytes < 1_000_000) return this.t("size.kilobytes", { n: this.n(Math.round(bytes / 1000)) });
    return this.t("size.megabytes", { n: this.n(Math.round(bytes / 100_000) / 10) });
  }
}
