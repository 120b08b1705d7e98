// Photos of a sending go one by one, as soon as they are chosen: each made smaller on the phone, each under an id made
// here, and each sent again until it has arrived. The server keeps it once, however often it comes. Without script the
// form sends them all together.

import { newId, smaller } from "./shrink.js";

const english = document.documentElement.lang === "en";
const words = english
  ? {
      progress: (done, all) => `${done} of ${all} photos have arrived`,
      waiting: (n) => `${n} photos still on their way: they are sent by themselves, then the form`,
      kept: (n) => `${n} photos have arrived already and will be sent with the form`,
      state: { waiting: "waiting", sending: "sending…", again: "line lost, trying again", done: "arrived ✓", failed: "not kept" },
      most: (n) => `At most ${n} photos belong together. Send these first, then more.`,
      stuck: "The page is too old: note what you typed and load it again.",
    }
  : {
      progress: (done, all) => `照片已收到 ${done} / ${all} 张`,
      waiting: (n) => `还有 ${n} 张照片在上传，传完后自动提交`,
      kept: (n) => `此前已收到 ${n} 张照片，将与本次一起提交`,
      state: { waiting: "等待上传", sending: "正在上传…", again: "网络中断，正在重试", done: "已收到 ✓", failed: "没有保存" },
      most: (n) => `一次最多 ${n} 张，请先提交这些，再报送其余的。`,
      stuck: "页面已过期，请记下填写的内容，刷新后再提交。",
    };
const LONGEST = 2560;
const TIMEOUT = 120_000;

function nameOf(entry) {
  return entry.content === entry.file ? entry.file.name : entry.file.name.replace(/\.[^.]*$/, "") + ".jpg";
}

const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });

function begin(place) {
  const form = place.closest("form");
  const input = place.querySelector("input[type=file]");
  const key = form.querySelector("input[name=key]");
  const shown = {
    box: place.querySelector("[data-queue]"),
    words: place.querySelector("[data-queue-words]"),
    bar: place.querySelector("[data-queue-bar]"),
    list: place.querySelector("[data-queue-list]"),
    again: place.querySelector("[data-queue-again]"),
  };
  const most = Number(place.dataset.together);
  const memory = `sending ${place.dataset.photosTo}`;
  const entries = [];
  let running = false;
  let wanted = null; // the button that was pressed while photos were still on their way
  let before = 0; // photos of this sending that had arrived before the page was loaded

  const open = () => entries.filter((one) => one.state !== "done" && one.state !== "failed");

  function show(text) {
    const done = entries.filter((one) => one.state === "done").length;
    shown.box.hidden = !entries.length && !before;
    shown.bar.hidden = !entries.length;
    shown.bar.max = entries.length || 1;
    shown.bar.value = done;
    const said = text || (wanted && open().length ? words.waiting(open().length) : entries.length ? words.progress(done, entries.length) : words.kept(before));
    if (shown.words.textContent !== said) shown.words.textContent = said;
    shown.again.hidden = !entries.some((one) => one.state === "failed" && one.mayTryAgain);
  }

  function mark(entry, state, said) {
    entry.state = state;
    entry.line.dataset.state = state;
    entry.line.lastChild.textContent = said || words.state[state];
    show();
  }

  function add(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    line.append(name, document.createElement("small"));
    shown.list.append(line);
    const entry = { id: newId(), file, line, content: null, state: "waiting", mayTryAgain: false };
    entries.push(entry);
    mark(entry, "waiting");
  }

  // True when it has arrived or never will; false when the line was lost.
  async function send(entry) {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token?.value ?? "");
    body.append("key", key.value);
    body.append("photo_id", entry.id);
    body.append("photo", entry.content, nameOf(entry));
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const answer = await fetch(place.dataset.photosTo, { method: "POST", body, signal: stop.signal, headers: { Accept: "application/json" } });
      if (answer.status === 429 || answer.status >= 500) return false;
      const told = await answer.json();
      if (answer.ok) {
        mark(entry, "done");
      } else {
        entry.mayTryAgain = answer.status !== 422;
        mark(entry, "failed", told.error === "csrf" ? words.stuck : told.message);
      }
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    if (running) return;
    running = true;
    for (let entry = open()[0]; entry; entry = open()[0]) {
      entry.content ??= await smaller(entry.file, LONGEST);
      for (let wait = 1000; ; wait = Math.min(wait * 2, 15_000)) {
        mark(entry, "sending");
        if (await send(entry)) break;
        mark(entry, "again");
        await pause(wait);
      }
      entry.content = entry.state === "done" ? null : entry.content;
    }
    running = false;
    show();
    if (wanted) {
      const button = wanted;
      wanted = null;
      if (!entries.some((one) => one.state === "failed")) form.requestSubmit(button);
    }
  }

  input.addEventListener("change", () => {
    const room = most - before - entries.filter((one) => one.state !== "failed").length;
    const files = [...input.files];
    for (const file of files.slice(0, Math.max(room, 0))) add(file);
    input.value = ""; // they go by themselves
    if (files.length > room) show(words.most(most));
    remember();
    run();
  });

  shown.again.addEventListener("click", () => {
    for (const entry of entries) if (entry.state === "failed" && entry.mayTryAgain) mark(entry, "waiting");
    run();
  });

  // What was not kept goes along in words, so that the next page says it too.
  function tellNotKept() {
    for (const old of form.querySelectorAll("[name=not_kept]")) old.remove();
    for (const { file, line } of entries.filter((one) => one.state === "failed")) {
      const told = document.createElement("input");
      Object.assign(told, { type: "hidden", name: "not_kept", value: `${file.name} · ${line.lastChild.textContent}` });
      form.append(told);
    }
  }

  form.addEventListener("submit", (event) => {
    if (!open().length) return tellNotKept();
    event.preventDefault();
    wanted = event.submitter;
    show();
    run();
  });

  addEventListener("beforeunload", (event) => {
    if (open().length) event.preventDefault();
  });

  // A page that was closed half-way goes on with the same sending, so that nothing comes twice and nothing is lost.
  function remember() {
    try {
      localStorage.setItem(memory, key.value);
    } catch { /* no storage: the page itself still remembers */ }
  }

  async function goOn() {
    let known = null;
    try {
      known = localStorage.getItem(memory);
    } catch { /* as above */ }
    if (!known || known === key.value) return;
    try {
      const answer = await fetch(`${place.dataset.photosTo}?key=${encodeURIComponent(known)}`, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok || told.sent || !told.kept) {
        if (answer.ok) localStorage.removeItem(memory);
        return;
      }
      if (entries.length) return;
      key.value = known;
      before = told.kept;
      show();
    } catch { /* no line: begin anew */ }
  }
  goOn();
}

for (const place of document.querySelectorAll("[data-photos-to]")) begin(place);
