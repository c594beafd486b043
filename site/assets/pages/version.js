// Which release of the site and of the APIs this is.

import { call, expect } from "../api.js";
import { failure, h } from "../dom.js";

export async function showVersion(content, { settings, signal }) {
  content.append(list({ Environment: settings.environment, "Release of the site": settings.release }));
  const api = h("div", {}, h("p", { class: "quiet" }, "Asking the API..."));
  content.append(api);
  async function ask() {
    try {
      const status = await call("/api/status", { signal });
      expect(typeof status?.status === "string");
      api.replaceChildren(
        list({ "The API": status.status, "Release of the API": status.release, Stage: status.stage }),
      );
    } catch (error) {
      if (!signal.aborted) api.replaceChildren(failure(error, ask));
    }
  }
  await ask();
}

function list(values) {
  const pairs = Object.entries(values).map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value ?? "unknown"))]);
  return h("dl", { class: "facts" }, pairs.flat());
}
