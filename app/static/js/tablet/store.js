// The tablet's own store (IndexedDB). An answer and the operation that carries it are written in one transaction, on disk
// before it is called saved; bytes stand apart from lists; nothing leaves before its verdict has come.
import { newId } from "../shrink.js";

const VERSION = 1;
export const STRICT = { durability: "strict" };

const done = (request) =>
  new Promise((good, bad) => {
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
  opening ??= new Promise((good, bad) => {
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
  return opening;
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
    told = await work(Object.fromEntries(names.map((name) => [name, act.objectStore(name)])));
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
  return done(what(db.transaction(name).objectStore(name)));
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

// One answer: what the page shows, and the operation that will carry it. An unsent operation on the same field gives way;
// one that may have reached the server never does.
export function answer(changes) {
  return write(["answers", "ops", "drafts"], async (s) => {
    if (changes.some((one) => one.item !== "VISIT")) await unsigned(s, changes[0].draft);
    for (const { draft, kind, item, place, field, value, base_rev, via, by, at } of changes) {
      const key = [draft, item, place, field];
      const [before, waiting] = await Promise.all([done(s.answers.get(key)), done(s.ops.index("register").getAll(key))]);
      for (const op of waiting) if (!op.tried && op.act === "answer") s.ops.delete(op.seq);
      s.answers.put({ draft, item, place, field, value, rev: before?.rev ?? 0, base: before?.rev || base_rev, at, via });
      s.ops.add({ op_id: newId(), act: "answer", draft, kind, item, place, field, value, base_rev: before?.rev || base_rev, via, by, at });
    }
    const last = changes.at(-1);
    const mine = (await done(s.drafts.get(last.draft))) || { id: last.draft };
    s.drafts.put({ ...mine, saved_at: last.at });
  });
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
