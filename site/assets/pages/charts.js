// How many dragons there are, by family and by country: tables, whose bars are for the eye alone.

import { call, expect } from "../api.js";
import { h, svg } from "../dom.js";

const SHOWN = 20;

export async function showCharts(content, { signal }) {
  content.append(h("p", { class: "quiet" }, "Loading..."));
  const summary = await call("/api/dragons/summary", { signal });
  expect(isCounts(summary.families) && isCounts(summary.countries));
  content.replaceChildren(
    h("div", { class: "charts" }, chart("By family", "Family", summary.families, "/?family="),
      chart("By country", "Country", summary.countries, "/?country=")),
    h("p", { class: "quiet" }, "The numbers follow the list by a moment."),
  );
}

function isCounts(value) {
  return value && typeof value === "object" && Object.values(value).every(Number.isFinite);
}

function chart(title, heading, counts, link) {
  const sorted = Object.entries(counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const most = Math.max(1, ...sorted.map(([, count]) => count));
  const rows = sorted.slice(0, SHOWN).map(([name, count]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("a", { href: link + encodeURIComponent(name) }, name)),
      h("td", { class: "number" }, count.toLocaleString("en")),
      h("td", { class: "bar", "aria-hidden": "true" }, bar(count / most)),
    ),
  );
  const head = h("tr", {}, h("th", { scope: "col" }, heading), h("th", { scope: "col", class: "number" }, "Dragons"),
    h("td", { "aria-hidden": "true" }));
  const rest = sorted.length - rows.length;
  return h(
    "section",
    {},
    h("table", { class: "chart" }, h("caption", {}, title), h("thead", {}, head), h("tbody", {}, rows)),
    rest > 0 ? h("p", { class: "quiet" }, `And ${rest.toLocaleString("en")} more.`) : null,
    rows.length ? null : h("p", {}, "There are none yet."),
  );
}

function bar(share) {
  return svg(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none" },
    svg("rect", { width: Math.max(1, 100 * share), height: 10, rx: 1 }),
  );
}
