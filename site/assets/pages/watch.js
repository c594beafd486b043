// A report on its way: its state, asked for less and less often, in words and in the machine's diagram.

import { call, expect } from "../api.js";
import { diagram } from "../diagram.js";
import { failure, h } from "../dom.js";
import { FINAL, LIT, stages, told } from "../progress.js";

const FIRST_MS = 1_000;
const GROWTH = 1.4;
const MOST_MS = 15_000;
const LISTED_TRIES = 12;
const UNKNOWN_TRIES = 5; // on AWS, a report may be unknown for a moment after its 202

export async function showWatch(content, { id, signal }) {
  const status = h("p", { class: "status", role: "status" }, "Asking how it stands...");
  const list = h("ol", { class: "stages" });
  const figure = h("div", { class: "machine", tabindex: "0", role: "region", "aria-label": "The workflow's states" });
  const problem = h("div", {});
  content.append(h("p", { class: "quiet" }, "Report ", h("code", {}, id)), status, problem, list, figure);
  draw(figure, signal);
  const follow = () => {
    problem.replaceChildren();
    return poll(id, signal, (report) => show(report, status, list, figure)).catch((error) => {
      if (!signal.aborted) problem.replaceChildren(failure(error, follow));
    });
  };
  await follow();
  if (status.dataset.state === "SUCCEEDED") await tellListed(status, signal);
}

async function draw(figure, signal) {
  try {
    const machine = await call(new URL("../machine.json", import.meta.url), { signal });
    figure.replaceChildren(diagram(machine, "The workflow of a report, state by state; the list above says how far it is."));
    light(figure, figure.dataset.state);
  } catch {
    figure.remove(); // the words beside it say the same
  }
}

/** Asks until the report has ended; while nobody looks at the page, it waits. */
async function poll(id, signal, show) {
  let wait = FIRST_MS;
  let unknown = 0;
  while (!signal.aborted) {
    try {
      const report = await call(`/api/dragons/reports/${id}`, { signal });
      expect(report && typeof report.status === "string");
      show(report);
      if (FINAL.has(report.status)) return;
    } catch (error) {
      if (error.status !== 404 || ++unknown >= UNKNOWN_TRIES) throw error;
    }
    await pause(wait, signal);
    wait = Math.min(wait * GROWTH, MOST_MS);
  }
}

function show(report, status, list, figure) {
  const words = told(report);
  if (status.textContent !== words) status.textContent = words;
  status.dataset.state = report.status;
  status.dataset.name = report.dragonName ?? "";
  list.replaceChildren(
    ...stages(report.status).map(({ name, state, words: each }) =>
      h("li", { class: state, "aria-current": state === "now" ? "step" : null }, name, h("span", {}, ` (${each})`)),
    ),
  );
  figure.dataset.state = report.status;
  light(figure, report.status);
}

function light(figure, status) {
  const lit = LIT[status] ?? [];
  for (const state of figure.querySelectorAll("[data-name]")) {
    state.classList.toggle("lit", lit.includes(state.dataset.name));
    state.classList.toggle("now", status === "RUNNING" && lit.includes(state.dataset.name));
  }
}

/** The list follows the record by a moment: says when the dragon is on it. */
async function tellListed(status, signal) {
  const name = status.dataset.name;
  for (let tries = 0; tries < LISTED_TRIES && !signal.aborted; tries += 1) {
    const whole = name.replace(/\*$/, "\\*"); // a star at its end would ask how names begin
    const query = new URLSearchParams({ dragonName: whole });
    const page = await call(`/api/dragons?${query}`, { signal }).catch(() => ({}));
    if (page?.dragons?.length) {
      status.append(" ", h("a", { href: `/?${query}` }, "It is on the list."));
      return;
    }
    await pause(FIRST_MS * GROWTH ** tries, signal);
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    setTimeout(() => {
      document.addEventListener("visibilitychange", done);
      done();
    }, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
