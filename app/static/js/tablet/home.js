// The tablet's list: what is here and opens without network, what waits to be sent and why, what this browser can keep.
import { tellWhy, unable } from "./ability.js";
import { refresh as labels } from "./labels.js";
import { drawLogs, isLog } from "./logs.js";
import { finished } from "./finished.js";
import * as store from "./store.js";
import { hash } from "./photos.js";
import { auto, sync, waiting, wire } from "./sync.js";
import { addressOf, schoolAddress } from "./kept.js";
import { isOn } from "./lock.js";
import { dropPage } from "./pages.js";
import { alsoSchool, buildHere, keptPages, look, missingFiles, take } from "./take.js";
import { day, minute, words } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const size = (bytes) => words.size(bytes / 1024);
const LITTLE = 300 * 1024 * 1024;

const DAY_MS = 86_400_000;
const MOST_BYTES = 40 * 1024 * 1024; // of photos in one exported file; the office machine takes 64 MB

let bundle = null; // what the server offers, as it was told last
let build = null; // the files of this build, as the worker knows them
let able = false;

// what this browser can do -------------------------------------------------------------------------------------------------

function listed(box, entries) {
  box.replaceChildren(...entries.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function cannot(keys) {
  able = false;
  tellWhy(keys, words.why);
  $("[data-ability]").textContent = keys.map((key) => words.why[key]).join(" ");
}

async function install() {
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/sync/", updateViaCache: "none" });
  const offer = () => ($("[data-new-build]").hidden = !(registration.waiting && navigator.serviceWorker.controller));
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
  $("[data-take-build]").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take");
  });
  const ready = await Promise.race([navigator.serviceWorker.ready, new Promise((good) => setTimeout(good, 30_000, null))]);
  if (!ready) throw new Error("not installed");
  build = await buildHere();
  if (build) await store.put("meta", build.build, "build");
}

async function space() {
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  $("[data-persisted]").textContent = words.persisted[persisted];
  const told = await navigator.storage?.estimate?.();
  const free = told ? Math.max(0, (told.quota || 0) - (told.usage || 0)) : Infinity;
  if (told) $("[data-space]").textContent = words.space(size(told.usage || 0), size(free));
  const age = bundle ? Date.now() - Date.parse(bundle.asked_at) : 0;
  const cares = [free > LITTLE ? "" : words.little, age > DAY_MS ? words.old(Math.floor(age / DAY_MS), minute(bundle.asked_at)) : ""].filter(Boolean);
  $("[data-care]").hidden = !cares.length;
  listed($("[data-care-list]"), cares);
}

// the list -----------------------------------------------------------------------------------------------------------------

// Every visit of the bundle, every draft of this tablet, every school taken along beside them: what it opens, what it needs.
async function entries() {
  const [parts, drafts, ops, photos] = [await store.all("parts"), await store.all("drafts"), await store.all("ops"), await store.of("photos", "state", "kept")];
  const kept = new Map(parts.map((one) => [one.id, one]));
  const offers = new Map((bundle?.parts || []).map((part) => [part.url.split("/").at(-1), part]));
  const known = new Map(drafts.filter((one) => !isLog(one)).map((one) => [one.id, one]));
  for (const [id, part] of offers) if (part.kind && !known.has(id)) known.set(id, { id, title: part.title, state: part.state, school: part.school, visit: part.visit });
  const own = [...known.values()].map((one) => ({
    ...kept.get(one.id), ...one, url: addressOf(one.id), href: addressOf(one.id), etag_offered: offers.get(one.id)?.etag, waiting: ops.filter((op) => op.draft === one.id).length,
    photos: photos.filter((photo) => photo.draft === one.id).length,
  }));
  const shown = own.filter((one) => one.waiting || one.ended_at || !["signed", "withdrawn"].includes(one.state));
  const begun = new Set(own.map((one) => one.visit));
  const visits = (bundle?.visits || []).filter((one) => !begun.has(one.id));
  const ofSchool = (id) => ({ ...kept.get(id), url: schoolAddress(id), etag_offered: offers.get(id)?.etag });
  const planned = visits.map((one) => ({ ...ofSchool(one.school), id: one.id, title: one.school_name, href: `${schoolAddress(one.school)}?visit=${one.id}`, plan: one }));
  const seen = new Set([...visits.map((one) => one.school), ...shown.map((one) => one.school)]);
  const spots = [...offers.values(), ...parts.filter((one) => one.school && !offers.has(one.id)).map((one) => ({ school: one.id, title: one.title }))]
    .filter((part) => part.school && !part.kind && !seen.has(part.school))
    .map((part) => ({ ...ofSchool(part.school), id: part.school, title: part.title, href: schoolAddress(part.school), spot: true }));
  return { shown: [...planned, ...shown, ...spots], known, ops };
}

// What is missing before a page opens without network; each part is looked for in its store.
async function missing() {
  const [files, pages, common] = [await missingFiles(build), await keptPages(), await store.get("meta", "common")];
  return (one) => [files.length ? words.missing.files(files.length) : "", pages.has(one.url) && one.taken_at ? "" : words.missing.page, common || !one.plan ? "" : words.missing.common].filter(Boolean);
}

function factsOf(one, ready) {
  const plan = one.plan ? [day(one.plan.planned_on), one.plan.kind_words, one.plan.second_name, one.plan.purpose] : [];
  const fresh = ready && one.etag_offered && one.etag && one.etag !== one.etag_offered ? words.stale : "";
  return [
    ...plan, one.spot ? words.spot : "", words.draftState[one.state] || "", one.saved_at ? words.saved(minute(one.saved_at)) : "",
    one.waiting ? words.wait(one.waiting, one.photos) : "", ready ? size(one.bytes) : "", fresh,
  ].filter(Boolean).join(" · ");
}

function lineOf(one, gaps) {
  const line = $("template[data-line]").content.firstElementChild.cloneNode(true);
  const ready = able && !gaps.length;
  line.dataset.visit = one.id;
  const link = line.querySelector("[data-open]");
  link.textContent = one.title || words.unknownSchool;
  if (ready) link.href = one.href;
  const badge = line.querySelector("[data-badge]");
  badge.textContent = ready ? words.ready(minute(one.taken_at)) : words.notHere;
  badge.classList.add(ready ? "is-ok" : "is-na");
  badge.dataset.status = ready ? "ready" : "not-here";
  line.querySelector("[data-facts]").textContent = factsOf(one, ready);
  line.querySelector("[data-gaps]").textContent = able && gaps.length && !one.ended_at ? words.gaps(gaps) : "";
  const told = one.plan || one.spot ? null : finished(one);
  if (told) {
    badge.textContent = told.tag;
    badge.className = `tag is-${told.look}`;
    if (one.ended_at) badge.dataset.status = "ended";
    line.querySelector("[data-told]").textContent = told.text;
    const on = line.querySelector("[data-on]");
    on.hidden = !told.href;
    if (told.href) Object.assign(on, { href: told.href, textContent: told.label });
  }
  const button = line.querySelector("[data-go]");
  button.hidden = !ready || Boolean(told);
  button.href = one.href;
  button.textContent = one.plan || one.spot ? words.begin : words.goOn;
  button.setAttribute("aria-label", `${button.textContent} ${link.textContent}`);
  return line;
}

async function draw() {
  const { shown, known, ops } = await entries();
  const gaps = await missing();
  $("[data-list]").replaceChildren(...shown.map((one) => lineOf(one, gaps(one))));
  const answered = await store.get("meta", "answered");
  $("[data-list-said]").textContent = !shown.length ? words.none : bundle ? words.listOld(minute(bundle.asked_at)) : words.listNever;
  $("[data-last]").textContent = answered ? minute(answered) : "—";
  $("[data-refresh]").disabled = !able;
  const user = await store.get("meta", "user");
  $("[data-me]").textContent = user?.name || "";
  listed($("[data-queue]"), shown.filter((one) => one.waiting).map((one) => `${one.title || words.unknownSchool}：${words.wait(one.waiting, one.photos)}`));
  const refused = await store.all("quarantine");
  $("[data-quarantine-box]").hidden = !refused.length;
  const titles = (id) => (known.get(id) || drafts.find((one) => one.id === id))?.title || words.unknownSchool;
  listed($("[data-quarantine]"), refused.map((op) => `${titles(op.draft)} · ${[op.item, op.field || op.act].filter(Boolean).join(" · ")}：${words[op.status]}${op.message || op.reason}`));
  $("[data-export]").disabled = !ops.length && !refused.length;
  await status();
}

async function status(told = null) {
  const left = await waiting();
  const last = told || (await store.get("meta", "sync"));
  $("[data-status]").textContent = words.queue(left, last);
  $("[data-status]").dataset.state = last?.state || "";
  $("[data-send]").disabled = ["sending", "photo"].includes(told?.state);
  $("[data-sign-in]").hidden = last?.state !== "sign_in";
}

let taking = null;

// Asks what there is and takes along what is new. One at a time: the button and the page itself may both want it.
// What somebody pressed for is done after what goes on by itself, not instead of it: it may ask for a PIN.
function takeAll(asked) {
  if (taking && !asked) return taking;
  const before = taking;
  const mine = (async () => {
    await before;
    await takeNew(asked);
  })().finally(() => {
    if (taking === mine) taking = null;
  });
  taking = mine;
  return mine;
}

async function takeNew(asked) {
  const said = $("[data-taking]");
  if (asked) await navigator.storage?.persist?.().catch(() => false);
  if (asked) await store.ensured().catch(() => {});
  try {
    bundle = await look();
  } catch (wrong) {
    said.textContent = asked || !["offline", "forbidden"].includes(wrong.message) ? words.notTaken[wrong.message] || words.notTaken.store : "";
    return;
  }
  await tidy();
  // What goes along lies encrypted; without a PIN nothing does.
  if (!isOn()) {
    said.textContent = words.notTaken.pin;
    return;
  }
  let number = 0;
  const all = bundle.parts.length - 1;
  const { bytes, ms, failed } = await take(bundle, build, (part, what) => {
    if (what === "taking") said.textContent = words.taking((number += 1), all, part.title);
  });
  if (failed === "other_build") await (await navigator.serviceWorker.getRegistration("/sync/"))?.update().catch(() => {});
  if (failed) said.textContent = words.notTaken[failed] || words.notTaken.store;
  else if (bytes) said.textContent = words.took(size(bytes), (ms / 1000).toFixed(1), minute(new Date()));
  else said.textContent = words.nothingNew(minute(bundle.asked_at));
  if (bytes) await store.put("meta", { bytes, ms, at: new Date().toISOString() }, "took");
  await draw();
  await space();
}

$("[data-refresh]").addEventListener("click", () => takeAll(true));
$("[data-send]").addEventListener("click", () => sync({ asked: true }));
addEventListener("xf-sync", async ({ detail }) => {
  await status(detail);
  if (["sending", "photo"].includes(detail.state)) return;
  await draw();
  if (able && detail.state === "sent") await takeAll(false);
  await draw();
  await drawLogs();
  if (able && detail.state === "sent" && bundle) await labels();
});

const REMEMBERED = 14 * 86_400_000;

// A visit that is signed or withdrawn, with nothing of it left to send, goes from the tablet: page, answers, pictures. That it
// was signed stays in the list for two weeks.
async function tidy() {
  const refused = new Set((await store.all("quarantine")).map((op) => op.draft));
  for (const { id, state, kind, title, by, by_name, ended_at } of await store.all("drafts")) {
    if (ended_at && Date.now() - Date.parse(ended_at) < REMEMBERED) continue;
    if (!["signed", "withdrawn"].includes(state) || refused.has(id) || (await store.of("ops", "draft", id)).length) continue;
    const photos = await store.of("photos", "draft", id);
    if (photos.some((photo) => !["sent", "withdrawn"].includes(photo.state))) continue;
    await dropPage(addressOf(id));
    const answers = await store.of("answers", "draft", id);
    await store.write(["drafts", "parts", "answers", "photos"], async (s) => {
      if (state === "signed" && !ended_at) s.drafts.put({ id, kind, title, state, by, by_name, ended_at: new Date().toISOString() });
      else s.drafts.delete(id);
      s.parts.delete(id);
      for (const photo of photos) s.photos.delete(photo.id);
      for (const one of answers) s.answers.delete([one.draft, one.item, one.place, one.field]);
    });
  }
}

// what was not sent, as a file ---------------------------------------------------------------------------------------------

const text = (bytes) => {
  let found = "";
  for (let at = 0; at < bytes.length; at += 0x8000) found += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(found);
};

// The operations as they would be sent, and the photos, each file with its end, so that a cut or changed one is known.
async function filesOf() {
  const [ops, refused] = [await store.all("ops"), await store.all("quarantine")];
  const own = [...ops, ...refused].filter((op) => !op.box);
  const others = ops.length + refused.length - own.length;
  const head = { xiaofang: "unsent work", proto: 1, device: await store.device(), at: new Date().toISOString(), offset: await store.get("meta", "offset"), user: await store.get("meta", "user"), others };
  const found = [];
  const begin = (lines) => found.push({ lines: lines.map((one) => `${JSON.stringify(one)}\n`), photos: [], bytes: 0, ops: lines.length - 1 });
  begin([head, ...own.map((op) => ({ op: wire(op) }))]);
  for (const one of await store.all("photos")) {
    const bytes = await store.get("bytes", one.id);
    if (!bytes) continue;
    if (found.at(-1).bytes + bytes.byteLength > MOST_BYTES) begin([head]);
    found.at(-1).bytes += bytes.byteLength;
    found.at(-1).photos.push(new Blob([JSON.stringify({ photo: { id: one.id, sha256: one.sha256 }, bytes: text(new Uint8Array(bytes)) }), "\n"]));
  }
  for (const one of found) {
    const end = { ops: one.ops, photos: one.photos.length, sha256: await hash(new TextEncoder().encode(one.lines.join(""))) };
    one.parts = [...one.lines, ...one.photos, `${JSON.stringify({ end })}\n`];
  }
  return found;
}

$("[data-export]").addEventListener("click", async () => {
  const stamp = new Date().toISOString().slice(0, 16).replaceAll(":", "");
  const made = await filesOf();
  for (const [n, { parts }] of made.entries()) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
    link.download = `xiaofang-${stamp}${made.length > 1 ? `-${n + 1}` : ""}.ndjson`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  $("[data-status]").textContent = words.exported;
});

// opening ------------------------------------------------------------------------------------------------------------------

async function begin() {
  const reasons = await unable();
  $("[data-not-here]").hidden = !new URLSearchParams(location.search).has("not-here");
  if (reasons.length) cannot(reasons);
  if (reasons.includes("store")) return;
  if (!reasons.length) {
    able = true;
    $("[data-ability]").textContent = words.able;
    try {
      await install();
    } catch (wrong) {
      cannot([wrong.name === "SecurityError" ? "certificate" : "failed"]);
    }
  }
  bundle = (await store.get("meta", "bundle")) || null;
  const wanted = new URLSearchParams(location.search).get("school");
  if (wanted && able) {
    await alsoSchool(wanted);
  }
  await draw();
  drawLogs();
  document.documentElement.dataset.ready = "";
  auto(); // its first word, sent or not, is when this page takes along what is new
  await space();
}

begin();
