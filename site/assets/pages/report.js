// The form for a report, checked by the schema that the API itself checks with.

import { ApiError, call, expect } from "../api.js";
import { busyWhile, failure, h } from "../dom.js";
import { faults } from "../schema.js";
import { idToken, person, signIn } from "../session.js";

const FIELDS = [
  ["dragonName", "Name of the dragon", "", {}],
  ["family", "Family", "Such as red or blue. A new one is looked at by a reviewer first.", {}],
  ["description", "What it looks like, and what it does", "", { tag: "textarea", rows: 4 }],
  ["country", "Country", "", { autocomplete: "country-name" }],
  ["state", "State or region", "", { autocomplete: "address-level1" }],
  ["city", "City", "", { autocomplete: "address-level2" }],
  ["neighborhood", "Neighborhood", "", {}],
  ["reportingPhoneNumber", "Your phone number", "With + and the country's code, such as +15551234567.", { type: "tel", autocomplete: "tel" }],
  ["confirmationRequired", "Tell me by text message when it is on record", "", { type: "checkbox" }],
];
const PHONE = "must be a + and 2 to 15 digits, such as +15551234567";

export async function showReport(content, { signal, go }) {
  if (!person()) {
    const button = h("button", { type: "button", click: () => signIn() }, "Sign in to report");
    content.append(h("p", {}, "Whoever reports a dragon signs in first. You can sign up there, too."), button);
    return;
  }
  const schema = await call(new URL("../schemas/report.json", import.meta.url), { signal });
  content.append(form(schema, signal, go));
}

function form(schema, signal, go) {
  const problem = h("div", { id: "problem" });
  let attempt = { key: "", body: "" };
  let checked = false;

  const submit = async (event) => {
    event.preventDefault();
    const report = read(made);
    checked = true;
    if (show(made, faults(schema, report))) return;
    const body = JSON.stringify(report);
    // The same report keeps its key, so that trying again never makes two; another one needs its own.
    if (attempt.body !== body) attempt = { key: crypto.randomUUID(), body };
    problem.replaceChildren();
    try {
      go(`/reports/${await busyWhile(made, () => send(report, attempt.key, signal))}`);
    } catch (error) {
      if (!signal.aborted) problem.replaceChildren(failure(error, error.passing ? () => made.requestSubmit() : null));
    }
  };
  const input = () => checked && show(made, faults(schema, read(made)), false);
  const made = h(
    "form",
    { class: "report", novalidate: true, submit, input },
    h("p", { class: "quiet" }, "All fields are needed."),
    FIELDS.map(([name, label, hint, options]) => field(name, label, hint, options, schema.properties[name] ?? {})),
    problem,
    h("div", { class: "actions" }, h("button", { type: "submit" }, "Send the report")),
  );
  return made;
}

/** The report's id, also where the same report was sent before. */
async function send(report, key, signal) {
  const headers = { Authorization: await idToken(), "Idempotency-Key": key };
  try {
    const answer = await call("/api/dragons", { method: "POST", json: report, headers, signal });
    expect(typeof answer.reportId === "string");
    return answer.reportId;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && error.body?.reportId) return error.body.reportId;
    throw error;
  }
}

function field(name, label, hint, { tag = "input", type = "text", ...more }, schema) {
  const told = hint && h("p", { id: `${name}-hint`, class: "hint" }, hint);
  const described = [hint && `${name}-hint`, `${name}-error`].filter(Boolean).join(" ");
  const attributes = { id: name, name, "aria-describedby": described, ...more };
  const checkbox = type === "checkbox";
  const needed = checkbox ? null : "true";
  const input = h(tag, { ...attributes, type: tag === "input" ? type : null, "aria-required": needed, placeholder: null });
  const length = schema.maxLength > 200 ? h("p", { class: "hint" }, `At most ${schema.maxLength.toLocaleString("en")} characters.`) : null;
  const labelled = h("label", { for: name }, label);
  const error = h("p", { id: `${name}-error`, class: "error" });
  const parts = checkbox ? [input, labelled, error] : [labelled, told, length, input, error];
  return h("div", { class: checkbox ? "field choice" : "field" }, parts.filter(Boolean));
}

function read(form) {
  const report = {};
  for (const [name] of FIELDS) {
    const input = form.elements[name];
    report[name] = input.type === "checkbox" ? input.checked : input.value.trim();
  }
  return report;
}

/** Shows what is wrong beside each field, and goes to the first; gives whether anything is. */
function show(form, found, focus = true) {
  let first = null;
  for (const [name] of FIELDS) {
    const input = form.elements[name];
    const fault = found[name] && (name === "reportingPhoneNumber" && input.value ? PHONE : found[name]);
    document.getElementById(`${name}-error`).textContent = fault ? `This ${fault}.` : "";
    if (fault) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (fault) first ??= input;
  }
  if (focus) first?.focus();
  return Boolean(first);
}
