// Opening a page of the tablet: a draft that the server knows, one that was begun here, or a school where one may be begun.
// The rows are laid out first; then the filling page binds them.
import { newId } from "../shrink.js";
import { tellWhy, unable } from "./ability.js";
import { addressOf, keepCopy } from "./kept.js";
import { build, content } from "./rows.js";
import * as store from "./store.js";
import { changed } from "./sync.js";
import { words } from "./words.js";

const form = document.querySelector("form[data-tablet]");
const NOT_BEGUN = "00000000-0000-0000-0000-000000000000";
const trouble = document.querySelector("[data-trouble]");

function say(text) {
  trouble.hidden = false;
  trouble.querySelector("p").textContent = text;
  document.documentElement.dataset.ready = "";
}

// What is signed names the draft as the server will have begun it.
function headOf(mine) {
  const box = document.querySelector("template[data-signing]");
  const told = JSON.parse(box.content.textContent);
  const { id, kind, walk, begun } = mine;
  const people = { accompanying: begun.accompanying || content().school.safety_manager || "", accompanying_post: begun.accompanying_post || "", second: begun.second || "" };
  Object.assign(told.head, { id, kind, lead: mine.by, school: mine.school, checklist: begun.checklist, tier: kind === "recheck" ? "core" : walk, ...people });
  told.day = new Date(mine.begun_at).toLocaleDateString("sv");
  box.content.textContent = JSON.stringify(told);
}

async function fill(mine) {
  if (mine.begun) headOf(mine);
  Object.assign(form.dataset, { tablet: mine.id, kind: mine.kind });
  for (const link of document.querySelectorAll(`a[href*="${NOT_BEGUN}"]`)) link.href = link.href.replace(NOT_BEGUN, mine.id);
  build(mine.walk || Object.keys(content().walks)[0], mine.findings ? new Set(mine.findings) : null);
  await import("./fill.js");
}

// Whether the store has heard all that the page says.
const alike = (here, draft, change) =>
  here.rev === change.rev && here.state === change.state && here.visit === draft.visit && JSON.stringify([here.contested, here.signed]) === JSON.stringify([change.contested || [], change.signatures || []]);

// What stood on the draft when its page was made, put into the store as if it had just been heard.
async function known() {
  const { draft, change } = content();
  const data = form.dataset;
  const here = await store.get("drafts", draft.id);
  if (here?.photos_there && alike(here, draft, change)) return { id: draft.id, kind: data.kind };
  await store.write(["drafts", "answers", "photos", "ops"], async (s) => {
    const mine = await store.done(s.drafts.get(draft.id));
    s.drafts.put({ ...mine, id: draft.id, kind: data.kind, title: data.school, by: data.by, by_name: data.byName, school: draft.school, visit: draft.visit });
    if ((mine?.rev || 0) <= change.rev) await changed(s, change);
  });
  return { id: draft.id, kind: data.kind };
}

// beginning ----------------------------------------------------------------------------------------------------------------

const panels = [...document.querySelectorAll("form[data-begin]")];

function chosen(panel) {
  const filled = new FormData(panel);
  const said = Object.fromEntries([...filled].map(([name, value]) => [name.replace(/^(begin|again)-/, ""), value]));
  const what = panel.dataset.begin === "recheck" ? { findings: filled.getAll("again-findings") } : { tier: said.tier, form: said.form };
  return {
    school: form.dataset.schoolId, checklist: form.dataset.checklist, ...what, accompanying: said.accompanying,
    accompanying_post: said.accompanying_post, ...(said.second_id ? { second: said.second_id } : {}), ...(said.visit_id ? { visit: said.visit_id } : {}),
  };
}

// The draft's own copy of the page comes first: the checklist it is begun with stays its own, whatever comes after.
async function begin(value) {
  const id = newId();
  const at = new Date().toISOString();
  const { by, byName, school } = form.dataset;
  const kind = value.findings ? { kind: "recheck", walk: "recheck", findings: value.findings } : { kind: "inspection", walk: value.tier };
  const mine = { id, ...kind, title: school, by, by_name: byName, state: "draft", school: value.school, visit: value.visit || null, begun: value, begun_at: at, saved_at: at };
  await keepCopy(value.school, id, school);
  await store.write(["drafts", "ops"], async (s) => {
    s.drafts.put(mine);
    s.ops.add({ op_id: newId(), act: "create", draft: id, kind: mine.kind, item: "", place: "", field: "", value, by, at });
  });
  history.replaceState(null, "", addressOf(id));
  return mine;
}

async function ask() {
  const visit = new URLSearchParams(location.search).get("visit");
  for (const panel of panels) {
    const select = panel.querySelector('select[name$="visit_id"]');
    if ([...select.options].some((one) => one.value === visit)) select.value = visit;
  }
  document.querySelector(".sheet-foot").hidden = document.querySelector(".sheet-areas").hidden = form.hidden = true;
  document.querySelector(".progress").hidden = true;
  // Nothing new begins where it would be lost.
  const why = await unable();
  tellWhy(why, words.why);
  for (const panel of panels) panel.hidden = why.length > 0;
  document.querySelector("[data-saved]").textContent = words.begin;
  document.documentElement.dataset.ready = "";
  const value = await new Promise((good) => {
    let begun = false;
    for (const panel of panels)
      panel.addEventListener("submit", (event) => {
        event.preventDefault();
        const said = chosen(panel);
        const none = panel.querySelector("[data-none-chosen]");
        if (none) none.hidden = said.findings.length > 0;
        if (begun || said.findings?.length === 0) return;
        begun = true;
        good(said);
      });
  });
  delete document.documentElement.dataset.ready;
  const mine = await begin(value);
  for (const panel of panels) panel.hidden = true;
  document.querySelector(".sheet-foot").hidden = document.querySelector(".sheet-areas").hidden = form.hidden = false;
  document.querySelector(".progress").hidden = false;
  return mine;
}

async function open() {
  if (!content()) return import("./fill.js"); // a page kept by an earlier build brings its rows itself
  try {
    await store.open();
  } catch {
    return say(words.unsaved);
  }
  if (form.dataset.tablet) return fill(await known());
  const here = location.pathname.match(/^\/sync\/visits\/([0-9a-f-]{36})$/)?.[1];
  const mine = here && (await store.get("drafts", here));
  if (here && !mine) return say(words.gone);
  return fill(mine || (await ask()));
}

open().catch(() => say(words.unsaved));
