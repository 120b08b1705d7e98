// The filling page with script: each tap is saved at once as one operation, photos go by themselves, the page says what
// was kept and when, and nothing is left unsent on the way out. Without script the same form saves by its buttons.

const english = document.documentElement.lang === "en";
const words = english
  ? { saving: "Saving…", waiting: "Not saved yet, trying again…", refused: "Not saved: ", photo: "Sending photo…" }
  : { saving: "正在保存…", waiting: "尚未保存，正在重试…", refused: "未保存：", photo: "正在上传照片…" };

const form = document.querySelector("form[data-fill]");
const saved = document.querySelector("[data-saved]");
const fieldsOf = (name) => [...form.elements].filter((one) => one.name === name);
const render = form.elements.render.value;
const base = Number(form.elements.rev.value);
const area = form.elements.area.value;
const token = form.elements.csrf_token.value;
const box = `xf-unsent-${form.dataset.fill}`;

let queue = read();
let busy = false;
let pause = 500;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(box) || "[]");
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (queue.length) sessionStorage.setItem(box, JSON.stringify(queue));
    else sessionStorage.removeItem(box);
  } catch {
    // Storage is full or forbidden: the queue stays in memory, and leaving asks first.
  }
}

function say(text, bad = false) {
  saved.textContent = text;
  saved.classList.toggle("is-bad", bad);
}

// What a control of a row means: [row name, field, value], or null when it says nothing to the server.
function meaning(input) {
  const row = input.closest("[data-row]")?.dataset.row;
  if (!row || !input.name || input.type === "file") return null;
  const field = input.name === row ? "answer" : input.name.slice(row.length + 1);
  if (field === "fault") return [row, field, fieldsOf(input.name).filter((one) => one.checked).map((one) => one.value)];
  if (input.type === "checkbox") return [row, field, input.checked];
  if (input.type === "radio" && !input.checked) return null;
  const text = input.value.replaceAll("\r\n", "\n").trim();
  return [row, field, field === "reading" ? text.normalize("NFKC").replaceAll("。", ".").replaceAll(",", "") : text];
}

function note(input, via) {
  const said = meaning(input);
  if (!said) return;
  const [row, field, value] = said;
  const [item, place = ""] = row.split("@");
  const how = via || (field === "answer" ? (item === "PIECE" ? "piece" : "tap") : input.type === "text" || input.tagName === "TEXTAREA" || input.type === "date" ? "type" : "tap");
  const at = new Date().toISOString();
  queue = queue.filter((op) => op.sent || op.item !== item || op.place !== place || op.field !== field);
  queue.push({ op_id: newId(), item, place, field, value, base_rev: base, at, via: how, render, area });
  keep();
  send();
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function send() {
  if (busy || !queue.length) return;
  busy = true;
  const own = queue[0].render;
  const ops = queue.filter((op) => op.render === own).slice(0, 50);
  for (const op of ops) op.sent = true;
  say(words.saving);
  try {
    const answer = await fetch(form.dataset.fill, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
      body: JSON.stringify({ ops, render: own, area: ops.at(-1).area }),
      keepalive: true,
    });
    if (answer.redirected) throw new Error("sign in");
    const body = await answer.json();
    if (answer.ok) receive(ops, body);
    else if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    else drop(ops, body.message || String(answer.status));
    pause = 500;
  } catch {
    for (const op of ops) delete op.sent;
    say(words.waiting, true);
    setTimeout(send, pause);
    pause = Math.min(pause * 2, 15_000);
    busy = false;
    return;
  }
  busy = false;
  if (queue.length) send();
}

function drop(ops, message) {
  const ids = new Set(ops.map((op) => op.op_id));
  queue = queue.filter((op) => !ids.has(op.op_id));
  keep();
  say(words.refused + message, true);
}

function receive(ops, body) {
  const ids = new Set(body.results.map((result) => result.op_id));
  queue = queue.filter((op) => !ids.has(op.op_id));
  keep();
  const refused = body.results.find((result) => result.status === "rejected" || result.status === "conflict");
  if (refused) say(words.refused + refused.message, true);
  else if (!queue.length) say(body.saved);
  for (const [name, row] of Object.entries(body.rows)) show(name, row);
  count(body);
}

function show(name, row) {
  const box = form.querySelector(`[data-row="${CSS.escape(name)}"]`);
  if (!box) return;
  const waiting = queue.some((op) => (op.place ? `${op.item}@${op.place}` : op.item) === name);
  if (!waiting) {
    for (const radio of fieldsOf(name)) radio.checked = radio.value === row.value;
  }
  box.querySelector("[data-stamp]").textContent = row.stamp;
  const judged = box.querySelector("[data-judged]");
  if (judged) {
    judged.hidden = !row.judged;
    judged.textContent = row.judged;
    judged.className = `tag${row.look ? ` is-${row.look}` : ""}`;
  }
  box.classList.toggle("has-error", row.errors.length > 0);
  for (const old of box.querySelectorAll(":scope > .error")) old.remove();
  for (const error of row.errors) {
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = error;
    box.append(line); // at the end: nothing moves away from under the finger
  }
}

function count(body) {
  document.querySelector("[data-done]").textContent = body.done;
  document.querySelector("[data-all]").textContent = body.all;
  const progress = document.querySelector(".sheet-head progress");
  if (progress) progress.value = body.done;
  const here = document.querySelector('.sheet-areas [aria-current="page"] .count');
  if (here && area !== "unseen") {
    here.textContent = `${body.area.done}/${body.area.all}${body.area.done === body.area.all ? " ✓" : ""}`;
    here.classList.toggle("is-done", body.area.done === body.area.all);
  }
}

// The next row comes under the thumb when one is done.
function goOn(input) {
  if (input.type !== "radio" || input.name.includes(".") || input.value === "fail" || input.value === "partly" || input.value === "not_corrected") return;
  const row = input.closest("[data-row]");
  if (row.querySelector(".reading input:not([type=radio])")?.value === "") return;
  const rows = [...form.querySelectorAll("[data-row]")];
  const next = rows.slice(rows.indexOf(row) + 1).find((one) => !fieldsOf(one.dataset.row).some((radio) => radio.checked));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

form.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type === "file") {
    sendPhotos(input);
    return;
  }
  note(input);
  goOn(input);
});

// Notes and readings are kept while they are typed, not only when the field is left.
let typing = null;
form.addEventListener("input", (event) => {
  const input = event.target;
  if (input.type !== "text" && input.tagName !== "TEXTAREA") return;
  clearTimeout(typing);
  typing = setTimeout(() => note(input), 1200);
});

// Photos: one at a time, shrunk by the server; the form keeps what could not be sent.
async function sendPhotos(input) {
  const row = input.closest("[data-row]").dataset.row;
  const slot = input.name.slice(row.length + 1);
  const list = input.closest(".photo-slots");
  const files = [...input.files];
  const failed = new DataTransfer();
  let last = "";
  for (const file of files) {
    say(words.photo);
    const body = new FormData();
    body.append("csrf_token", token);
    body.append("row", row);
    body.append("slot", slot);
    body.append("render", render);
    body.append("id", newId());
    body.append("photo", file, file.name);
    try {
      const answer = await fetch(form.dataset.photos, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) {
        last = told.message;
        continue;
      }
      const item = document.createElement("li");
      item.innerHTML = '<a><img alt=""></a>';
      item.querySelector("a").href = told.href;
      item.querySelector("img").src = told.src;
      item.querySelector("img").alt = file.name;
      list.insertBefore(item, input.closest("li"));
      say(told.saved);
    } catch {
      failed.items.add(file);
      last = words.waiting;
    }
  }
  input.files = failed.files;
  const said = input.closest(".photo-slot").querySelector("[data-chosen]");
  if (said) {
    said.textContent = last ? words.refused + last : ""; // stays there; the bar soon tells of the next answer
    said.classList.toggle("error", Boolean(last));
  }
  if (last) say(words.refused + last, true);
}

// Where the tablet stands, once, when the officer allows it; never a reason to wait.
if (form.dataset.position === "ask" && navigator.geolocation) {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const value = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy };
      queue.push({ op_id: newId(), item: "VISIT", place: "", field: "position", value, base_rev: base, at: new Date().toISOString(), via: "tap", render, area });
      keep();
      send();
    },
    () => {},
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 120_000 },
  );
}

addEventListener("beforeunload", (event) => {
  if (queue.length && !form.dataset.sent) event.preventDefault();
});
addEventListener("online", send);

// What was tapped before the page was left shows again, even when the server drew this page without it yet.
function restore(op) {
  const row = op.place ? `${op.item}@${op.place}` : op.item;
  for (const one of fieldsOf(op.field === "answer" ? row : `${row}.${op.field}`)) {
    if (one.type === "radio") one.checked = one.value === op.value;
    else if (one.type === "checkbox") one.checked = Array.isArray(op.value) ? op.value.includes(one.value) : Boolean(op.value);
    else if (one.type !== "file") one.value = op.value ?? "";
  }
}

if (queue.length) {
  for (const op of queue) {
    delete op.sent;
    restore(op);
  }
  send();
}
form.querySelector(`[id="${CSS.escape(decodeURIComponent(location.hash.slice(1)))}"]`)?.scrollIntoView({ block: "center" });

// With script everything is saved as it is tapped; the button is for those without.
for (const button of document.querySelectorAll('.sheet-foot button[value="save"]')) button.hidden = true;
document.querySelector('.sheet-areas [aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
