// The page: which of its parts is shown for an address, and who is signed in.

import { announce, failure, h } from "./dom.js";
import * as session from "./session.js";
import { showCallback } from "./pages/callback.js";
import { showCharts } from "./pages/charts.js";
import { showList } from "./pages/list.js";
import { showReport } from "./pages/report.js";
import { showReviews } from "./pages/reviews.js";
import { showVersion } from "./pages/version.js";
import { showWatch } from "./pages/watch.js";

const PAGES = [
  [/^\/$/, "Dragons", showList],
  [/^\/callback$/, "Signing in", showCallback],
  [/^\/charts$/, "Charts", showCharts],
  [/^\/report$/, "Report a dragon", showReport],
  [/^\/reports\/([A-Za-z0-9_-]{1,80})$/, "A report", showWatch],
  [/^\/reviews$/, "Reviews", showReviews],
  [/^\/version$/, "What version runs", showVersion],
];

const main = document.getElementById("main");
let settings;
let leaving = new AbortController();

/** Goes to another page of the site. */
function go(where, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", where);
  show({ focus: true });
}

async function show({ focus = false } = {}) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [match, title, page] = found(location.pathname);
  document.title = title === "Dragons" ? title : `${title} - Dragons`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const heading = h("h1", { tabindex: "-1" }, title);
  const content = h("div", { class: "content" });
  main.replaceChildren(heading, content);
  if (focus) heading.focus();
  try {
    await page(content, { id: match[1], query: new URLSearchParams(location.search), settings, signal, go });
  } catch (error) {
    if (signal.aborted) return;
    content.replaceChildren(failure(error, () => show()));
  }
}

function found(path) {
  for (const [pattern, title, page] of PAGES) {
    const match = pattern.exec(path);
    if (match) return [match, title, page];
  }
  return [[], "No such page", (content) => content.append(h("p", {}, "There is nothing at this address."))];
}

function showAccount(person) {
  const button = person
    ? h("button", { type: "button", class: "plain", click: () => session.signOut() }, "Sign out")
    : h("button", { type: "button", click: () => session.signIn() }, "Sign in");
  const name = person && h("span", { class: "who", title: person.email }, person.email);
  document.getElementById("account").replaceChildren(...[name, button].filter(Boolean));
  document.getElementById("reviews-link").hidden = !person?.scopes.includes("dragons/review");
}

/** Follows links of the site without loading it anew, as long as they are not meant for another tab. */
function follow(event) {
  const link = event.target.closest("a[href]");
  const own = link && link.origin === location.origin && !link.hash && !link.target;
  if (!own || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
}

/** Skips to the content without an address of its own, which going back would come by. */
function skip(event) {
  event.preventDefault();
  main.focus();
}

async function start() {
  try {
    const response = await fetch("/settings.json");
    settings = await response.json();
  } catch {
    const error = new Error("The site's settings cannot be had. Check your connection, or try again in a moment.");
    main.replaceChildren(h("h1", {}, "Dragons"), failure(error, start));
    return;
  }
  session.configure(settings);
  session.onChange(showAccount);
  showAccount(null);
  if (location.pathname !== "/callback" && session.resume()) return;
  document.addEventListener("click", follow);
  document.querySelector(".skip").addEventListener("click", skip);
  addEventListener("popstate", () => show({ focus: true }));
  session.onChange((person) => announce(person ? "You are signed in." : "You are signed out."));
  await show();
}

start();
