// Taking along: which parts the server offers, the pages of schools and drafts whose name has changed, each checked to be
// that page, of this tablet's build and no proxy's, and kept where the worker finds it. What is kept is looked for, never assumed.
import { schoolAddress } from "./kept.js";
import { isOn, who } from "./lock.js";
import { dropPage, keepPage, keptPages } from "./pages.js";
import { all, device, done, get, put, write } from "./store.js";

const INDEX_MS = 30_000;
const TAKE_MS = 90_000;

// Why something was not taken along: a name of words.notTaken.
export class NotTaken extends Error {}

async function ask(url, type, headers, limit) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: type, ...headers }, signal: AbortSignal.timeout(limit) });
  } catch {
    throw new NotTaken("offline");
  }
  if (answer.status === 304) return answer;
  if (answer.status === 401 || answer.type === "opaqueredirect") throw new NotTaken("sign_in");
  if (answer.status === 403) throw new NotTaken("forbidden");
  if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith(type)) throw new NotTaken("stranger");
  return answer;
}

async function json(url, headers = {}) {
  const answer = await ask(url, "application/json", headers, INDEX_MS);
  try {
    return answer.status === 304 ? null : await answer.json();
  } catch {
    throw new NotTaken("cut");
  }
}

// The build whose files this tablet opens; a page of another build would not fit them.
export async function buildHere() {
  const worker = (await navigator.serviceWorker?.getRegistration("/sync/"))?.active;
  if (!worker) return null;
  const channel = new MessageChannel();
  const told = new Promise((good) => {
    channel.port1.onmessage = ({ data }) => good(data);
    setTimeout(good, 5000, null);
  });
  worker.postMessage("what", [channel.port2]);
  return told;
}

// A page --------------------------------------------------------------------------------------------------------------------

async function page(part, build) {
  const answer = await ask(part.url, "text/html", {}, TAKE_MS);
  const text = await answer.text().catch(() => "");
  const id = part.url.split("/").at(-1);
  const form = text.trimEnd().endsWith("</html>") ? new DOMParser().parseFromString(text, "text/html").querySelector("form[data-tablet]")?.dataset : null;
  if (!form || (form.tablet || form.schoolId) !== id) throw new NotTaken("cut");
  if (build && form.build !== build) throw new NotTaken("other_build");
  // Who is signed in is not who has the tablet: their pages would lie under the wrong key.
  if (isOn() && form.by !== who()) throw new NotTaken("sign_in");
  await keepPage(part.url, text, answer);
  const one = { id, school: form.tablet ? null : id, title: form.school, etag: form.etag, taken_at: new Date().toISOString(), bytes: new Blob([text]).size };
  await write(["parts", "drafts"], async (s) => {
    s.parts.put(one);
    if (!form.tablet) return;
    const mine = await done(s.drafts.get(id));
    s.drafts.put({ ...mine, id, kind: form.kind, title: form.school, by: form.by, by_name: form.byName, school: form.schoolId, visit: part.visit || null, state: form.state });
  });
  return one;
}

// What is really here -------------------------------------------------------------------------------------------------------

export { keptPages };

// Which of the files that every page needs are missing: those the worker knows, looked for one by one.
export async function missingFiles(build) {
  if (!build) return ["?"];
  const cache = await caches.open(build.cache);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  return build.files.filter((url) => !kept.has(url));
}

// A bundle ------------------------------------------------------------------------------------------------------------------

async function schoolsAsked() {
  return (await get("meta", "schools")) || [];
}

export async function alsoSchool(id) {
  await put("meta", [...new Set([...(await schoolsAsked()), id])].slice(-40), "schools");
}

// Asks what there is; answers the bundle as it is known now.
export async function look() {
  const known = await get("meta", "bundle");
  const also = (await schoolsAsked()).map((id) => `&school=${encodeURIComponent(id)}`).join("");
  const told = await json(`/sync/bundle?device=${encodeURIComponent(await device())}${also}`, known ? { "If-None-Match": `"${known.etag}"` } : {});
  if (told && (!Array.isArray(told.parts) || !Array.isArray(told.visits))) throw new NotTaken("stranger");
  const bundle = { ...(told || known), asked_at: new Date().toISOString() };
  await put("meta", bundle, "bundle");
  return bundle;
}

// Takes along what is new of these parts; `tell(part, what)` hears how it goes. Answers how much came.
export async function take(bundle, build, tell = () => {}) {
  const kept = await keptPages();
  const here = new Map((await all("parts")).map((one) => [one.id, one]));
  const began = performance.now();
  let bytes = 0;
  let failed = null;
  for (const part of bundle.parts) {
    try {
      if (part.key === "common") {
        if ((await get("meta", "common"))?.etag !== part.etag) await put("meta", await json(part.url), "common");
        continue;
      }
      if (kept.has(part.url) && here.get(part.url.split("/").at(-1))?.etag === part.etag) continue;
      tell(part, "taking");
      bytes += (await page(part, build?.app)).bytes;
      tell(part, "taken");
    } catch (wrong) {
      failed = wrong instanceof NotTaken ? wrong.message : "store";
      tell(part, failed);
      if (failed === "offline" || failed === "sign_in") break;
    }
  }
  await drop(bundle);
  return { bytes, ms: performance.now() - began, failed };
}

// Schools that are not offered any more go; a draft has its own page, and keeps it.
async function drop(bundle) {
  const offered = new Set(bundle.parts.map((part) => part.url.split("/").at(-1)));
  for (const one of await all("parts")) {
    if (!one.school || offered.has(one.id)) continue;
    await dropPage(schoolAddress(one.id));
    await write(["parts"], async (s) => void s.parts.delete(one.id));
  }
}
