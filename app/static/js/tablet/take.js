// Taking a draft along: its whole page, checked to be that page and not a proxy's, kept where the worker finds it.
import { done, write } from "./store.js";

export const VISITS = "xf-visits";
const HEADERS = ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"];
const TAKE_MS = 90_000;

export const addressOf = (id) => `/sync/visits/${id}`;

export async function take({ id, title }) {
  const url = addressOf(id);
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(TAKE_MS) });
  const text = answer.ok && (answer.headers.get("Content-Type") || "").startsWith("text/html") ? await answer.text() : "";
  if (!text.includes(`data-tablet="${id}"`) || !text.trimEnd().endsWith("</html>")) throw new Error("not the page");
  const headers = Object.fromEntries(HEADERS.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]));
  const cache = await caches.open(VISITS);
  await cache.put(url, new Response(text, { headers }));
  const taken_at = new Date().toISOString();
  const form = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-tablet]").dataset;
  await write(["parts", "drafts"], async (s) => {
    s.parts.put({ id, title: form.school || title, taken_at, bytes: new Blob([text]).size, rev: Number(form.rev) });
    const mine = await done(s.drafts.get(id));
    s.drafts.put({ ...mine, id, kind: form.kind, title: form.school || title, by: form.by, by_name: form.byName, state: form.state });
  });
  return taken_at;
}

// Pages that are really there: a list in the store alone opens nothing.
export async function takenAlong() {
  const cache = await caches.open(VISITS);
  return new Set((await cache.keys()).map((request) => new URL(request.url).pathname.split("/").at(-1)));
}

// The drafts that this person may take along, as the server lists them; null without an answer of ours.
export async function offered() {
  try {
    const answer = await fetch("/sync/visits", { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30_000) });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return null;
    const told = await answer.json();
    return Array.isArray(told.drafts) ? told.drafts : null;
  } catch {
    return null;
  }
}
