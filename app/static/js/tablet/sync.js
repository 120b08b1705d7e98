// Sends what the tablet has kept, one tab at a time, every request with a time limit. An operation leaves the store when its
// verdict has come, never before; what the server refuses stays in quarantine, and the rest goes on.
import { grantEnds, grantOf, keepGrant } from "./grants.js";
import { who } from "./lock.js";
import { all, count, device, done, get, leaving, of, put, write } from "./store.js";

const PROTO = 1;
const PIECE = 256 * 1024;
const SESSION_MS = 10_000;
const OPS_MS = 45_000;
const PIECE_MS = 60_000;

// Why sending stopped: a name of words.state, a sentence of the server, and whether waiting helps.
class Stopped extends Error {
  constructor(state, message = "", again = true) {
    super(state);
    Object.assign(this, { state, said: message, again });
  }
}

export function tell(state) {
  dispatchEvent(new CustomEvent("xf-sync", { detail: state }));
}

let session = null;

// An answer that is no JSON of ours did not come from the server: a proxy, a sign-in page of the Wi-Fi.
async function ask(method, url, { body, headers = {}, limit = OPS_MS } = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      method,
      body,
      headers: { Accept: "application/json", ...(session ? { "X-CSRFToken": session.csrf } : {}), ...headers },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(limit),
    });
  } catch {
    throw new Stopped("offline");
  }
  if (answer.type === "opaqueredirect") throw new Stopped("stranger");
  const ours = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  let told = null;
  if (method !== "HEAD") {
    if (!ours) throw new Stopped(answer.status >= 500 ? "offline" : "stranger");
    try {
      told = await answer.json();
    } catch {
      throw new Stopped("offline");
    }
  }
  return { status: answer.status, headers: answer.headers, told };
}

function refuse({ status, told }) {
  const said = told?.message || "";
  if (status === 401) throw new Stopped("sign_in", said, false);
  if (status === 403) throw new Stopped("forbidden", said, false);
  if (status === 426) throw new Stopped("too_old", said, false);
  if (status === 507) throw new Stopped("disk_full", said);
  if (status === 429 || status >= 500) throw new Stopped("busy", said);
  throw new Stopped("refused", said || String(status));
}

async function begin() {
  session = null;
  const answer = await ask("GET", `/sync/session?device=${encodeURIComponent(await device())}`, { limit: SESSION_MS });
  if (answer.status !== 200) refuse(answer);
  if (!answer.told.csrf || !answer.told.server_now) throw new Stopped("stranger");
  session = answer.told;
  await write(["meta"], async (s) => {
    s.meta.put(session.user, "user");
    s.meta.put(new Date().toISOString(), "answered");
    s.meta.put(Date.parse(session.server_now) - Date.now(), "offset");
  });
  if (session.user.may_inspect && (await grantEnds(session.user.id))) await askGrant();
  lent = who() && who() !== session.user.id && (await grantOf(who())) ? who() : "";
}

// Shown once, while its person is signed in; without it nothing else stops.
async function askGrant() {
  const body = JSON.stringify({ device: await device() });
  const answer = await ask("POST", "/sync/grant", { body, headers: { "Content-Type": "application/json" }, limit: SESSION_MS }).catch(() => null);
  if (answer?.status === 200) await keepGrant(answer.told);
}

// Work of the person who is signed in, and signatures that others set on the tablet in this person's hands.
// Who opened the tablet with their PIN while somebody else is signed in sends by their grant.
let lent = "";
const own = (op, id) => !op.by || op.by === id || op.holder === id || op.by === lent;

// operations ---------------------------------------------------------------------------------------------------------------

// An operation as it goes to the server, on the line or in a file.
export function wire(op) {
  const { op_id, draft, kind, item, place, field, value, base_rev, via, by, at, act } = op;
  const shared = { op_id, target: { kind, id: draft }, at, by, value };
  if (act !== "answer") return { ...shared, act, ...(base_rev === undefined ? {} : { base_rev }) };
  return { ...shared, item, ...(place ? { place } : {}), field, base_rev, via };
}

export async function waiting() {
  const [ops, photos, drafts] = [await count("ops"), await of("photos", "state", "kept"), await all("drafts")];
  const user = await get("meta", "user");
  const mine = user ? (await all("ops")).filter((op) => own(op, user.id)).length : ops;
  return { ops, mine, photos: photos.length, drafts: drafts.length };
}

// A drill or a training goes as one act, when all its photos have come.
const isLog = (op) => op.kind === "drill" || op.kind === "training";
const quick = (op) => !isLog(op) && (["create", "reopen"].includes(op.act) || (op.act === "answer" && op.field !== "photo" && op.field !== "signature"));

// The next operations to go, in the order in which they were made; `only` leaves out what has to wait for photos.
async function batch(most, only) {
  const photos = await all("photos");
  const sent = new Set(photos.filter((one) => one.state !== "kept").map((one) => one.id));
  const held = new Set(photos.filter((one) => one.state === "kept").map((one) => one.draft));
  const found = [];
  for (const op of await all("ops")) {
    if (op.box || !own(op, session.user.id)) continue; // locked, or another's
    if (isLog(op) && held.has(op.draft)) continue;
    if (only ? !quick(op) : op.field === "photo" && op.value.sha256 && !sent.has(op.op_id)) continue;
    found.push(op);
    if (found.length === most) break;
  }
  return found;
}

async function post(ops) {
  const counts = await waiting();
  const grants = {};
  for (const by of new Set(ops.map((op) => op.by))) {
    const grant = by && by !== session.user.id ? await grantOf(by) : null;
    if (grant) grants[by] = grant;
  }
  const body = {
    grants,
    device: await device(),
    proto: PROTO,
    client_now: new Date().toISOString(),
    cursor: (await get("meta", `cursor ${session.user.id}`)) || "",
    queue: { ops: counts.ops, photos: counts.photos, drafts: counts.drafts },
    build: (await get("meta", "build")) || "",
    ops: ops.map(wire),
  };
  return ask("POST", "/sync/ops", { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
}

async function sendOps(only) {
  let most = Math.min(session.limits?.ops || 200, 200);
  let renewed = false;
  for (;;) {
    const found = await batch(most, only);
    if (!found.length) return;
    const ops = await leaving(found);
    if (!ops.length) continue;
    const answer = await post(ops);
    if (answer.status === 413 && most > 1) {
      most = Math.ceil(most / 4);
      continue;
    }
    if (answer.status === 400 && answer.told.error === "csrf" && !renewed) {
      renewed = true;
      await begin();
      continue;
    }
    if (answer.status === 400 && answer.told.error === "cut") throw new Stopped("offline");
    if (answer.status !== 200) refuse(answer);
    await settle(ops, answer.told);
  }
}

const sameValue = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Verdicts and what others did, in one transaction: an operation is gone exactly when what became of it is kept.
async function settle(ops, told) {
  const { results, changes = [] } = told;
  if (!Array.isArray(results) || results.length !== ops.length || results.some((one, n) => one.op_id !== ops[n].op_id)) throw new Stopped("stranger");
  await write(["ops", "answers", "photos", "bytes", "drafts", "quarantine", "meta"], async (s) => {
    for (const [n, op] of ops.entries()) await verdict(s, op, results[n]);
    for (const change of changes) await changed(s, change);
    s.meta.put(new Date().toISOString(), "answered");
    if (told.cursor) s.meta.put(told.cursor, `cursor ${session.user.id}`);
  });
}

async function verdict(s, op, result) {
  const { status } = result;
  if (!["applied", "duplicate", "conflict", "held", "rejected"].includes(status)) throw new Stopped("stranger");
  // Torn up or taken back while the answer was on its way: what it says is about nothing that is here any more.
  const queued = op.seq !== undefined;
  if (!(await done(queued ? s.ops.get(op.seq) : s.quarantine.get(op.op_id)))) return;
  const { seq, ...plain } = op;
  const isPhoto = op.act === "answer" && op.field === "photo";
  const photo = isPhoto ? await done(s.photos.get(op.op_id)) : null;
  if (status === "held" && result.reason === "file_missing" && photo) {
    s.photos.put({ ...photo, state: "kept" });
    s.ops.put({ ...op, tried: true });
    if (!queued) s.quarantine.delete(op.op_id);
    return;
  }
  if (queued) s.ops.delete(seq);
  else s.quarantine.delete(op.op_id);
  if (isLog(op) && (await logged(s, op, result))) return;
  const told = { status, reason: result.reason || "", message: result.message || "", missing: result.missing || [] };
  if (photo) {
    const good = status === "applied" || status === "duplicate";
    s.photos.put({ ...photo, state: good ? "sent" : status, message: result.message || "" });
    if (good) s.bytes.delete(photo.id);
  } else if (op.act === "finalise" || op.field === "signature") {
    const mine = (await done(s.drafts.get(op.draft))) || { id: op.draft };
    if (op.act === "finalise") s.drafts.put({ ...mine, finalise: told });
    else s.drafts.put({ ...mine, signatures: { ...mine.signatures, [op.value.role]: told } });
  } else if (op.act === "answer") {
    await heard(s, op, result);
  }
  if (status === "held" || status === "rejected") s.quarantine.put({ ...plain, status, reason: told.reason, message: told.message, judged_at: new Date().toISOString() });
}

// What became of a drill or a training. Answers whether nothing more is to be done: it waits for a file, or is mended here.
async function logged(s, op, result) {
  const mine = (await done(s.drafts.get(op.draft))) || { id: op.draft };
  const photos = await done(s.photos.index("draft").getAll(op.draft));
  if (result.reason === "file_missing") {
    for (const photo of photos) if (photo.state === "uploaded") s.photos.put({ ...photo, state: "kept" });
    s.ops.put({ ...op, tried: true });
    return true;
  }
  const good = ["applied", "duplicate"].includes(result.status);
  const state = good ? "logged" : result.reason === "incomplete" ? "mend" : result.status === "held" ? "kept" : "refused";
  s.drafts.put({ ...mine, state, message: result.message || "", missing: result.missing || [], judged_at: new Date().toISOString() });
  for (const photo of good ? photos : []) {
    s.photos.put({ ...photo, state: "sent" });
    s.bytes.delete(photo.id);
  }
  return state === "mend";
}

async function heard(s, op, result) {
  const key = [op.draft, op.item, op.place, op.field];
  const mine = await done(s.answers.get(key));
  if (!mine) return;
  const rev = Math.max(mine.rev || 0, result.rev || 0);
  const conflict = result.status === "conflict" ? { current: result.current, by: result.by, message: result.message || "" } : sameValue(mine.value, op.value) ? undefined : mine.conflict;
  s.answers.put({ ...mine, rev, conflict });
}

// What a colleague or the office did on a draft that is here. What still waits to be sent is never written over.
export async function changed(s, change) {
  const id = change.target.id;
  const mine = await done(s.drafts.get(id));
  if (!mine) return;
  s.drafts.put({ ...mine, state: change.state, rev: Math.max(mine.rev || 0, change.rev || 0), contested: change.contested || [], signed: change.signatures || [], held: change.held || 0, photos_there: change.photos || mine.photos_there });
  for (const one of change.photos || []) {
    const before = await done(s.photos.get(one.id));
    if (one.withdrawn ? before : !before) s.photos.put({ ...one, ...before, draft: id, state: one.withdrawn ? "withdrawn" : "sent" });
  }
  for (const one of change.fields || []) {
    if (one.field === "photo" || one.field === "signature") continue;
    const key = [id, one.item, one.place || "", one.field];
    const [before, unsent] = await Promise.all([done(s.answers.get(key)), done(s.ops.index("register").count(key))]);
    if (unsent || (before && (before.rev || 0) >= one.rev)) continue;
    s.answers.put({ draft: id, item: one.item, place: one.place || "", field: one.field, value: one.value, rev: one.rev, at: one.at, via: one.via, by: one.by, by_name: one.by_name });
  }
}

// photos -------------------------------------------------------------------------------------------------------------------

async function upload(photo) {
  const url = `/sync/blobs/${photo.sha256}`;
  const bytes = await get("bytes", photo.id);
  if (!bytes) return mark(photo, "lost");
  const head = await ask("HEAD", url, { limit: SESSION_MS });
  if (head.status !== 200) refuse(head);
  if (!head.headers.has("Upload-Offset")) throw new Stopped("stranger");
  let offset = Number(head.headers.get("Upload-Offset"));
  let complete = head.headers.get("Upload-Complete") === "?1";
  const piece = Math.min(PIECE, session.limits?.piece || PIECE);
  let restarts = 0;
  while (!complete) {
    const end = Math.min(bytes.byteLength, offset + piece);
    const answer = await ask("PATCH", url, {
      body: bytes.slice(offset, end),
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset), "Upload-Complete": end === bytes.byteLength ? "?1" : "?0" },
      limit: PIECE_MS,
    });
    if (answer.status === 422 && answer.told.error === "bad_picture") break;
    if (answer.status === 422 && restarts++ < 2) offset = 0;
    else if (answer.status === 409 || (answer.status === 400 && answer.told.error === "cut")) {
      if (restarts++ > 20) throw new Stopped("offline");
      offset = Number(answer.headers.get("Upload-Offset") ?? answer.told.offset ?? 0);
    } else if (answer.status !== 200) refuse(answer);
    else {
      complete = answer.told.complete === true;
      if (!complete && answer.told.offset === offset && restarts++ > 20) throw new Stopped("offline");
      offset = answer.told.offset;
    }
  }
  return mark(photo, "uploaded");
}

const mark = (photo, state) =>
  write(["photos"], async (s) => {
    const now = await done(s.photos.get(photo.id));
    s.photos.put({ ...now, state });
  });

async function sendPhotos() {
  const ops = new Map((await all("ops")).filter((op) => op.field === "photo" && !op.box).map((op) => [op.op_id, op]));
  for (const op of await all("ops")) if (isLog(op) && !op.box) ops.set(op.draft, op);
  const named = (one) => ops.get(one.id) || ops.get(one.draft);
  const open = (await of("photos", "state", "kept")).filter((one) => named(one) && (!named(one).by || named(one).by === session.user.id));
  for (const [n, photo] of open.entries()) {
    tell({ state: "photo", left: open.length - n });
    await upload(photo);
  }
}

// What the server keeps without having applied it is asked about again: a verdict may have changed since.
async function askAgain() {
  const held = (await all("quarantine")).filter((op) => !op.box && op.status === "held" && own(op, session.user.id)).slice(0, 100);
  if (!held.length) return;
  const answer = await post(held.map(({ seq, ...op }) => op));
  if (answer.status === 200) await settle(held.map(({ seq, ...op }) => op), answer.told);
}

// a sending ----------------------------------------------------------------------------------------------------------------

async function run() {
  tell({ state: "sending" });
  await begin();
  await sendOps(true);
  await sendPhotos();
  await sendOps(false);
  await askAgain();
  return { state: "sent" };
}

let pause = 2000;
let timer = null;
let later = 0;

async function finish(result) {
  const left = await waiting();
  const told = { ...result, ...left, at: new Date().toISOString() };
  await put("meta", told, "sync").catch(() => {});
  tell(told);
  return told;
}

// One tab sends; the others find the lock taken. `by` the user's own word the pause is forgotten.
export async function sync({ asked = false } = {}) {
  if (!asked && Date.now() < later) return null;
  const work = async (lock) => {
    if (lock === null) return { state: "elsewhere" };
    try {
      const told = await finish(await run());
      pause = 2000;
      later = 0;
      return told;
    } catch (wrong) {
      if (!(wrong instanceof Stopped)) {
        // A mistake of this page, or a store that fails: said, not swallowed; what is kept stays kept.
        await finish({ state: "refused", message: String(wrong) }).catch(() => {});
        throw wrong;
      }
      pause = Math.min(pause * 2, 300_000);
      later = Date.now() + pause;
      if (wrong.again) plan(pause);
      return finish({ state: wrong.state, message: wrong.said });
    }
  };
  return navigator.locks ? navigator.locks.request("xf-sync", { ifAvailable: true }, work) : work();
}

function plan(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => sync(), ms);
}

// Driven by the page: at the start, when the line or the page comes back, every half minute while something waits.
export function auto() {
  addEventListener("online", () => {
    later = 0;
    plan(500);
  });
  document.addEventListener("visibilitychange", () => document.hidden || plan(500));
  setInterval(async () => (await count("ops")) && sync(), 30_000);
  plan(200);
}

// After an answer: soon, but not once a tap.
export const soon = () => (Date.now() < later ? null : plan(2500));

