// Small dialogs: a few fields, an answer or none. The browser keeps the focus inside, Escape leaves.

import { el, say } from "./dom.js";

let made = 0;

/**
 * Ask by a dialog. fields: [{name, label, form: radio|select|text|area|check, choices: [[value, words]], start,
 * needs(values): whether it must be answered now, shows(values): whether it is asked now}].
 * Resolves to the values, or null where the reader left.
 */
export function ask(words, { title, lead, fields, go }) {
  const id = `ask-${(made += 1)}`;
  const values = Object.fromEntries(fields.map((f) => [f.name, f.start ?? ""]));
  const wrong = el("p", { class: "error", role: "alert" });
  const nodes = new Map();
  const redraw = () => {
    for (const field of fields) nodes.get(field.name).hidden = field.shows ? !field.shows(values) : false;
  };
  const set = (name, value) => {
    values[name] = value;
    say(wrong, "");
    redraw();
  };
  for (const field of fields) nodes.set(field.name, control(id, field, values, set));
  const dialog = el(
    "dialog", { class: "ask", "aria-labelledby": `${id}-title` },
    el(
      "form", { method: "dialog", novalidate: true },
      el("h2", { id: `${id}-title` }, title), lead ? el("p", { class: "lead" }, lead) : null,
      ...nodes.values(), wrong,
      el(
        "p", { class: "buttons" }, el("button", { class: "first", value: "go" }, go),
        el("button", { class: "second", type: "button", data: { act: "cancel" } }, words.t("ask.cancel")),
      ),
    ),
  );
  document.body.append(dialog);
  redraw();
  return new Promise((resolve) => {
    let answer = null;
    const cancel = dialog.querySelector("[data-act=cancel]");
    cancel.addEventListener("click", () => dialog.close());
    dialog.querySelector("form").addEventListener("submit", (event) => {
      const missing = fields.find((f) => !nodes.get(f.name).hidden && f.needs?.(values) && !String(values[f.name]).trim());
      if (missing) {
        event.preventDefault();
        say(wrong, words.t("ask.missing", { what: missing.label }));
        nodes.get(missing.name).querySelector("input, select, textarea")?.focus();
        return;
      }
      answer = { ...values };
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
    const first = dialog.querySelector("input:checked, input, select, textarea");
    (first ?? cancel).focus();
  });
}

function control(id, field, values, set) {
  const name = `${id}-${field.name}`;
  if (field.form === "radio") {
    const boxes = field.choices.map(([value, said, more]) =>
      el(
        "label", { class: "radio" },
        el("input", { type: "radio", name, value, checked: value === field.start, on: { change: () => set(field.name, value) } }),
        el("bdi", {}, said), more ? el("small", {}, more) : null,
      ),
    );
    return el("fieldset", { class: "field" }, el("legend", {}, field.label), el("div", { class: field.choices.length > 5 ? "radios many" : "radios" }, boxes));
  }
  const change = (event) => set(field.name, event.target.value);
  const given = { id: name, name, on: { input: change, change } };
  const box =
    field.form === "select"
      ? el("select", given, field.choices.map(([value, said]) => el("option", { value, selected: value === field.start }, said)))
      : field.form === "area"
        ? el("textarea", { ...given, rows: "3", dir: "auto", maxlength: "2000" }, field.start ?? "")
        : el("input", { ...given, type: "text", dir: "auto", maxlength: "300", value: field.start ?? "" });
  return el("div", { class: "field" }, el("label", { for: name }, field.label), box);
}

/** A sheet to read, with a way to close it. */
export function sheet(words, title, ...body) {
  const dialog = el("dialog", { class: "ask sheet", "aria-label": title });
  const close = el("button", { type: "button", class: "second", on: { click: () => dialog.close() } }, words.t("acts.close"));
  dialog.append(el("h2", {}, title), ...body, el("p", { class: "buttons" }, close));
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  close.focus();
  return dialog;
}
