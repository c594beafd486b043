// Where the hosted UI sends people back to.

import { failure, h } from "../dom.js";
import { finishSignIn, signIn } from "../session.js";

export async function showCallback(content, { query, go }) {
  content.append(h("p", {}, "One moment, please."));
  try {
    go(await finishSignIn(query), { replace: true });
  } catch (error) {
    const again = h("button", { type: "button", click: () => signIn("/") }, "Sign in");
    content.replaceChildren(failure(error), h("p", {}, again));
  }
}
