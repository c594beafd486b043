// Who is signed in: OAuth 2.0's authorization code with PKCE (RFC 7636) at the hosted UI.
//
// Tokens are kept in this module's memory alone. What a redirect needs (state, verifier, where to go on) is in
// sessionStorage until the person is back; beside it, only the fact that somebody was signed in, so that a page that
// is loaded anew may ask the hosted UI, whose own session answers without a question.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html

import { ApiError } from "./api.js";

const PENDING = "dragons.pending";
const SIGNED_IN = "dragons.signedIn";
const RENEW_BEFORE_MS = 5 * 60_000;
const RETRY_MS = 30_000;

let settings, tokens, timer, renewing;
const watchers = new Set();

/** Takes the settings of the hosted UI: `hostedUiUrl`, `clientId` and `scopes`. */
export function configure(given) {
  settings = given;
}

/** Calls a function whenever somebody has signed in or out. */
export function onChange(watcher) {
  watchers.add(watcher);
}

/** The person who is signed in: `email` and `scopes`; null for nobody. */
export function person() {
  if (!tokens) return null;
  return { email: claims(tokens.id).email ?? "", scopes: (claims(tokens.access).scope ?? "").split(" ") };
}

/** Leaves for the hosted UI, which sends the person back to /callback. */
export async function signIn(where = location.pathname + location.search, silent = false) {
  const state = randomText(), verifier = randomText();
  sessionStorage.setItem(PENDING, JSON.stringify({ state, verifier, where, silent }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: settings.clientId,
    redirect_uri: callback(),
    scope: settings.scopes.join(" "),
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ...(silent ? { prompt: "none" } : {}), // the classic hosted UI takes no notice, and asks for a sign-in
  });
  const url = `${settings.hostedUiUrl}/oauth2/authorize?${query}`;
  if (silent) location.replace(url);
  else location.assign(url);
}

/**
 * After a page was loaded anew: leaves for the hosted UI if somebody was signed in.
 * @returns {boolean} Whether it does.
 */
export function resume() {
  if (tokens || !sessionStorage.getItem(SIGNED_IN)) return false;
  sessionStorage.removeItem(SIGNED_IN); // one try: set again when it comes to a good end
  signIn(undefined, true);
  return true;
}

/**
 * Takes what the hosted UI sent back to /callback.
 * @returns {Promise<string>} The path to go on at.
 * @throws {ApiError} There is no sign-in to end here, or it was refused.
 */
export async function finishSignIn(query) {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  sessionStorage.removeItem(PENDING);
  if (!pending || query.get("state") !== pending.state) {
    throw new ApiError("This sign-in was not begun here, or is over already. Sign in again.");
  }
  const error = query.get("error");
  if (error && pending.silent) return pending.where;
  if (error || !query.get("code")) {
    throw new ApiError(`You were not signed in: ${query.get("error_description") || error || "no code came"}.`);
  }
  await take({
    grant_type: "authorization_code",
    code: query.get("code"),
    redirect_uri: callback(),
    code_verifier: pending.verifier,
  });
  return pending.where;
}

/** A token for the REST API, which wants to know who it is. */
export async function idToken() {
  return (await fresh()).id;
}

/** A token for the HTTP API, which wants to know what they may do. */
export async function accessToken() {
  return (await fresh()).access;
}

/** Ends the sign-in here, its refresh token everywhere, and the hosted UI's session; then the page is loaded anew. */
export async function signOut() {
  const refresh = tokens?.refresh;
  drop();
  try {
    if (refresh) await post("/oauth2/revoke", { token: refresh });
  } catch {
    // the person still leaves; the token ends by itself
  }
  const query = new URLSearchParams({ client_id: settings.clientId, logout_uri: `${location.origin}/` });
  location.assign(`${settings.hostedUiUrl}/logout?${query}`);
}

async function fresh() {
  if (tokens && tokens.endsAt - Date.now() < RENEW_BEFORE_MS / 2) await renew(); // a computer that slept missed the timer
  if (!tokens) throw new ApiError("Your sign-in is over: sign in again.", 401);
  return tokens;
}

/** Renews once, however many ask at the same time. */
function renew() {
  renewing ??= take({ grant_type: "refresh_token", refresh_token: tokens.refresh })
    .catch((error) => {
      if (error.passing && tokens.endsAt > Date.now()) timer = setTimeout(renew, RETRY_MS);
      else forget();
    })
    .finally(() => (renewing = undefined));
  return renewing;
}

async function take(grant) {
  const given = await post("/oauth2/token", grant);
  if (!given?.id_token || !given.access_token) throw new ApiError("The sign-in gave no tokens. Sign in again.");
  const lifetime = 1000 * given.expires_in;
  tokens = {
    id: given.id_token,
    access: given.access_token,
    refresh: given.refresh_token ?? tokens?.refresh,
    endsAt: Date.now() + lifetime,
  };
  clearTimeout(timer);
  if (tokens.refresh) timer = setTimeout(renew, Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2));
  sessionStorage.setItem(SIGNED_IN, "yes");
  tell();
}

async function post(path, form) {
  let response;
  try {
    response = await fetch(settings.hostedUiUrl + path, {
      method: "POST",
      body: new URLSearchParams({ client_id: settings.clientId, ...form }),
    });
  } catch {
    throw new ApiError("The sign-in does not answer. Try again in a moment.");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(`You were not signed in (${body?.error ?? response.status}).`, response.status);
  return body;
}

function forget() {
  drop();
  tell();
}

function drop() {
  clearTimeout(timer);
  tokens = undefined;
  sessionStorage.removeItem(SIGNED_IN);
}

function tell() {
  for (const watcher of watchers) watcher(person());
}

function callback() {
  return `${location.origin}/callback`;
}

/** What a token says, unchecked: the APIs check it, and a page only shows it. */
function claims(token) {
  const [, payload] = token.split(".");
  const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
