// The tablet's list: what is here and opens without network, what waits to be sent and why, what this browser can keep.
import { tellWhy, unable } from "./ability.js";
import { refresh as labels } from "./labels.js";
import { drawLogs, isLog } from "./logs.js";
import { finished } from "./finished.js";
import * as store from "./store.js";
import { auto, sync, waiting } from "./sync.js";
import { VISITS, addressOf, offered, take, takenAlong } from "./take.js";
import { minute, words } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const size = (bytes) => words.size(bytes / 1024);
const LITTLE = 300 * 1024 * 1024;

let list = null; // what the server offers; null while it has not answered
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
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => store.put("meta", data, "build");
  ready.active.postMessage("build", [channel.port2]);
}

async function space() {
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  $("[data-persisted]").textContent = words.persisted[persisted];
  const told = await navigator.storage?.estimate?.();
  if (!told) return;
  const free = Math.max(0, (told.quota || 0) - (told.usage || 0));
  $("[data-space]").textContent = words.space(size(told.usage || 0), size(free));
  $("[data-care]").hidden = free > LITTLE;
  listed($("[data-care-list]"), free > LITTLE ? [] : [words.little]);
}

// the list -----------------------------------------------------------------------------------------------------------------

function lineOf(one, here) {
  const line = $("template[data-line]").content.firstElementChild.cloneNode(true);
  line.dataset.visit = one.id;
  const link = line.querySelector("[data-open]");
  link.textContent = one.title || words.unknownSchool;
  if (here) link.href = addressOf(one.id);
  const badge = line.querySelector("[data-badge]");
  badge.textContent = here ? words.ready(minute(one.taken_at)) : words.notTaken;
  badge.classList.add(here ? "is-ok" : "is-na");
  badge.dataset.status = here ? "ready" : "not-here";
  const facts = [here ? size(one.bytes) : "", words.draftState[one.state] || "", one.saved_at ? words.saved(minute(one.saved_at)) : "", one.waiting ? words.wait(one.waiting, one.photos) : ""];
  line.querySelector("[data-facts]").textContent = facts.filter(Boolean).join(" · ");
  const told = finished(one);
  if (told) {
    badge.textContent = told.tag;
    badge.className = `tag is-${told.look}`;
    if (one.ended_at) badge.dataset.status = "ended";
    line.querySelector("[data-told]").textContent = told.text;
    const on = line.querySelector("[data-on]");
    on.hidden = !told.href;
    if (told.href) Object.assign(on, { href: told.href, textContent: told.label });
  }
  const button = line.querySelector("[data-take]");
  button.textContent = here ? words.again : words.take;
  button.hidden = !able || !one.offered;
  button.setAttribute("aria-label", `${button.textContent} ${link.textContent}`);
  button.addEventListener("click", () => takeAll([one]));
  return line;
}

async function draw() {
  const [parts, drafts, ops, photos] = [await store.all("parts"), await store.all("drafts"), await store.all("ops"), await store.of("photos", "state", "kept")];
  const here = able ? await takenAlong() : new Set();
  const known = new Map();
  for (const one of parts) known.set(one.id, one);
  for (const one of drafts) if (!isLog(one)) known.set(one.id, { ...known.get(one.id), ...one });
  for (const one of list || []) known.set(one.id, { ...known.get(one.id), ...one, offered: true });
  for (const one of known.values()) {
    one.waiting = ops.filter((op) => op.draft === one.id).length;
    one.photos = photos.filter((photo) => photo.draft === one.id).length;
  }
  const shown = [...known.values()].filter((one) => one.waiting || one.ended_at || !["signed", "withdrawn"].includes(one.state));
  $("[data-list]").replaceChildren(...shown.map((one) => lineOf(one, here.has(one.id))));
  const answered = await store.get("meta", "answered");
  $("[data-list-said]").textContent = !shown.length ? words.none : list ? "" : answered ? words.listOld(minute(answered)) : words.listNever;
  $("[data-last]").textContent = answered ? minute(answered) : "—";
  $("[data-refresh]").disabled = !able || !list?.length;
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

async function takeAll(some) {
  await navigator.storage?.persist?.().catch(() => false);
  for (const one of some) {
    const line = $(`[data-visit="${CSS.escape(one.id)}"]`);
    const badge = line?.querySelector("[data-badge]");
    if (badge) badge.textContent = words.taking;
    try {
      await take(one);
    } catch {
      if (badge) {
        badge.textContent = words.notTaking;
        badge.className = "tag is-bad";
      }
      continue;
    }
    await draw();
  }
  await space();
}

$("[data-refresh]").addEventListener("click", () => takeAll(list || []));
$("[data-send]").addEventListener("click", () => sync({ asked: true }));
addEventListener("xf-sync", async ({ detail }) => {
  await status(detail);
  if (!["sending", "photo"].includes(detail.state)) await refresh();
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
    await (await caches.open(VISITS)).delete(addressOf(id));
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

$("[data-export]").addEventListener("click", async () => {
  const parts = [JSON.stringify({ xiaofang: "unsent work", proto: 1, device: await store.device(), at: new Date().toISOString(), user: await store.get("meta", "user") }), "\n"];
  for (const op of await store.all("ops")) parts.push(JSON.stringify({ op }), "\n");
  for (const op of await store.all("quarantine")) parts.push(JSON.stringify({ quarantine: op }), "\n");
  for (const one of await store.all("photos")) {
    const bytes = await store.get("bytes", one.id);
    if (bytes) parts.push(new Blob([JSON.stringify({ photo: { ...one, thumb: undefined }, bytes: text(new Uint8Array(bytes)) }), "\n"]));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
  link.download = `xiaofang-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}.ndjson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  $("[data-status]").textContent = words.exported;
});

// opening ------------------------------------------------------------------------------------------------------------------

async function refresh() {
  list = await offered();
  if (list && able) await tidy();
  await draw();
  await drawLogs();
  if (list && able) await labels();
}

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
  await draw();
  drawLogs();
  document.documentElement.dataset.ready = "";
  auto();
  await space();
}

begin();
