// On the tablet's first page: at which schools drills and trainings may be logged, and those logged here with how they stand.
import { said } from "./log_words.js";
import * as store from "./store.js";
import { minute } from "./words.js";

const box = document.querySelector("[data-logs]");
const DAY_MS = 86_400_000;
export const isLog = (one) => one.kind === "drill" || one.kind === "training";
const pageOf = (kind, query) => `/sync/logs/${kind}?${new URLSearchParams(query)}`;

function link(address, text, look = "button") {
  return Object.assign(document.createElement("a"), { href: address, textContent: text, className: look });
}

async function told() {
  const before = await store.get("meta", "logs");
  try {
    const also = new URLSearchParams(location.search).getAll("school").concat((before?.also || []).slice(-20));
    const query = new URLSearchParams([...new Set(also)].map((id) => ["school", id]));
    const answer = await fetch(`/sync/logs?${query}`, { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20_000) });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return before;
    const now = { ...(await answer.json()), also: [...new Set(also)] };
    if (!now.person?.id || !Array.isArray(now.schools)) return before;
    await store.put("meta", now, "logs");
    return now;
  } catch {
    return before;
  }
}

// What was logged and is not needed here any more goes after a day.
async function tidy(drafts) {
  const old = drafts.filter((one) => one.state === "logged" && Date.now() - Date.parse(one.judged_at) > DAY_MS);
  for (const { id } of old) {
    const photos = await store.of("photos", "draft", id);
    await store.write(["drafts", "photos", "bytes"], async (s) => {
      s.drafts.delete(id);
      for (const photo of photos) {
        s.photos.delete(photo.id);
        s.bytes.delete(photo.id);
      }
    });
  }
  return drafts.filter((one) => !old.includes(one));
}

function schoolLine(school, kinds) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("span"), { className: "title", textContent: school.title }));
  for (const kind of kinds) {
    const one = link(pageOf(kind, { school: school.id }), said.begin[kind]);
    one.setAttribute("aria-label", `${said.begin[kind]} ${school.title}`);
    item.append(one);
  }
  return item;
}

function draftLine(one) {
  const item = document.createElement("li");
  item.dataset.draft = one.id;
  const title = link(pageOf(one.kind, { school: one.school, draft: one.id }), `${said.kinds[one.kind]} · ${one.title}`, "title");
  const at = one.judged_at || one.finished_at || one.saved_at;
  const state = Object.assign(document.createElement("span"), { className: `tag is-${{ logged: "ok", draft: "na", waiting: "info", refused: "bad" }[one.state] || "warn"}`, textContent: said.short[one.state] });
  item.append(title, document.createTextNode(at ? minute(at) : ""), state);
  if (one.state === "logged") item.append(link(`/${one.kind}s/${one.id}`, said.open));
  return item;
}

export async function drawLogs() {
  if (!box) return;
  const now = await told();
  const mine = (await store.all("drafts")).filter((one) => isLog(one) && one.by === now?.person?.id && (one.saved_at || one.state !== "draft"));
  const drafts = await tidy(mine);
  box.hidden = now ? !now.kinds.length : false;
  box.querySelector("[data-log-schools]").replaceChildren(...(now?.schools || []).map((one) => schoolLine(one, now.kinds)));
  box.querySelector("[data-log-drafts]").replaceChildren(...drafts.reverse().map(draftLine));
  box.querySelector("[data-log-none]").textContent = now?.schools?.length ? "" : said.none;
  if (now?.is_school) for (const card of document.querySelectorAll("[data-for-officers]")) card.hidden = true;
}
