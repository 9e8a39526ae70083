// Calls of /api/v2/ with the session of the signed-in person.

const composer = document.getElementById("composer");
const csrf = document.querySelector("meta[name=csrf-token]").content;
const root = `${composer.dataset.base}api/v2/`;

export const words = JSON.parse(document.getElementById("words").textContent);

export class Refused extends Error {}

export function url(path) {
  return root + path;
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function send(path, { method = "GET", json, form, headers = {}, signal } = {}) {
  const body = json === undefined ? form : JSON.stringify(json);
  if (json !== undefined) headers = { "Content-Type": "application/json", ...headers };
  if (method !== "GET") headers = { "X-CSRFToken": csrf, ...headers };
  let response;
  try {
    response = await fetch(url(path), { method, headers, body, signal, credentials: "same-origin" });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Refused(words.unreachable);
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) throw new Refused(words.signed_out);
  const answer = await response.json().catch(() => ({}));
  const refusal = new Refused(answer.error?.message || fill(words.failure, { code: response.status }));
  refusal.code = response.status;
  throw refusal;
}

export async function call(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

// What the page itself says of a document in SSML, in its language: {problem: null or {message, offset}}
export async function ask(document) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  const response = await fetch(composer.dataset.check, { method: "POST", headers, body: JSON.stringify(document), credentials: "same-origin" });
  return response.ok ? response.json() : {};
}

export async function text(path) {
  return (await send(path)).text();
}
