// The filling page on the tablet: the server's own rows, bound to the tablet's store. A tap is on disk before the page says
// so; nothing here judges an answer — the server does, by the same form as online.
import { tellWhy, unable } from "./ability.js";
import * as photos from "./photos.js";
import { fix, homeOf, lay, ownRows, planned, waitingSections } from "./rows.js";
import * as store from "./store.js";
import { auto, soon, sync, waiting } from "./sync.js";
import { clock, words } from "./words.js";

const form = document.querySelector("form[data-tablet]");
const draft = form.dataset.tablet;
const kind = form.dataset.kind;
const pageRev = Number(form.dataset.rev);
const by = form.dataset.by;
const saved = document.querySelector("[data-saved]");

// Rows by name. Those of an area that nobody has opened are laid out when somebody asks for one.
class Rows extends Map {
  get(name) {
    if (!super.has(name) && homeOf(name)) layOut(homeOf(name));
    return super.get(name);
  }
}
export const rows = new Rows();
const sections = [...document.querySelectorAll("section[data-area]")];
const areas = sections.filter((one) => one.dataset.area !== "review");
const byName = new Map();
const seen = new Set();
let here = "";
const TURN_MS = 350;

function enlist(some) {
  for (const one of some) {
    if (!one.name) continue;
    if (byName.has(one.name)) byName.get(one.name).push(one);
    else byName.set(one.name, [one]);
  }
}

function adopt(some) {
  for (const row of some) {
    rows.set(row.dataset.row, row);
    if (row.disabled) row.dataset.later = "";
    enlist(row.querySelectorAll("[name]"));
    watch.observe(row);
  }
  listed.clear();
}

function layOut(section) {
  const made = lay(section);
  if (!made.length) return;
  adopt(made);
  dress(made);
}

// What a fault asks for comes into the row when there is one.
function needFix(row) {
  if (fix(row)) enlist(row.querySelectorAll(":scope > .fix [name]"));
}

const fieldsOf = (name) => byName.get(name) || [];
const asked = (row) => !row.disabled;
const listed = new Map(); // the rows that each section asks, until any come or go
const rowsOf = (section) => {
  layOut(section);
  if (!listed.has(section)) listed.set(section, [...section.querySelectorAll("[data-row]")].filter(asked));
  return listed.get(section);
};
const nameOf = (item, place) => (place ? `${item}@${place}` : item);

const write = (node, text) => node.textContent !== text && (node.textContent = text);
// What a finger did is drawn first and kept first; what follows from it (counts, the next row) comes right after, or a blink later.
const BLINK_MS = 150;
const drawn = (work) => (document.hidden ? work() : requestAnimationFrame(() => setTimeout(work)));
const after = (kept, work) => Promise.race([kept, new Promise((good) => setTimeout(good, BLINK_MS))]).then(() => drawn(work));

function say(text, bad = false) {
  write(saved, text);
  saved.classList.toggle("is-bad", bad);
}

export function isOpen(row) {
  if (row.dataset.value) return false;
  return !["reading", "choice", "date"].some((field) => fieldsOf(`${row.dataset.row}.${field}`).some((one) => (one.type === "radio" ? one.checked : one.value)));
}

// what a control means, and how a value shows ------------------------------------------------------------------------------

function meaning(input) {
  const row = input.closest("[data-row]");
  if (!row || !input.name || input.type === "file") return null;
  const name = row.dataset.row;
  const field = input.name === name ? "answer" : input.name.slice(name.length + 1);
  if (field === "fault") return [row, field, fieldsOf(input.name).filter((one) => one.checked).map((one) => one.value)];
  if (input.type === "checkbox") return [row, field, input.checked];
  if (input.type === "radio") return input.checked ? [row, field, input.value] : null;
  const text = input.value.replaceAll("\r\n", "\n").trim();
  return [row, field, field === "reading" ? text.normalize("NFKC").replaceAll("。", ".").replaceAll(",", "") : text];
}

function showValue(row, field, value) {
  const name = row.dataset.row;
  if (field === "answer") row.dataset.value = value;
  if (field === "sample") return sampling(row, value);
  if (value === "fail" || ["fault", "spot", "deadline"].includes(field)) needFix(row);
  for (const one of fieldsOf(field === "answer" ? name : `${name}.${field}`)) {
    if (one.type === "radio") one.checked = one.value === value;
    else if (one.type === "checkbox") one.checked = Array.isArray(value) ? value.includes(one.value) : Boolean(value);
    else if (one.type !== "file" && one !== document.activeElement) one.value = value ?? "";
  }
}

function stamp(row, { at, via, by_name, conflict }) {
  const open = isOpen(row);
  const parts = open ? [] : [clock(at).slice(0, 5), by_name || "", words.via[via] || "", row.dataset.value === "not_checked" ? words.notChecked : ""];
  row.querySelector("[data-stamp]").textContent = parts.filter(Boolean).join(" ");
  row.querySelector(":scope > .error[data-conflict]")?.remove();
  if (conflict) {
    const line = document.createElement("p");
    line.className = "error";
    line.dataset.conflict = "";
    line.textContent = conflict.message || words.conflict;
    row.querySelector(".answer-line").after(line);
  }
}

// A piece chosen for readings and tests shows the questions of its own; all of them are on the page already.
function sampling(row, chosen) {
  const button = row.querySelector(".sampling button");
  const piece = row.dataset.equipment;
  if (button) {
    button.value = `${chosen ? "unsample" : "sample"}:${piece}`;
    button.setAttribute("aria-pressed", String(Boolean(chosen)));
  }
  const made = chosen ? ownRows(row) : [];
  adopt(made);
  dress(made);
  for (const one of rows.values()) if (one !== row && one.classList.contains("is-owned") && one.dataset.equipment === piece && "later" in one.dataset) one.disabled = !chosen;
  listed.clear();
}

// A signature set in another tab has fixed the draft meanwhile, or there is no space: either way it says so.
function unkept(wrong) {
  if (wrong?.message === "fixed") location.reload(); // the page comes back as it was signed, and says so
  else say(words.unsaved, true);
}

// keeping ------------------------------------------------------------------------------------------------------------------

let last = Promise.resolve();

// Writes follow each other, so that the last tap on a field is the one that stands.
function keep(changes) {
  const at = new Date().toISOString();
  const ops = changes.map(({ item, place = "", field, value, via }) => ({ draft, kind, item, place, field, value, base_rev: pageRev, via, by, at }));
  last = last.then(async () => {
    try {
      await store.answer(ops);
      performance.mark("xf-durable");
      say(words.offlineSaved(clock(at)));
      soon();
    } catch (wrong) {
      unkept(wrong);
    }
  });
  return last;
}

function note(input, via) {
  const said = meaning(input);
  if (!said) return;
  const [row, field, value] = said;
  const [item, place] = row.dataset.row.split("@");
  if (field === "answer") row.dataset.value = value;
  const typed = input.type === "text" || input.tagName === "TEXTAREA" || input.type === "date";
  if (value === "fail") drawn(() => needFix(row));
  const how = via || (field === "answer" && "scanned" in row.dataset ? "scan" : field === "answer" && item === "PIECE" ? "piece" : typed ? "type" : "tap");
  after(keep([{ item, place, field, value, via: how }]), () => {
    if (field === "answer") stamp(row, { at: new Date(), via: how });
    count(row.closest("section"));
  });
}

form.addEventListener("submit", (event) => event.preventDefault());
let shrinking = Promise.resolve();

// One after the other, however many were chosen: a large picture takes all the memory there is.
function keepPhotos(input) {
  const files = [...input.files];
  input.value = "";
  if (files.length) say(words.keepingPhoto);
  shrinking = shrinking.then(async () => {
    try {
      if (await photos.take(input, files, { draft, kind, by, base_rev: pageRev })) say(words.offlineSaved(clock(new Date())));
      soon();
    } catch (wrong) {
      unkept(wrong);
    }
  });
}

form.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type === "file") {
    keepPhotos(input);
    return;
  }
  const open = input.closest("[data-row]")?.dataset.value === "";
  note(input);
  if (open) after(last, () => goOn(input));
});

let typing = null;
form.addEventListener("input", (event) => {
  const input = event.target;
  if (input.type !== "text" && input.tagName !== "TEXTAREA") return;
  clearTimeout(typing);
  typing = setTimeout(() => note(input), 600);
});
// Words still being typed are kept when the page goes away.
document.addEventListener("visibilitychange", () => {
  const input = document.activeElement;
  if (document.hidden && input?.form === form && (input.type === "text" || input.tagName === "TEXTAREA")) note(input);
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-row]");
  const [act, ...rest] = button.value.split(":");
  if (act === "withdraw") takeBack(button, rest[0], row);
  if (act === "sample" || act === "unsample") {
    sampling(row, act === "sample");
    keep([{ item: "PIECE", place: rest[0], field: "sample", value: act === "sample", via: "tap" }]);
    count();
  }
});

async function takeBack(button, id, row) {
  await shrinking;
  try {
    if (!(await photos.withdraw(id, { draft, kind, by, base_rev: pageRev, row: row.dataset.row }))) return say(words.photoOnItsWay, true);
    button.closest("li").remove();
    say(words.offlineSaved(clock(new Date())));
    soon();
  } catch (wrong) {
    unkept(wrong);
  }
}

function goOn(input) {
  if (input.type !== "radio" || input.name.includes(".") || ["fail", "partly", "not_corrected"].includes(input.value)) return;
  const row = input.closest("[data-row]");
  if (row.querySelector(".reading input:not([type=radio])")?.value === "") return;
  onward(row.closest("section"), row);
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

// To the next open row; where an area has just been finished, to the next one with open rows, and after the last to the review.
function onward(section, row = null) {
  const all = rowsOf(section);
  const next = all.slice(all.indexOf(row) + 1).find(isOpen);
  if (next || all.some(isOpen)) return next?.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  const open = areas.filter((one) => tally.get(one).got < tally.get(one).all);
  const at = areas.indexOf(section);
  go((open.find((one) => areas.indexOf(one) > at) || open[0])?.dataset.area || "review");
  // A second tap of the same finger is not meant for what has just opened.
  document.documentElement.toggleAttribute("data-turning", true);
  setTimeout(() => document.documentElement.toggleAttribute("data-turning", false), TURN_MS);
}

// counting, and the way through --------------------------------------------------------------------------------------------

const bulkNames = new Map(areas.map((one) => [one.dataset.area, new Set(one.dataset.bulk.split(" ").filter(Boolean))]));

function bulkRows(section) {
  const may = bulkNames.get(section.dataset.area);
  return rowsOf(section).filter((row) => may.has(row.dataset.row) && isOpen(row));
}

const tally = new Map(); // how far each area is

function reckon(section, later) {
  const some = later ? planned(section, chosenPieces()) : rowsOf(section);
  const got = some.filter((row) => (typeof row === "string" ? answered(row) : !isOpen(row))).length;
  tally.set(section, { got, all: some.length });
  const shown = document.querySelector(`[data-goto="${section.dataset.area}"] .count`);
  write(shown, `${got}/${some.length}${got === some.length ? " ✓" : ""}`);
  shown.classList.toggle("is-done", got === some.length);
}

// Counts all areas, or the one in which something has changed.
function count(only = null) {
  const later = only ? new Set() : new Set(waitingSections());
  for (const section of only ? [only] : areas) reckon(section, later.has(section));
  const [done, all] = ["got", "all"].map((what) => [...tally.values()].reduce((sum, one) => sum + one[what], 0));
  write(document.querySelector("[data-done]"), String(done));
  write(document.querySelector("[data-all]"), String(all));
  Object.assign(document.querySelector(".sheet-head progress"), { max: all || 1, value: done });
  foot();
}

const bulkButton = document.querySelector("[data-bulk-do]");
const restButton = document.querySelector("[data-rest-not-checked]");
const nextButton = document.querySelector("[data-next]");
const hint = document.querySelector("[data-say]");

function foot() {
  const section = areas.find((one) => one.dataset.area === here);
  nextButton.hidden = !section;
  if (!section || form.inert) {
    bulkButton.hidden = restButton.hidden = true;
    write(hint, "");
    return;
  }
  const some = rowsOf(section);
  const open = bulkRows(section);
  const all = some.every((row) => seen.has(row.dataset.row));
  bulkButton.hidden = !open.length;
  bulkButton.disabled = !all;
  write(bulkButton, words.bulk(open.length));
  restButton.hidden = !some.some((row) => isOpen(row) && row.dataset.item !== "PIECE");
  const grave = some.filter((row) => "critical" in row.dataset && isOpen(row)).length;
  write(hint, open.length && !all ? words.bulkFirst : words.critical(grave));
  const next = areas[areas.indexOf(section) + 1];
  write(nextButton, next ? words.next(next.getAttribute("aria-label")) : words.review);
}

// A row has been on screen when half of it, or half a screen of it, was.
const watch = new IntersectionObserver(
  (entries) => {
    for (const one of entries) {
      if (one.isIntersecting && (one.intersectionRatio >= 0.5 || one.intersectionRect.height > innerHeight / 2)) {
        seen.add(one.target.dataset.row);
        watch.unobserve(one.target);
      }
    }
    foot();
  },
  { threshold: [0, 0.25, 0.5, 0.75, 1] },
);
adopt(form.querySelectorAll("[data-row]")); // rows that a page of an earlier build brought itself

bulkButton.addEventListener("click", () => {
  const open = bulkRows(areas.find((one) => one.dataset.area === here));
  const section = areas.find((one) => one.dataset.area === here);
  for (const row of open) showValue(row, "answer", "pass");
  after(keep(open.map((row) => changeOf(row, "pass"))), () => {
    for (const row of open) stamp(row, { at: new Date(), via: "bulk" });
    count(section);
    onward(section);
  });
});

restButton.addEventListener("click", () => {
  const open = rowsOf(areas.find((one) => one.dataset.area === here)).filter((row) => isOpen(row) && row.dataset.item !== "PIECE");
  for (const row of open) {
    showValue(row, "answer", "not_checked");
    stamp(row, { at: new Date(), via: "bulk" });
  }
  keep(open.map((row) => changeOf(row, "not_checked")));
  count();
});

function changeOf(row, value) {
  const [item, place] = row.dataset.row.split("@");
  return { item, place, field: "answer", value, via: "bulk" };
}

// What has been tapped and typed is on disk when this returns.
async function settled() {
  const input = document.activeElement;
  if (input?.form === form && (input.type === "text" || input.tagName === "TEXTAREA")) note(input);
  await shrinking;
  await last;
}

// Signed or finished: the rows can be read and no longer be changed.
function freeze(text = words.fixed) {
  if (text) trouble(text);
  else if (form.inert) document.querySelector("[data-trouble]").hidden = true;
  form.inert = Boolean(text);
  document.documentElement.toggleAttribute("data-fixed", form.inert);
  foot();
}

const hold = async () => held(await store.get("drafts", draft));

function held(mine) {
  const state = [mine?.state, form.dataset.state].find((one) => one && one !== "draft");
  freeze(mine?.signing ? words.fixed : state ? words.draftState[state] || state : "");
}

const again = async () => {
  await overlay();
  await hold();
  count();
  if (here === "review") await look();
};
// The review and its signatures are loaded when somebody looks at them.
const look = async () => (await import("./review.js")).review({ areas, rowsOf, go, rows, form, settled, freeze, again, changed: () => hold().then(() => here === "review" && look()) });

export function go(key, row = null) {
  here = sections.some((one) => one.dataset.area === key) ? key : areas[0]?.dataset.area || "review";
  const shown = sections.find((one) => one.dataset.area === here);
  layOut(shown);
  form.hidden = here === "review";
  for (const one of sections) one.hidden = one.dataset.area !== here;
  for (const link of document.querySelectorAll("[data-goto]")) {
    if (link.dataset.goto === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (here === "review") look();
  foot();
  document.querySelector(".sheet-areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (row) row.scrollIntoView({ block: "center" });
  else document.querySelector("#main").scrollTo(0, 0);
}

document.querySelector(".sheet-areas").addEventListener("click", (event) => {
  const link = event.target.closest("[data-goto]");
  if (!link) return;
  event.preventDefault();
  go(link.dataset.goto);
});
nextButton.addEventListener("click", () => {
  const at = areas.findIndex((one) => one.dataset.area === here);
  go(areas[at + 1]?.dataset.area || "review");
});

// opening ------------------------------------------------------------------------------------------------------------------

// What the store says of this draft, as it was read last; rows laid out later take it from here.
let known = new Map();
let pictures = [];

async function recall() {
  let turn;
  let answers;
  let kept;
  do {
    // What was tapped meanwhile is read too: what is shown never falls behind the finger.
    turn = last;
    await turn;
    [answers, kept] = await Promise.all([store.of("answers", "draft", draft), store.of("photos", "draft", draft)]);
  } while (turn !== last);
  known = Map.groupBy ? Map.groupBy(answers, (one) => nameOf(one.item, one.place)) : new Map();
  if (!Map.groupBy) for (const one of answers) known.set(nameOf(one.item, one.place), [...(known.get(nameOf(one.item, one.place)) || []), one]);
  pictures = kept;
}

const chosenPieces = () => new Set([...known.values()].flat().filter((one) => one.field === "sample" && one.value).map((one) => one.place));
const answered = (name) => (known.get(name) || []).some((one) => ["answer", "reading", "choice", "date"].includes(one.field) && one.value);

// Shows on these rows what is known of them.
function dress(some) {
  for (const row of some) {
    for (const one of known.get(row.dataset.row) || []) {
      showValue(row, one.field, one.value);
      if (one.field === "answer") stamp(row, one.by === by ? { ...one, by_name: "" } : one);
    }
  }
  const names = new Set(some.map((row) => row.dataset.row));
  for (const one of pictures) {
    const row = names.has(nameOf(one.item, one.place)) && rows.get(nameOf(one.item, one.place));
    if (!row) continue;
    if (one.state === "withdrawn") {
      form.querySelector(`[data-kept="${one.id}"], [data-photo="${one.id}"]`)?.remove();
      continue;
    }
    if (one.slot === "after") needFix(row);
    const list = photos.listOf(row, one.slot);
    if (list) photos.show(list, one);
  }
}

// Rows of which nothing new was heard are left as they are.
async function overlay() {
  const before = told;
  await recall();
  told = new Map([...known].map(([name, some]) => [name, JSON.stringify(some)]));
  for (const one of pictures) {
    const name = nameOf(one.item, one.place);
    told.set(name, `${told.get(name) || ""} ${one.id} ${one.state} ${one.message || ""}`);
  }
  dress([...rows.values()].filter((row) => told.get(row.dataset.row) !== before.get(row.dataset.row)));
}
let told = new Map(); // what was known of each row when it was dressed last, in one text

function firstOpen() {
  const later = new Set(waitingSections());
  for (const section of areas) {
    if (later.has(section) && planned(section, chosenPieces()).every(answered)) continue;
    const open = rowsOf(section).find(isOpen);
    if (open) return open;
  }
  return null;
}

// The other areas are laid out one by one while nobody waits for the page.
function layRest() {
  const [next] = waitingSections();
  if (!next) return;
  const idle = globalThis.requestIdleCallback || ((work) => setTimeout(work, 50));
  idle(() => {
    layOut(next);
    layRest();
  });
}

function position() {
  if (form.dataset.position !== "ask" || !navigator.geolocation) return;
  navigator.geolocation.getCurrentPosition(
    async ({ coords }) => {
      if (await store.get("answers", [draft, "VISIT", "", "position"])) return;
      keep([{ item: "VISIT", field: "position", value: { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy }, via: "tap" }]);
    },
    () => {},
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 120_000 },
  );
}

function trouble(text) {
  const box = document.querySelector("[data-trouble]");
  box.hidden = false;
  box.querySelector("p").textContent = text;
}

// Nothing can be kept here: nothing is taken.
function unsafe() {
  trouble(words.unsaved);
  for (const row of rows.values()) row.disabled = true;
  listed.clear();
}

// The draft is on the tablet from now on; and a store that takes nothing says so before much is tapped.
const opened = () =>
  store.write(["drafts"], async (s) => {
    const before = await store.done(s.drafts.get(draft));
    s.drafts.put({ ...before, id: draft, kind, title: form.dataset.school, by, by_name: form.dataset.byName, opened_at: new Date().toISOString() });
  });

function shut() {
  say("");
  for (const one of [form, nextButton, document.querySelector(".sheet-areas")]) one.hidden = true;
  document.documentElement.dataset.ready = "";
}

async function begin() {
  const asking = Promise.all([unable(), navigator.serviceWorker?.getRegistration("/sync/")]);
  let why = [];
  let mine;
  try {
    await store.open();
    let worker;
    [[why, worker], mine] = await Promise.all([asking, store.get("drafts", draft), overlay()]);
    tellWhy(why.length || worker ? why : ["absent"], words.why);
    say(mine?.saved_at ? words.offlineSaved(clock(mine.saved_at)) : words.opened);
    held(mine);
    // What was begun here before stays open, whatever this browser is; nothing new begins where it would be lost.
    if (why.length && !mine?.saved_at) return shut();
  } catch {
    [why] = await asking.catch(() => [why]);
    tellWhy(why, words.why);
    return why.length ? shut() : unsafe();
  }
  count();
  const open = !form.inert && location.hash !== "#area-review" && firstOpen();
  if (open) go(open.closest("section").dataset.area, open);
  else go("review");
  document.documentElement.dataset.ready = "";
  performance.mark("xf-ready");
  opened().catch(unsafe);
  auto();
  position();
  layRest();
}

// What others changed, and what became of what was sent, shows as soon as it is known.
addEventListener("xf-sync", async (event) => {
  if (["sending", "photo"].includes(event.detail.state)) return;
  await again();
});

begin();

export { sync, waiting };
