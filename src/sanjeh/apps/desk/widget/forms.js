// Forms: questions before a chat, a message after hours, the survey, a copy by mail.
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
let fieldCount = 0;

// Written right to left or left to right as its text is, and as the language while it is empty.
function turning(input, words) {
  const turn = () => (input.dir = input.value ? "auto" : words.right ? "rtl" : "ltr");
  input.addEventListener("input", turn);
  turn();
  return turn;
}

// One labelled field; `check()` says what is wrong and puts it beside the field.
function field(words, { name, label, kind, choices, required, any }) {
  const id = "f" + fieldCount++;
  const attributes = { id, name, "aria-describedby": id + "w", required, maxLength: kind === "long" ? 4000 : 300 };
  const long = kind === "long", chosen = kind === "choice";
  const input = chosen
    ? make("select", { id, name, "aria-describedby": id + "w", required }, make("option", { value: "" }, any || ""), (choices || []).map((one) => make("option", { value: one.id ?? one }, one.name ?? one)))
    : make(long ? "textarea" : "input", { ...attributes, type: long ? null : kind === "email" ? "email" : "text", rows: long ? 3 : null, autocomplete: kind === "email" ? "email" : name === "name" ? "name" : "off" });
  const wrong = make("p", { class: "wrong", id: id + "w" });
  const check = () => {
    const value = input.value.trim();
    const key = required && !value ? "must" : kind === "email" && value && !MAIL.test(value) ? "mail" : null;
    wrong.textContent = key ? words.text(key) : "";
    input.setAttribute("aria-invalid", String(Boolean(key)));
    return !key;
  };
  input.addEventListener("change", () => wrong.textContent && check());
  if (!chosen) turning(input, words);
  const hint = required ? "" : make("small", {}, ` (${words.text("optional")})`);
  return { element: make("div", {}, make("label", { htmlFor: id }, label, hint), input, wrong), input, name, check, value: () => input.value.trim() };
}

// A form of such fields; sent(values) when all are right, else the first wrong one has the focus.
function form(fields, submit, sent, ...before) {
  return make("form", {
    noValidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      const wrong = fields.filter((one) => !one.check());
      if (wrong.length) return wrong[0].input.focus();
      sent(Object.fromEntries(fields.map((one) => [one.name, one.value()])));
    },
  }, before, fields.map((one) => one.element), make("button", { class: "main", type: "submit" }, submit));
}

function startForm(words, settings, { isOpen, opensAt, greeting, known, kept }, begin) {
  const asked = (settings.questions || []).filter((one) => !(known && known[one.name]));
  const fields = asked.map((one) => field(words, { ...one, required: one.required || (!isOpen && one.kind === "email") }));
  if (!isOpen && !(known && known.email) && !asked.some((one) => one.kind === "email"))
    fields.push(field(words, { name: "email", label: words.text("email"), kind: "email", required: true }));
  const teams = settings.teams || [];
  if (isOpen && teams.length > 1) fields.push(field(words, { name: " team", label: words.text("team"), kind: "choice", choices: teams, any: words.text("any") }));
  const body = field(words, { name: " body", label: words.text("message"), kind: "long", required: true });
  body.input.value = kept.text || "";
  body.input.dir = kept.text ? "auto" : body.input.dir;
  body.input.addEventListener("input", () => (kept.text = body.input.value));
  fields.push(body);
  const notice = isOpen
    ? make("p", { class: "greet", dir: "auto" }, greeting || settings.greeting || words.text("hello"))
    : make("div", { class: "notice" }, make("b", {}, words.text("away")), opensAt ? make("p", {}, words.text("opens", `${words.day(opensAt)}, ${words.time(opensAt)}`)) : null, make("p", {}, words.text("leave")));
  const privacy = settings.privacy && webAddress(settings.privacy, location.href);
  const made = form(fields, words.text(isOpen ? "start" : "leaveIt"), (values) => {
    const { " team": team, " body": text, ...answers } = values;
    begin({ answers, body: text, team });
  }, notice);
  if (/^https?:/.test(settings.privacy || "") && privacy) made.append(make("p", { class: "soft" }, make("a", { href: privacy, target: "_blank", rel: "noopener" }, words.text("privacy"))));
  else if (settings.privacy) made.append(make("p", { class: "soft", dir: "auto" }, settings.privacy));
  return made;
}

function surveyForm(words, survey, send) {
  const fields = survey.questions.map((question) => {
    const scored = question.kind !== "text";
    if (!scored) return field(words, { name: question.id, label: question.text, kind: "long", required: question.required });
    const id = "f" + fieldCount++;
    const low = question.low ?? 1, high = question.high ?? 5;
    const options = question.choices
      ? question.choices.map((one) => [one.id ?? one, one.name ?? one.text ?? one])
      : Array.from({ length: high - low + 1 }, (_, at) => [low + at, words.number(low + at)]);
    const ends = [question.low_label, question.high_label];
    const label = (at) => (at === 0 ? ends[0] : at === options.length - 1 ? ends[1] : null);
    const shape = question.choices ? "scores list" : options.length > 7 ? "scores many" : "scores";
    const wrong = make("p", { class: "wrong", id: id + "w" });
    const radios = options.map(([, text], at) =>
      make("label", {}, make("input", { type: "radio", name: id, value: String(at), "aria-label": label(at) ? `${text}, ${label(at)}` : null }), make("span", {}, text)));
    const element = make("fieldset", { "aria-describedby": id + "w" }, make("legend", { dir: "auto" }, question.text), make("div", { class: shape }, radios),
      ends[0] || ends[1] ? make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, ends[0] || ""), make("span", {}, ends[1] || "")) : null, wrong);
    const chosen = () => element.querySelector("input:checked");
    element.addEventListener("change", () => (wrong.textContent = ""));
    const value = () => (chosen() ? options[Number(chosen().value)][0] : null);
    const check = () => {
      wrong.textContent = question.required && !chosen() ? words.text("none") : "";
      return !wrong.textContent;
    };
    return { element, name: question.id, input: element.querySelector("input"), check, value, wrong };
  });
  const made = form(fields, words.text("rateIt"), (answers) => {
    const given = Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null && value !== ""));
    if (Object.keys(given).length) return send(given);
    if (fields[0].wrong) fields[0].wrong.textContent = words.text("none");
    fields[0].input.focus();
  }, make("p", { class: "greet" }, words.text("rate")));
  made.classList.add("after");
  return made;
}

function mailForm(words, mail, send, cancel) {
  const one = field(words, { name: "email", label: words.text("email"), kind: "email", required: true });
  one.input.value = mail || "";
  const made = form([one], words.text("transcript"), ({ email }) => send(email));
  made.append(make("button", { class: "plain", type: "button", onclick: cancel }, words.text("no")));
  made.classList.add("card", "sure");
  return { element: made, input: one.input };
}
