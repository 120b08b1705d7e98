// Where the pages that were taken along are kept, and under what address.
import { put } from "./store.js";

export const VISITS = "xf-visits";
const HEADERS = ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"];

export const addressOf = (id) => `/sync/visits/${id}`;
export const schoolAddress = (id) => `/sync/schools/${id}`;
export const asKept = (text, answer) => new Response(text, { headers: HEADERS.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]) });

// A draft begun here gets its own copy of the school's page, which no later version takes from it.
export async function keepCopy(school, draft, title) {
  const cache = await caches.open(VISITS);
  const kept = (await cache.match(schoolAddress(school))) || (await fetch(schoolAddress(school), { credentials: "same-origin" }));
  if (!kept.ok) throw new Error("cut");
  const text = await kept.text();
  await cache.put(addressOf(draft), asKept(text, kept));
  await put("parts", { id: draft, school: null, title, etag: "", taken_at: new Date().toISOString(), bytes: new Blob([text]).size });
}
