// Whose work this is: what a person keeps here is encrypted under a key of their own, which their PIN opens, or the server's
// part of it right after they signed in. Nobody has set a PIN here yet: nothing is encrypted, and nothing is taken along.
const AES = "AES-GCM";
const LEAST_ROUNDS = 600_000;
const WAIT_MS = 300;
const MOST_TRIES = 5;
const IDLE_MS = 10 * 60_000;
const utf8 = new TextEncoder();

let db = null;
let lines = new Map(); // person -> how their key is wrapped
let holder = null; // {person, key} of who has the tablet now
let fresh = false;

const asked = (request) =>
  new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

function keep(line) {
  lines.set(line.person, line);
  const act = db.transaction("meta", "readwrite", { durability: "strict" });
  act.objectStore("meta").put(line, `lock ${line.person}`);
  return new Promise((good, bad) => {
    act.oncomplete = () => good();
    act.onabort = () => bad(act.error);
  });
}

export const who = () => holder?.person ?? "";
export const people = () => [...lines.values()].map(({ person, name, tries }) => ({ person, name, shut: tries >= MOST_TRIES }));
// Work is kept in the open only until the first PIN is set here.
export const isOn = () => lines.size > 0;

// the cipher ---------------------------------------------------------------------------------------------------------------

async function encrypt(key, bytes) {
  const n = crypto.getRandomValues(new Uint8Array(12));
  return { n, d: await crypto.subtle.encrypt({ name: AES, iv: n }, key, bytes) };
}
const decrypt = (key, { n, d }) => crypto.subtle.decrypt({ name: AES, iv: n }, key, d);

// Bytes as they are, all else as JSON; the first byte tells which. Bytes amid other values are kept apart by their name.
function packed(value) {
  const [kind, bytes] = bytesOf(value);
  const found = new Uint8Array(bytes.length + 1);
  found[0] = kind;
  found.set(bytes, 1);
  return found;
}

function bytesOf(value) {
  if (value instanceof ArrayBuffer) return [1, new Uint8Array(value)];
  return [0, utf8.encode(JSON.stringify(value, (_name, one) => (one instanceof ArrayBuffer ? { $bytes: btoa(Array.from(new Uint8Array(one), (byte) => String.fromCharCode(byte)).join("")) } : one)))];
}

function unpacked(bytes) {
  if (new Uint8Array(bytes, 0, 1)[0] === 1) return bytes.slice(1);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 1)), (_name, one) => (one?.$bytes === undefined ? one : Uint8Array.from(atob(one.$bytes), (sign) => sign.charCodeAt(0)).buffer));
}

export async function seal(value) {
  if (!holder) throw new Error("locked");
  return encrypt(holder.key, packed(value));
}

// undefined: it is not this person's.
export async function unseal(box) {
  const mine = holder && box[holder.person];
  return mine && unpacked(await decrypt(holder.key, mine));
}

// keys ---------------------------------------------------------------------------------------------------------------------

async function keyOfPin(pin, { salt, rounds }) {
  const base = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base, { name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
}
const keyOf = (raw) => crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
const keyOfPart = (part) => keyOf(Uint8Array.from(part.match(/../g), (byte) => parseInt(byte, 16)));

// As many rounds as this tablet does while a person hardly waits, and never fewer than the least.
async function roundsHere() {
  const began = performance.now();
  await keyOfPin("000000", { salt: new Uint8Array(16), rounds: 100_000 });
  return Math.max(LEAST_ROUNDS, Math.round((WAIT_MS / (performance.now() - began)) * 100_000));
}

// Who is signed in, and, right after the sign-in, the server's part; null without an answer of ours.
export async function fromServer() {
  const device = await asked(db.transaction("meta").objectStore("meta").get("device"));
  try {
    const answer = await fetch(`/sync/key?device=${encodeURIComponent(device)}`, { credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    const told = answer.ok ? await answer.json() : null;
    return told?.person ? told : null;
  } catch {
    return null;
  }
}

// A new PIN of who has just signed in: on a new key, or on the one that is there already.
export async function setPin(pin, told) {
  const part = await keyOfPart(told.part);
  const before = lines.get(told.person);
  const raw = before ? await decrypt(part, before.server) : crypto.getRandomValues(new Uint8Array(32));
  const line = { person: told.person, name: told.name, salt: crypto.getRandomValues(new Uint8Array(16)), rounds: await roundsHere(), tries: 0, server: before?.server || (await encrypt(part, raw)) };
  line.pin = await encrypt(await keyOfPin(pin, line), raw);
  await keep(line);
  await hold({ person: line.person, key: await keyOf(raw) });
  fresh = !before;
}

// The key that a PIN opens; null for a wrong one. A try is counted before it is looked at.
async function keyFor(person, pin) {
  const line = lines.get(person);
  if (!line || line.tries >= MOST_TRIES) return null;
  await keep({ ...line, tries: line.tries + 1 });
  try {
    const raw = await decrypt(await keyOfPin(pin, line), line.pin);
    await keep({ ...line, tries: 0 });
    return keyOf(raw);
  } catch {
    return null;
  }
}

// The tablet goes to who knows this PIN: true, or false for a wrong one.
export async function enter(person, pin) {
  const key = await keyFor(person, pin);
  if (key) await hold({ person, key });
  return Boolean(key);
}

// One thing of somebody else's, with their PIN; the tablet stays with who has it. false: a wrong PIN, null: it is not there.
export async function peek(person, pin, name) {
  const key = await keyFor(person, pin);
  if (!key) return false;
  const kept = await asked(db.transaction("meta").objectStore("meta").get(name));
  return kept?.box?.[person] ? unpacked(await decrypt(key, kept.box[person])) : null;
}

// who has the tablet -------------------------------------------------------------------------------------------------------

// The worker opens kept pages, so it holds the key too, in memory only.
const worker = async () => navigator.serviceWorker?.controller || (await navigator.serviceWorker?.getRegistration("/sync/"))?.active;

async function hold(one) {
  holder = one;
  (await worker())?.postMessage({ holder: one });
}

async function fromWorker() {
  const there = await worker();
  if (!there) return null;
  const channel = new MessageChannel();
  const told = new Promise((good) => {
    channel.port1.onmessage = ({ data }) => good(data);
    setTimeout(good, 2000, null);
  });
  there.postMessage("holder", [channel.port2]);
  return told;
}

// Nobody has it; the page begins anew and asks.
export async function leave() {
  await hold(null);
  location.assign("/sync/");
}

function watch() {
  let last = Date.now();
  const place = document.querySelector(".frame .who");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: `${lines.get(who()).name} · ${document.documentElement.lang === "en" ? "Lock" : "锁定"}` });
  button.dataset.lock = "";
  button.addEventListener("click", leave);
  place?.append(button);
  for (const name of document.querySelectorAll("[data-me]")) name.hidden = true; // the button says it
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, () => (last = Date.now()), { passive: true, capture: true });
  const look = () => {
    if (!holder) return;
    if (Date.now() - last > IDLE_MS) leave();
    else hold(holder); // a worker forgets when it was not spoken to for half a minute
  };
  setInterval(look, 20_000);
  navigator.serviceWorker?.addEventListener("controllerchange", look); // a new worker knows nobody yet
  document.addEventListener("visibilitychange", () => document.hidden || look());
}

// Called once, when the store is open: answers when somebody has the tablet, or when there is no lock yet.
export async function begin(opened) {
  db = opened;
  if (!crypto.subtle) return;
  const meta = db.transaction("meta").objectStore("meta");
  lines = new Map((await asked(meta.getAll(IDBKeyRange.bound("lock ", "lock ~")))).map((line) => [line.person, line]));
  if (!lines.size) return;
  const given = await fromWorker();
  // A page that was made for one person is filled in by no other.
  const wanted = document.querySelector("form[data-by]")?.dataset.by;
  if (given && lines.has(given.person) && (wanted || given.person) === given.person) holder = given;
  else await (await import("./pin.js")).unlock(wanted);
  watch();
  const next = new URLSearchParams(location.search).get("open");
  if (!next?.startsWith("/sync/")) return;
  await fromWorker();
  location.replace(next);
}

// Whether the first PIN of this person was set just now.
export const isNew = () => fresh;

// This tablet has a lock, or gets one now. Answers whether it is new; fails when the person does not want one.
export async function ensure() {
  if (holder) return false;
  await (await import("./pin.js")).choose();
  watch();
  return true;
}
