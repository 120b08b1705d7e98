// The live page of a drill. What is tapped goes into the device's store first and is sent from there until the server has said
// what became of it; every two seconds the page asks whether the others tapped anything. Each answer tells the server's time:
// a tap carries this device's own time and how far that was off, so that all times are of one clock.

const EVERY = 2000;
const root = document.querySelector("[data-live]");
const token = root.querySelector("[name=csrf_token]")?.value ?? "";
const store = `xf-drill-${root.dataset.plan}-${root.dataset.person}`;
let state = JSON.parse(root.dataset.state);
let mark = "";
let queue = read();
let offset = null;
let bestTrip = Infinity;
let measured = 0;
let trouble = "";
let savedAt = null;

function read() {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

// Another tab of this device may hold taps of its own: what is stored is always both.
function change(edit) {
  queue = edit(read());
  try {
    localStorage.setItem(store, JSON.stringify(queue));
  } catch { /* without a store the taps live as long as the page */ }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// A quick answer tells the time better than a slow one; an old measurement gives way to any.
function learn(sent, got, server) {
  if (!server) return;
  const trip = got - sent;
  if (offset !== null && trip > bestTrip && got - measured < 60_000) return;
  offset = Math.round(server - (sent + got) / 2);
  bestTrip = trip;
  measured = got;
}

const said = (name, values = {}) => (root.dataset[name] ?? "").replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
const minutes = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
const all = (selector) => root.querySelectorAll(selector);

function show(selector, visible) {
  for (const e of all(selector)) e.hidden = !visible;
}

function drawClass(row, one) {
  const waits = queue.findLast((op) => op.kind === "heads" && op.key === one.key);
  const expected = Number(row.querySelector("form")?.dataset.expected ?? 0);
  const now = waits
    ? { ...one, ...waits, missing: Math.max(0, expected - waits.present - waits.elsewhere), over: Math.max(0, waits.present + waits.elsewhere - expected) }
    : one;
  const tag = (name, visible, words) => {
    const e = row.querySelector(`[data-${name}]`);
    e.hidden = !visible;
    if (words) e.textContent = words;
  };
  tag("missing", now.missing > 0, said("wordMissing", { count: now.missing }));
  tag("over", now.over > 0, said("wordOver", { count: now.over }));
  tag("full", now.missing === 0 && !now.over);
  tag("pending", Boolean(waits));
  row.className = now.missing > 0 ? "is-bad" : now.present === null ? "" : "is-ok";
  row.querySelector("[data-who]").textContent = !waits && one.s !== null ? `${minutes(one.s)} · ${one.by}` : "";
  const shown = row.querySelector("[data-shown]");
  if (shown) shown.textContent = now.present ?? "—";
  for (const name of ["present", "elsewhere"]) {
    const input = row.querySelector(`input[name=${name}]`);
    if (input && !input.dataset.typed && input !== document.activeElement) {
      input.value = name === "elsewhere" ? now.elsewhere || "" : now.present ?? "";
    }
  }
}

function drawLast() {
  const list = root.querySelector("[data-last]");
  const row = root.querySelector("[data-last-row]");
  if (!list || list.dataset.drawn === mark) return;
  list.dataset.drawn = mark;
  list.replaceChildren(...state.last.map((one) => {
    const item = row.content.firstElementChild.cloneNode(true);
    item.querySelector("span").textContent = one.words + (one.s === null ? "" : ` · ${minutes(one.s)}`);
    item.querySelector("form").dataset.undoes = one.op_id;
    return item;
  }));
}

function got(kind, key, seconds) {
  const e = root.querySelector(`[data-got="${kind}${key}"]`);
  const waits = queue.some((op) => op.kind === kind && op.key === key);
  if (e) e.textContent = waits ? said("wordPending") : seconds === null ? "" : minutes(seconds);
}

function draw() {
  const began = state.signal_at !== null || queue.some((op) => op.kind === "signal");
  const ended = state.finished !== null || queue.some((op) => op.kind === "finish");
  show("[data-before]", !began);
  show("[data-after]", began);
  show("[data-running]", !ended);
  show("[data-finished]", state.finished !== null);
  for (const name of ["expected", "present", "elsewhere", "missing"]) {
    root.querySelector(`[data-total=${name}]`).textContent = state[name];
  }
  root.querySelector("[data-total-box=missing]").classList.toggle("is-short", state.missing > 0);
  const summary = root.querySelector("[data-summary]");
  summary.className = `notice is-${state.words.look}`;
  for (const [name, e] of [["missing", "[data-summary-missing]"], ["silent", "[data-summary-silent]"], ["signal", "[data-signal]"]].map(([name, at]) => [name, root.querySelector(at)])) {
    if (e.textContent !== state.words[name]) e.textContent = state.words[name];
  }
  for (const one of state.classes) drawClass(document.getElementById(one.key), one);
  for (const one of state.stairs) got("stair", one.key, one.s);
  got("first_out", "", state.first_out);
  got("last_out", "", state.last_out);
  drawLast();
  drawSync();
}

function drawSync() {
  const e = root.querySelector("[data-sync]");
  const count = queue.length;
  const time = savedAt ? new Date(savedAt).toLocaleTimeString(document.documentElement.lang, { hour12: false }) : "";
  const words = trouble
    ? said(trouble, { count })
    : count ? said("wordWaiting", { count }) : time ? said("wordSaved", { time }) : "…";
  if (e.textContent !== words) e.textContent = words;
  e.classList.toggle("is-bad", Boolean(trouble));
}

function tick() {
  const e = root.querySelector("[data-clock]");
  const waits = queue.find((op) => op.kind === "signal");
  const began = state.signal_at ?? (waits ? waits.at + (waits.offset_ms ?? 0) : null);
  if (state.finished !== null) e.textContent = minutes(state.finished);
  else if (began !== null) e.textContent = minutes(Math.max(0, Math.floor((Date.now() + (offset ?? 0) - began) / 1000)));
  else e.textContent = "0:00";
}

async function ask(address, options) {
  const sent = Date.now();
  const answer = await fetch(address, { ...options, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(8000) });
  learn(sent, Date.now(), Number(answer.headers.get("X-Server-Now")));
  return answer;
}

async function take(answer) {
  const told = await answer.json();
  // Two answers may overtake each other: the later state holds.
  if (told.version >= state.version) {
    state = told;
    mark = answer.headers.get("ETag") ?? "";
  }
  return told;
}

async function send() {
  const ops = queue.slice(0, 200);
  const answer = await ask(root.dataset.tapsUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ client_now: Date.now(), ops }),
  });
  if (answer.ok) {
    const told = await take(answer);
    const verdicts = new Map(told.results.map((one) => [one.op_id, one.status]));
    const done = new Set([...verdicts].filter(([, status]) => status !== "early").map(([id]) => id));
    change((kept) => kept.filter((op) => !done.has(op.op_id)));
    if ([...verdicts.values()].includes("refused")) return "wordRefused";
    return [...verdicts.values()].includes("early") ? "wordEarly" : "";
  }
  if (answer.status === 409) return "wordRefused";
  return answer.status === 0 || answer.status === 401 || answer.status === 400 ? "wordSignin" : "wordOffline";
}

async function poll() {
  const answer = await ask(root.dataset.stateUrl, { headers: { Accept: "application/json", ...(mark ? { "If-None-Match": mark } : {}) } });
  if (answer.status === 304) return "";
  if (answer.ok) {
    await take(answer);
    return "";
  }
  return answer.status === 0 || answer.status === 401 ? "wordSignin" : "wordOffline";
}

let running = false;
let turn = 0;
async function go() {
  clearTimeout(turn);
  if (running) return;
  running = true;
  try {
    const before = queue.length;
    trouble = before ? await send() : await poll();
    if (trouble === "wordEarly") await poll();
    if (!trouble || trouble === "wordRefused") savedAt = Date.now();
    // What was tapped while the others travelled goes at once.
    if (!trouble && queue.length) turn = setTimeout(go, 50);
  } catch {
    trouble = "wordOffline";
  }
  running = false;
  draw();
  if (trouble || !queue.length) turn = setTimeout(go, EVERY);
}

root.addEventListener("input", (event) => {
  if (event.target.name) event.target.dataset.typed = "1";
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset?.tap) return;
  event.preventDefault();
  const op = { op_id: newId(), kind: form.dataset.tap, key: form.dataset.key ?? "", at: Date.now(), offset_ms: offset };
  if (op.kind === "heads") {
    const [present, elsewhere] = ["present", "elsewhere"].map((name) => form.elements[name]);
    op.elsewhere = Number(elsewhere.value || 0);
    op.present = event.submitter?.name === "all" ? Math.max(0, Number(form.dataset.expected) - op.elsewhere) : Number(present.value);
    if (event.submitter?.name !== "all" && present.value === "" || op.present < 0 || op.elsewhere < 0) {
      present.focus();
      return;
    }
    for (const input of [present, elsewhere]) delete input.dataset.typed;
    document.activeElement?.blur();
  }
  if (op.kind === "undo") op.undoes = form.dataset.undoes;
  form.closest("details")?.removeAttribute("open");
  change((kept) => [...kept, op]);
  draw();
  go();
}, { capture: true });

addEventListener("online", go);
addEventListener("storage", (event) => {
  if (event.key === store) {
    queue = read();
    draw();
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) go();
});
setInterval(tick, 250);
draw();
tick();
go();
