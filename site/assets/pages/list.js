// The list of dragons: filters, which are in the address too, and a page after the other.

import { call, expect } from "../api.js";
import { failure, h } from "../dom.js";

const PAGE_SIZE = 24;

const FILTERS = [
  ["family", "Family"],
  ["country", "Country"],
  ["city", "City"],
  ["dragonName", "Name"],
  ["state", "State"],
  ["neighborhood", "Neighborhood"],
];

export async function showList(content, { query, signal, go }) {
  const wanted = FILTERS.map(([name]) => [name, query.get(name)?.trim()]).filter(([, value]) => value);
  const cards = h("ul", { class: "cards" });
  const more = h("div", { class: "more" });
  const count = h("p", { class: "count", role: "status" });
  content.append(filters(Object.fromEntries(wanted), go), count, cards, more);
  suggest(content, signal);

  async function next(token) {
    more.replaceChildren(h("p", { class: "quiet" }, "Loading..."));
    try {
      const asked = new URLSearchParams([...wanted, ["limit", PAGE_SIZE], ...(token ? [["nextToken", token]] : [])]);
      const page = await call(`/api/dragons?${asked}`, { signal });
      expect(Array.isArray(page.dragons));
      const added = page.dragons.map(card);
      cards.append(...added);
      count.textContent = told(cards.children.length, Boolean(page.nextToken));
      more.replaceChildren(...(page.nextToken ? [button(() => next(page.nextToken))] : []));
      if (token) added[0]?.querySelector("h2").focus();
    } catch (error) {
      if (!signal.aborted) more.replaceChildren(failure(error, () => next(token)));
    }
  }
  await next();
}

function button(click) {
  return h("button", { type: "button", click }, "Show more");
}

function told(shown, isMore) {
  if (!shown) return "No dragon on record matches. A filter counts letter by letter, capitals too.";
  return `${shown} ${shown === 1 ? "dragon" : "dragons"} shown${isMore ? ", and there are more" : ""}.`;
}

function filters(values, go) {
  const fields = FILTERS.map(([name, label]) => {
    const list = name === "family" || name === "country" ? `known-${name}` : null;
    return h(
      "div",
      { class: "field" },
      h("label", { for: `filter-${name}` }, label),
      h("input", { id: `filter-${name}`, name, value: values[name], list, maxlength: 200, autocomplete: "off" }),
      list && h("datalist", { id: list }),
    );
  });
  const submit = (event) => {
    event.preventDefault();
    const given = [...new FormData(event.target)].map(([name, value]) => [name, value.trim()]);
    go(address(given.filter(([, value]) => value)));
  };
  const clear = Object.keys(values).length ? h("a", { href: "/" }, "Clear the filters") : null;
  const actions = h("div", { class: "actions" }, h("button", { type: "submit" }, "Filter"), clear);
  return h("form", { class: "filters", role: "search", "aria-label": "Filter the list", submit }, fields, actions);
}

function address(given) {
  return given.length ? `/?${new URLSearchParams(given)}` : "/";
}

/** Offers the families and countries that there are; without them, people type. */
async function suggest(content, signal) {
  const summary = await call("/api/dragons/summary", { signal }).catch(() => ({}));
  for (const [name, counts] of [["family", summary?.families], ["country", summary?.countries]]) {
    const options = Object.keys(counts ?? {}).map((value) => h("option", { value }));
    content.querySelector(`#known-${name}`)?.replaceChildren(...options);
  }
}

function card(dragon) {
  const place = ["location_neighborhood_str", "location_city_str", "location_state_str", "location_country_str"];
  return h(
    "li",
    { class: "card" },
    h("h2", { tabindex: "-1" }, String(dragon.dragon_name_str || "Nameless")),
    h("p", { class: "family" }, String(dragon.family_str ?? "")),
    h("p", { class: "description" }, String(dragon.description_str ?? "")),
    h("p", { class: "place" }, place.map((name) => dragon[name]).filter(Boolean).join(", ")),
  );
}
