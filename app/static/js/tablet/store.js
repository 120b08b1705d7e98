// The tablet's own store (IndexedDB). An answer and the operation that carries it are written in one transaction, on disk
// before it is called saved; bytes stand apart from lists; nothing leaves before its verdict has come.
// What the fields of OPEN leave out is encrypted for who has the tablet (lock.js); who reads and writes need not know.
import { newId } from "../shrink.js";
import * as lock from "./lock.js";
import { sealPages } from "./pages.js";

const VERSION = 1;
export const STRICT = { durability: "strict" };

// The answer of a request, or of one that waits its turn.
const done = (request) =>
  request instanceof Promise ? request : new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

function upgrade(db) {
  const make = (name, keyPath, ...indexes) => {
    const store = db.createObjectStore(name, typeof keyPath === "object" && !Array.isArray(keyPath) ? keyPath : keyPath ? { keyPath } : undefined);
    for (const [index, path] of indexes) store.createIndex(index, path);
  };
  make("meta", null);
  make("parts", "id");
  make("drafts", "id");
  make("answers", ["draft", "item", "place", "field"], ["draft", "draft"]);
  make("photos", "id", ["draft", "draft"], ["state", "state"]);
  make("bytes", null);
  make("ops", { keyPath: "seq", autoIncrement: true }, ["register", ["draft", "item", "place", "field"]], ["draft", "draft"]);
  make("quarantine", "op_id", ["draft", "draft"]);
}

let opening = null;

export function open() {
  opening ??= openBase().then(async (db) => {
    await lock.begin(db);
    if (lock.isNew()) setTimeout(sealOld);
    return db;
  });
  return opening;
}

// The tablet has a lock when this returns, and what lay open before is sealed.
export async function ensured() {
  await open();
  await device();
  if (await lock.ensure()) await sealOld();
}

// What this person kept here before their first PIN.
async function sealOld() {
  const db = await open();
  const raw = (name) => db.transaction(name).objectStore(name);
  const owner = new Map((await done(raw("drafts").getAll())).map((one) => [one.id, one.by]));
  const keyOf = (one, path) => (Array.isArray(path) ? path.map((field) => one[field]) : one[path]);
  for (const name of Object.keys(OPEN)) {
    const plain = (await done(raw(name).getAll())).filter((one) => !one.box && (one.by || owner.get(one.draft || one.id) || lock.who()) === lock.who());
    const { keyPath } = raw(name);
    await write([name], async (s) => {
      for (const one of plain) {
        const now = await s[name].get(keyOf(one, keyPath));
        if (now) s[name].put(now);
      }
    });
  }
  for (const name of ["bytes", "meta"]) {
    for (const key of await done(raw(name).getAllKeys())) {
      await write([name], async (s) => {
        const now = await s[name].get(key);
        if (now !== undefined) s[name].put(now, key);
      });
    }
  }
  await sealPages();
}

function openBase() {
  return new Promise((good, bad) => {
    const request = indexedDB.open("xf-tablet", VERSION);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => {
      const db = request.result;
      // Another tab with a newer build wants to change the store: make way.
      db.onversionchange = () => db.close();
      good(db);
    };
    request.onerror = () => bad(request.error);
    request.onblocked = () => bad(new Error("blocked"));
  });
}

// What stays readable without the PIN: what keys, lists and sending need, and no word that was filled in.
const words = (text) => new Set(text.split(" "));
const OPEN = {
  parts: words("id school etag taken_at bytes rev"),
  drafts: words("id kind state by school visit rev saved_at opened_at begun_at judged_at finished_at ended_at"),
  answers: words("draft item place field rev base"),
  photos: words("id draft state"),
  ops: words("seq op_id act draft kind item place field by holder tried"),
  quarantine: words("op_id act draft kind item place field by holder status judged_at"),
};
const OPEN_META = /^(device|user|answered|offset|build|sync|sealed .*|cursor .*|lock .*)$/;
const known = new Map(); // what was opened once, by its nonce

async function shut(name, value, key) {
  if (!lock.isOn() || !value || typeof value !== "object") return value;
  if (name === "bytes" || name === "meta") return name === "meta" && OPEN_META.test(key) ? value : { box: { [lock.who()]: await lock.seal(value) } };
  const open = {};
  const hidden = {};
  for (const [field, one] of Object.entries(value)) if (field !== "box" && one !== undefined) (OPEN[name].has(field) ? open : hidden)[field] = one;
  const others = value.box ? { box: value.box } : {};
  if (!Object.keys(hidden).length) return { ...open, ...others };
  const made = await lock.seal(hidden);
  known.set(String(made.n), hidden);
  return { ...open, box: { ...value.box, [lock.who()]: made } };
}

// Of another person's line only what is open to all; of their bytes nothing.
async function opened(name, value) {
  if (name === "answers" && value) revSeen.set(nameOf(value), value.rev ?? 0);
  if (!value?.box) return value;
  const { [lock.who()]: mine, ...others } = value.box;
  if (name === "bytes" || name === "meta") return lock.unseal(value.box);
  if (!mine) return value;
  const nonce = String(mine.n);
  if (!known.has(nonce)) {
    if (known.size > 5000) known.clear();
    known.set(nonce, await lock.unseal(value.box));
  }
  const { box, ...open } = value;
  return { ...open, ...known.get(nonce), ...(Object.keys(others).length ? { box: others } : {}) };
}

const openedAll = (name, found) => (Array.isArray(found) ? Promise.all(found.map((one) => opened(name, one))) : opened(name, found));

// The stores of a transaction, one request after the other. A transaction ends as soon as nothing is asked of it, and
// ciphers answer later: so it is asked until they have.
function inTurn(act, names) {
  let chain = Promise.resolve();
  let wrong = null;
  const turn = (task) => {
    const mine = chain.then(task);
    chain = mine.catch((why) => void (wrong ??= why));
    return mine;
  };
  const held = (promise) =>
    new Promise((good, bad) => {
      let end = null;
      promise.then((value) => (end = () => good(value)), (why) => (end = () => bad(why)));
      const again = () => {
        const request = act.objectStore(names[0]).getKey(0);
        request.onsuccess = () => (end ? end() : again());
        request.onerror = () => bad(request.error);
      };
      again();
    });
  const reading = (name, raw) => {
    const reader = (how) => (...given) => turn(async () => {
      const found = await done(raw[how](...given));
      return lock.isOn() ? held(openedAll(name, found)) : found;
    });
    return { get: reader("get"), getAll: reader("getAll"), count: (...given) => turn(() => done(raw.count(...given))) };
  };
  // Ciphers begin at once, and no write waits for the one before to be done: a failed one ends the whole transaction.
  const later = (task) => {
    const told = turn(async () => ({ request: await task() })).then(({ request }) => done(request));
    told.catch(() => {});
    return told;
  };
  const writing = (name, raw, how) => (value, key) => {
    const coming = lock.isOn() ? shut(name, value, key) : null;
    coming?.catch(() => {});
    return later(async () => {
      const kept = coming ? await held(coming) : value;
      return key === undefined ? raw[how](kept) : raw[how](kept, key);
    });
  };
  const stores = {};
  for (const name of names) {
    const raw = act.objectStore(name);
    stores[name] = {
      ...reading(name, raw),
      index: (index) => reading(name, raw.index(index)),
      put: writing(name, raw, "put"),
      add: writing(name, raw, "add"),
      delete: (key) => later(() => raw.delete(key)),
    };
  }
  const end = async () => {
    for (let before = null; before !== chain; ) {
      before = chain;
      await before;
    }
    if (wrong) throw wrong;
  };
  return { stores, end };
}

// Runs `work(stores)` in one transaction and answers when it is on disk.
export async function write(names, work) {
  const db = await open();
  const act = db.transaction(names, "readwrite", STRICT);
  const ended = new Promise((good, bad) => {
    act.oncomplete = () => good();
    act.onabort = () => bad(act.error || new Error("aborted"));
  });
  let told;
  try {
    const { stores, end } = inTurn(act, names);
    told = await work(stores);
    await end();
  } catch (wrong) {
    try {
      act.abort();
    } catch { /* it has ended by itself */ }
    await ended.catch(() => {});
    throw wrong;
  }
  await ended;
  return told;
}

async function read(name, what) {
  const db = await open();
  return openedAll(name, await done(what(db.transaction(name).objectStore(name))));
}

export const get = (name, key) => read(name, (store) => store.get(key));
export const all = (name) => read(name, (store) => store.getAll());
export const some = (name, most) => read(name, (store) => store.getAll(null, most));
export const count = (name) => read(name, (store) => store.count());
export const of = (name, index, key) => read(name, (store) => store.index(index).getAll(key));
export const put = (name, value, key) => write([name], async (s) => void s[name].put(value, key));

export async function device() {
  let id = await get("meta", "device");
  if (!id) {
    id = newId();
    await put("meta", id, "device");
  }
  return id;
}

export function register(op) {
  return [op.draft, op.item, op.place, op.field];
}

// What somebody has signed is not changed, whatever page of this tablet asks for it.
export async function unsigned(s, draft) {
  if ((await done(s.drafts.get(draft)))?.signing) throw new Error("fixed");
}

// Answers: what the page shows, and the operations that will carry them. An unsent operation on the same field gives way; one
// that may have reached the server never does. A finger waits for this: ciphers are done before the one transaction begins, by
// the revision that was seen last; where another tab or the server wrote since, once more by what was found.
export async function answer(changes) {
  const db = await open();
  let revs = changes.map((one) => revSeen.get(nameOf(one)) ?? 0);
  for (;;) {
    const lines = await Promise.all(changes.map((one, n) => lineOf(one, revs[n])));
    const act = db.transaction(KEPT, "readwrite", STRICT);
    let wrong = null;
    let now = null;
    const ended = new Promise((good, bad) => {
      act.oncomplete = () => good(true);
      act.onabort = () => (wrong || act.error ? bad(wrong || act.error) : good(false));
    });
    asked(act, changes).then((found) => {
      now = found;
      if (!isSeen(now[0]) || changes.some((_one, n) => revOf(now, n) !== revs[n])) return act.abort();
      if (seenOf(now[0])?.signing && changes.some((one) => one.item !== "VISIT")) throw new Error("fixed");
      place(act, changes, now, lines);
      act.commit?.();
    }).catch((why) => {
      wrong = why;
      if (!act.error) act.abort();
    });
    if (await ended) return;
    await opened("drafts", now[0]);
    revs = changes.map((_one, n) => revOf(now, n));
  }
}

const KEPT = ["drafts", "answers", "ops"];
const keyOf = ({ draft, item, place, field }) => [draft, item, place, field];
const nameOf = (one) => keyOf(one).join(" ");
const revOf = (now, n) => now[2 * n + 1]?.rev ?? 0;
const revSeen = new Map(); // the revision of each answer that was read or written here last

// As they lie: the draft, then for each change what stands there, and what waits to be sent of it.
function asked(act, changes) {
  const of = (one) => [act.objectStore("answers").get(keyOf(one)), act.objectStore("ops").index("register").getAll(keyOf(one))];
  return Promise.all([act.objectStore("drafts").get(changes[0].draft), ...changes.flatMap(of)].map(done));
}

// What is encrypted of a line can be told without waiting when it was opened before.
const nonceOf = (one) => one?.box?.[lock.who()] && String(one.box[lock.who()].n);
const isSeen = (one) => !nonceOf(one) || known.has(nonceOf(one));
const seenOf = (one) => (nonceOf(one) ? known.get(nonceOf(one)) : one);

async function lineOf({ draft, kind, item, place, field, value, base_rev, via, by, at }, rev) {
  const base = rev || base_rev;
  const line = shut("answers", { draft, item, place, field, value, rev, base, at, via });
  return [await line, await shut("ops", { op_id: newId(), act: "answer", draft, kind, item, place, field, value, base_rev: base, via, by, at })];
}

function place(act, changes, now, lines) {
  const [drafts, answers, ops] = KEPT.map((name) => act.objectStore(name));
  for (const [n, [line, op]] of lines.entries()) {
    for (const old of now[2 * n + 2]) if (!old.tried && old.act === "answer") ops.delete(old.seq);
    answers.put(line);
    ops.add(op);
  }
  const { draft, at } = changes.at(-1);
  drafts.put({ ...now[0], id: draft, saved_at: at });
}

// These operations are about to leave: from here on nothing takes their place. Answers those that are still there.
export async function leaving(some) {
  const db = await open();
  const act = db.transaction("ops", "readwrite", STRICT);
  const ops = act.objectStore("ops");
  const ended = new Promise((good, bad) => {
    act.oncomplete = () => good();
    act.onabort = () => bad(act.error || new Error("aborted"));
  });
  const there = await Promise.all(some.map(({ seq }) => done(ops.get(seq)).then((one) => one && ops.put({ ...one, tried: true }))));
  await ended;
  return some.filter((_one, n) => there[n]);
}

// A photo: its bytes, its line in the list, and the operation; together or not at all.
export function photo(one, bytes, op) {
  return write(["photos", "bytes", "ops", "drafts"], async (s) => {
    await unsigned(s, one.draft);
    s.photos.put(one);
    s.bytes.put(bytes, one.id);
    s.ops.add(op);
    const mine = (await done(s.drafts.get(one.draft))) || { id: one.draft };
    s.drafts.put({ ...mine, saved_at: op.at });
  });
}

export { done };
