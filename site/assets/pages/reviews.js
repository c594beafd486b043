// The reports that wait for a reviewer, and a decision on each.

import { call, expect } from "../api.js";
import { announce, busyWhile, failure, h } from "../dom.js";
import { accessToken, person, signIn } from "../session.js";

const REASON_LENGTH = 500; // as the API allows
const FIELDS = [
  ["family_str", "Family"],
  ["description_str", "Description"],
  ["location_country_str", "Country"],
  ["location_state_str", "State"],
  ["location_city_str", "City"],
  ["location_neighborhood_str", "Neighborhood"],
];

export async function showReviews(content, { signal }) {
  const who = person();
  if (!who) {
    const button = h("button", { type: "button", click: () => signIn() }, "Sign in to review");
    content.append(h("p", {}, "Reviewers sign in first."), button);
    return;
  }
  if (!who.scopes.includes("dragons/review")) {
    content.append(h("p", {}, "You are not a reviewer. Whoever runs the registry makes people reviewers."));
    return;
  }
  const list = h("ul", { class: "reviews" });
  const end = h("div", { class: "more" });
  content.append(h("p", {}, "Families that were never seen before wait here for a decision, the oldest first."), list, end);

  async function next(token) {
    end.replaceChildren(h("p", { class: "quiet" }, "Loading..."));
    try {
      const query = token ? `?${new URLSearchParams({ nextToken: token })}` : "";
      const page = await call(`/http/reviews${query}`, { headers: await bearer(), signal });
      expect(Array.isArray(page.reviews));
      list.append(...page.reviews.map((review) => item(review, signal)));
      end.replaceChildren(list.children.length ? "" : h("p", {}, "No report waits."), after(page.nextToken));
    } catch (error) {
      if (!signal.aborted) end.replaceChildren(failure(error, () => next(token)));
    }
  }

  function after(token) {
    if (token) return h("button", { type: "button", click: () => next(token) }, "Show more");
    const again = () => (list.replaceChildren(), next());
    return h("button", { type: "button", class: "plain", click: again }, "Look again");
  }
  await next();
}

async function bearer() {
  return { Authorization: `Bearer ${await accessToken()}` };
}

function item(review, signal) {
  const dragon = review.dragon ?? {};
  const name = String(dragon.dragon_name_str ?? "");
  const facts = FIELDS.map(([field, label]) => [h("dt", {}, label), h("dd", {}, String(dragon[field] ?? ""))]).flat();
  const made = h("li", { class: "card" }, h("h2", { tabindex: "-1" }, name), since(review.since), h("dl", { class: "facts" }, facts));
  made.append(decision(review, name, made, signal));
  return made;
}

function since(text) {
  const time = new Date(text);
  if (Number.isNaN(time.valueOf())) return null;
  return h("p", { class: "quiet" }, "Waits since ", h("time", { datetime: text }, time.toLocaleString()));
}

function decision(review, name, made, signal) {
  const id = `reason-${review.reviewId}`;
  const error = h("p", { id: `${id}-error`, class: "error" });
  const problem = h("div", {});
  const reason = h("textarea", { id, rows: 2, maxlength: REASON_LENGTH, "aria-describedby": `${id}-error` });

  const submit = async (event) => {
    event.preventDefault();
    const accept = event.submitter?.value === "accept";
    const given = reason.value.trim();
    const fault = accept || given ? "" : "A refusal needs a reason: the reporter is told it.";
    error.textContent = fault;
    if (fault) return reason.focus();
    problem.replaceChildren();
    try {
      const json = { accept, ...(given ? { reason: given } : {}) };
      const path = `/http/reviews/${encodeURIComponent(review.reviewId)}`;
      await busyWhile(form, async () => call(path, { method: "POST", json, headers: await bearer(), signal }));
      settle(accept ? "Accepted" : "Refused");
    } catch (failed) {
      if (signal.aborted) return;
      if (failed.status === 409 || failed.status === 404) settle("Somebody else has decided, or it waits no longer");
      else problem.replaceChildren(failure(failed));
    }
  };

  function settle(words) {
    form.replaceWith(h("p", { class: "notice" }, `${words}.`));
    made.querySelector("h2").focus();
    announce(`${name}: ${words}.`);
  }

  const form = h(
    "form",
    { submit, "aria-label": `Decide on ${name}` },
    h("div", { class: "field" }, h("label", { for: id }, "Reason"), reason, error),
    problem,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "submit", value: "accept" }, "Accept"),
      h("button", { type: "submit", value: "refuse", class: "plain" }, "Refuse"),
    ),
  );
  return form;
}
