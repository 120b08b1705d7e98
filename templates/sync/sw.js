// Keeps the tablet's pages open without network. Its scope is /sync/: the other pages never meet it, and what is sent to
// the server or asked of it passes by. All files come in or the build is not taken; a new build waits for the user's word.
const BUILD = "{{ build }}";
const APP = "{{ app_build }}";
const FILES = {{ files | tojson }};
const CACHE = "xf-build-" + BUILD;
const VISITS = "xf-visits";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      try {
        await cache.addAll(FILES.map(([url]) => new Request(url, { cache: "reload", credentials: "same-origin" })));
      } catch (wrong) {
        await caches.delete(CACHE);
        throw wrong;
      }
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("xf-build-") && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take") self.skipWaiting();
  if (event.data === "build") event.ports[0].postMessage(BUILD);
  if (event.data === "holder") event.ports[0].postMessage(holder);
  if (event.data && "holder" in Object(event.data)) ({ holder } = event.data);
  if (event.data === "what") event.ports[0].postMessage({ build: BUILD, app: APP, cache: CACHE, files: [...KEPT] });
});

// Who has the tablet, and the key of what they keep: in memory only, gone with the worker.
let holder = null;

// A kept page as it was before it was encrypted; nothing when it is another person's or nobody has the tablet.
async function keptPage(path) {
  const cache = await caches.open(VISITS);
  const kept = holder && (await cache.match(`${path}?by=${holder.person}`));
  if (!kept) return cache.match(path);
  const bytes = await kept.arrayBuffer();
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, holder.key, bytes.slice(12));
  return new Response(text.slice(1), { headers: kept.headers });
}

const isLocked = async (path) => !holder && Boolean(await (await caches.open(VISITS)).match(path, { ignoreSearch: true }));

const SHELL = "/sync/";
const KEPT = new Set(FILES.map(([url]) => url));
const isKeptPage = (path) => path.startsWith("/sync/visits/") || path.startsWith("/sync/schools/");

async function page(path, request) {
  if (isKeptPage(path)) {
    const kept = await keptPage(path);
    if (kept) return kept;
    if (await isLocked(path)) return Response.redirect(`${SHELL}?open=${path}`, 302);
    try {
      return await fetch(request);
    } catch {
      return Response.redirect(SHELL + "?not-here", 302);
    }
  }
  return (await (await caches.open(CACHE)).match(SHELL)) || fetch(request);
}

// Two dozen files are asked for at once while somebody waits for a page: the cache is opened once.
let opened = null;
const file = async (path) => (await (opened ??= caches.open(CACHE))).match(path);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && (url.pathname === SHELL || isKeptPage(url.pathname))) {
    event.respondWith(page(url.pathname, request));
  } else if (url.pathname !== SHELL && KEPT.has(url.pathname)) {
    event.respondWith(file(url.pathname).then((hit) => hit || fetch(request)));
  }
});
