// A drill or a training logged without network: the fields of the online page, kept at each change under an id made here, and
// sent whole as one act when the person says so. The server's form judges; what it asks to be put right is put right here.
import { newId, smaller } from "../shrink.js";
import { said } from "./log_words.js";
import { hash, thumb } from "./photos.js";
import * as store from "./store.js";
import { auto, sync } from "./sync.js";
import { minute } from "./words.js";

const form = document.querySelector("form[data-log]");
const kind = form.dataset.log;
const LONGEST = 1600;
const MOST_PHOTOS = 9;
const $ = (selector) => document.querySelector(selector);
const inputs = [...form.elements].filter((one) => one.name && one.type !== "file" && one.type !== "submit");
const files = form.querySelector("input[type=file]");
const labelOf = (input) => form.querySelector(`label[for="${input.id}"]`)?.firstChild.textContent.trim() || input.name;

let draft = null; // the line of the store that this page shows

function say(text, bad = false) {
  $("[data-saved]").textContent = text;
  $("[data-saved]").classList.toggle("error", bad);
}

// keeping ------------------------------------------------------------------------------------------------------------------

const filled = () => Object.fromEntries(inputs.map((one) => [one.name, one.value.replaceAll("\r\n", "\n")]));
let last = Promise.resolve();
let kept = "";

// Writes follow each other; nothing is written when nothing changed.
function keep() {
  const fields = filled();
  const text = JSON.stringify(fields);
  if (text === kept || !["draft", "mend"].includes(draft.state)) return last;
  kept = text;
  last = last.then(async () => {
    try {
      const saved_at = new Date().toISOString();
      draft = { ...draft, fields, saved_at };
      await store.put("drafts", draft);
      say(said.saved(minute(saved_at)));
    } catch {
      kept = "";
      say(said.unsaved, true);
    }
  });
  return last;
}

let typing = null;
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(keep, 400);
});
form.addEventListener("change", (event) => (event.target === files ? takePhotos() : keep()));
document.addEventListener("visibilitychange", () => document.hidden && draft && keep());

// photos -------------------------------------------------------------------------------------------------------------------

async function takePhotos() {
  const chosen = [...files.files];
  files.value = "";
  await keep();
  for (const file of chosen) {
    const before = (await store.of("photos", "draft", draft.id)).length;
    if (before >= MOST_PHOTOS) return say(said.most(MOST_PHOTOS), true);
    try {
      const blob = await smaller(file, LONGEST, 1_000_000);
      const small = await thumb(blob);
      if (!small) {
        say(said.badPhoto, true);
        continue;
      }
      const bytes = await blob.arrayBuffer();
      const at = new Date().toISOString();
      const one = { id: newId(), draft: draft.id, slot: "log", sha256: await hash(bytes), size: bytes.byteLength, state: "draft", at, thumb: small, taken_at: new Date(file.lastModified || Date.now()).toISOString() };
      draft = { ...draft, fields: filled(), saved_at: at };
      await store.write(["photos", "bytes", "drafts"], async (s) => {
        s.photos.put(one);
        s.bytes.put(bytes, one.id);
        s.drafts.put(draft);
      });
      say(said.saved(minute(at)));
    } catch {
      say(said.unsaved, true);
    }
    await showPhotos();
  }
}

async function showPhotos() {
  const photos = await store.of("photos", "draft", draft.id);
  $("[data-photos]").replaceChildren(
    ...photos.map((one, n) => {
      const item = document.createElement("li");
      item.dataset.kept = one.id;
      const img = Object.assign(document.createElement("img"), { alt: said.photo(n + 1) });
      if (one.thumb) img.src = URL.createObjectURL(new Blob([one.thumb], { type: "image/jpeg" }));
      item.append(img);
      if (["draft", "mend"].includes(draft.state)) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button is-plain", textContent: said.remove });
        button.setAttribute("aria-label", `${said.remove} ${img.alt}`);
        button.addEventListener("click", async () => {
          await store.write(["photos", "bytes"], async (s) => {
            s.photos.delete(one.id);
            s.bytes.delete(one.id);
          });
          await showPhotos();
        });
        item.append(button);
      }
      return item;
    }),
  );
}

// finishing ----------------------------------------------------------------------------------------------------------------

function mend(errors) {
  $("[data-mend]").hidden = !errors.length;
  for (const input of inputs) input.removeAttribute("aria-invalid");
  $("[data-mend-list]").replaceChildren(
    ...errors.map(({ field, message }) => {
      const item = document.createElement("li");
      const input = inputs.find((one) => one.name === field);
      if (!input) item.textContent = message;
      else {
        input.setAttribute("aria-invalid", "true");
        item.append(Object.assign(document.createElement("a"), { href: `#${input.id}`, textContent: said.at(labelOf(input), message) }));
      }
      return item;
    }),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await keep();
  const empty = inputs.filter((one) => one.required && !one.value.trim()).map((one) => ({ field: one.name, message: said.fill }));
  mend(empty);
  if (empty.length) return $("[data-mend]").focus();
  try {
    await queue();
  } catch {
    return say(said.unsaved, true);
  }
  show();
  sync({ asked: true });
});

// The act and everything it names in one transaction; an act that never left gives way to this one.
async function queue() {
  const at = new Date().toISOString();
  await store.write(["ops", "photos", "drafts"], async (s) => {
    const photos = await store.done(s.photos.index("draft").getAll(draft.id));
    for (const op of await store.done(s.ops.index("draft").getAll(draft.id))) if (!op.tried) s.ops.delete(op.seq);
    const fields = Object.fromEntries(Object.entries(draft.fields || filled()).filter(([, value]) => value !== ""));
    const value = { school: draft.school, fields, photos: photos.map(({ sha256, size, taken_at }) => ({ sha256, size, taken_at })) };
    s.ops.add({ op_id: newId(), act: "create", draft: draft.id, kind, item: "", place: "", field: "", value, by: draft.by, at });
    for (const one of photos) if (one.state === "draft") s.photos.put({ ...one, state: "kept" });
    draft = { ...draft, state: "waiting", missing: [], message: "", finished_at: at };
    s.drafts.put(draft);
  });
}

$("[data-send]").addEventListener("click", () => sync({ asked: true }));
// What has not left the tablet may still be changed.
$("[data-change]").addEventListener("click", async () => {
  await store.write(["ops", "drafts"], async (s) => {
    const ops = await store.done(s.ops.index("draft").getAll(draft.id));
    if (ops.some((op) => op.tried)) return;
    for (const op of ops) s.ops.delete(op.seq);
    draft = { ...draft, state: "draft" };
    s.drafts.put(draft);
  });
  show();
});

// showing ------------------------------------------------------------------------------------------------------------------

async function show() {
  const open = ["draft", "mend"].includes(draft.state);
  for (const group of form.querySelectorAll("fieldset.group")) group.disabled = !open;
  form.querySelector(".form-end").hidden = !open;
  form.hidden = false;
  const box = $("[data-state]");
  box.hidden = draft.state === "draft";
  box.className = `notice is-${{ logged: "ok", kept: "warn", mend: "warn", refused: "bad" }[draft.state] || "info"}`;
  $("[data-state-said]").textContent = said.state[draft.state] + (["kept", "refused", "logged"].includes(draft.state) ? draft.message || "" : "");
  $("[data-send]").hidden = draft.state !== "waiting";
  $("[data-change]").hidden = draft.state !== "waiting" || (await store.of("ops", "draft", draft.id)).some((op) => op.tried);
  if (draft.state === "mend") mend(draft.missing || []);
  await showPhotos();
}

addEventListener("xf-sync", async ({ detail }) => {
  if (!draft || ["sending", "photo"].includes(detail.state)) return;
  const now = await store.get("drafts", draft.id);
  if (!now || now.state === draft.state) return;
  draft = now;
  await show();
  if (draft.state === "mend") $("[data-mend]").focus();
});

// opening ------------------------------------------------------------------------------------------------------------------

function offer(name, entries) {
  const select = inputs.find((one) => one.name === name);
  if (!select) return;
  for (const [value, text] of entries || []) select.append(new Option(text, value));
  select.closest(".field").hidden = select.options.length < 2;
}

async function opened() {
  const asked = new URLSearchParams(location.search);
  const told = await store.get("meta", "logs");
  const by = told?.person?.id || "";
  const drafts = (await store.all("drafts")).filter((one) => one.kind === kind && one.by === by);
  const unfinished = drafts.filter((one) => one.school === asked.get("school") && ["draft", "mend"].includes(one.state) && one.saved_at);
  const mine = drafts.find((one) => one.id === asked.get("draft")) || unfinished.at(-1);
  const school = told?.schools?.find((one) => one.id === (mine?.school || asked.get("school")));
  if (!mine && !school) return null;
  offer("building", school?.building);
  offer("visit", school?.visit);
  return mine || { id: newId(), kind, state: "draft", school: school.id, title: school.title, by, by_name: told.person.name };
}

function today() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

async function begin() {
  try {
    await store.open();
    draft = await opened();
  } catch {
    say(said.unsaved, true);
    return;
  }
  if (!draft) {
    say(said.noSchool, true);
    return;
  }
  history.replaceState(null, "", `?school=${draft.school}&draft=${draft.id}`);
  $("[data-school]").textContent = draft.title;
  $("[data-me]").textContent = draft.by_name || "";
  const fields = draft.fields || { day: today() };
  for (const one of inputs) {
    // A building that is not offered any more is not lost without a word: the server says so.
    if (one.tagName === "SELECT" && fields[one.name] && ![...one.options].some((option) => option.value === fields[one.name])) one.append(new Option("…", fields[one.name]));
    if (fields[one.name] !== undefined) one.value = fields[one.name];
  }
  kept = JSON.stringify(filled());
  say(draft.saved_at ? said.saved(minute(draft.saved_at)) : said.fresh);
  await show();
  document.documentElement.dataset.ready = "";
  auto();
}

begin();
