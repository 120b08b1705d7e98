// Pages kept for opening without network, each encrypted for who took it along; the worker opens them with the same key.
import { isOn, seal, unseal, who } from "./lock.js";

const PAGES = "xf-visits";
const HEADERS = ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"];
const utf8 = new TextEncoder();
const addressOf = (url, person = who()) => (person ? `${url}?by=${person}` : url);

export async function keepPage(url, text, answer) {
  const headers = Object.fromEntries(HEADERS.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]));
  const cache = await caches.open(PAGES);
  if (!isOn()) return cache.put(url, new Response(text, { headers }));
  const { n, d } = await seal(utf8.encode(text).buffer);
  return cache.put(addressOf(url), new Response(new Blob([n, d]), { headers: { ...headers, "X-Sealed": "1" } }));
}

// The text of a page, with its headers; null where this person has none.
export async function keptPage(url) {
  const cache = await caches.open(PAGES);
  const kept = (await cache.match(addressOf(url))) || (await cache.match(url));
  if (!kept) return null;
  if (!kept.headers.has("X-Sealed")) return { text: await kept.text(), headers: kept.headers };
  const bytes = await kept.arrayBuffer();
  const text = new TextDecoder().decode(await unseal({ [who()]: { n: bytes.slice(0, 12), d: bytes.slice(12) } }));
  return { text, headers: kept.headers };
}

// The addresses of this person's pages, and of those that lie open.
export async function keptPages() {
  const found = (await (await caches.open(PAGES)).keys()).map((request) => new URL(request.url));
  return new Set(found.filter((url) => [null, who()].includes(url.searchParams.get("by"))).map((url) => url.pathname));
}

export async function dropPage(url) {
  const cache = await caches.open(PAGES);
  await cache.delete(addressOf(url));
  await cache.delete(url);
}

// Pages that were kept in the open before the first PIN.
export async function sealPages() {
  const cache = await caches.open(PAGES);
  for (const request of await cache.keys()) {
    if (new URL(request.url).search) continue;
    const kept = await cache.match(request);
    await keepPage(new URL(request.url).pathname, await kept.text(), kept);
    await cache.delete(request);
  }
}
