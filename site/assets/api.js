// Calls of the two APIs, which are behind the site's own origin at /api and /http.

const TIMEOUT_MS = 35_000; // API Gateway itself gives up after 29 s

const WORDS = {
  401: "Your sign-in is over: sign in again.",
  403: "You are not allowed to do this.",
  429: "Too many requests at the moment: try again in a while.",
};

/** An answer that is no good, or none at all; its message is for the person at the page. */
export class ApiError extends Error {
  constructor(message, status = 0, body = {}) {
    super(message);
    this.status = status;
    this.body = body;
    this.errors = Array.isArray(body?.errors) ? body.errors : [];
  }

  /** Whether the same request may do better later: nothing came back, or the API says that it is not its day. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Sends a request and reads the answer's JSON.
 * @param {string} path Such as /api/dragons.
 * @param {{method?: string, json?: any, headers?: Object, signal?: AbortSignal}} options
 * @returns {Promise<any>} The answer; null for one without content.
 * @throws {ApiError}
 */
export async function call(path, { method = "GET", json, headers = {}, signal } = {}) {
  const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  const request = { method, headers: { Accept: "application/json", ...headers }, signal: AbortSignal.any(limits) };
  if (json !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(json);
  }
  let response, text;
  try {
    response = await fetch(path, request);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error; // the person has gone to another page
    throw new ApiError("The registry does not answer. Check your connection, or try again in a moment.");
  }
  if (response.status === 204) return null;
  const body = parsed(text);
  if (response.ok && body !== undefined) return body;
  throw new ApiError(words(response.status, body), response.ok ? 0 : response.status, body);
}

/**
 * Makes sure that an answer has the shape that a page counts on.
 * @throws {ApiError}
 */
export function expect(condition) {
  if (!condition) throw new ApiError("The registry answered something unexpected. Try again in a moment.");
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function words(status, body) {
  if (WORDS[status]) return WORDS[status];
  if (status >= 500 || typeof body?.message !== "string") {
    return `The registry cannot answer right now (${status}). Try again in a moment.`;
  }
  const reasons = (Array.isArray(body.errors) ? body.errors : []).map((each) => `${each.field} ${each.reason}`);
  return [body.message, ...reasons].join(": ");
}
