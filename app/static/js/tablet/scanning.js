// What a scanned label opens: its piece in the visit, the choice of a piece for a blank one, or a sentence; and the panel with
// camera and box. Loaded when the first code comes or somebody presses 扫码.
import { newId } from "../shrink.js";
import { go, isOpen, rows } from "./fill.js";
import { known, read, spaced } from "./labels.js";
import * as store from "./store.js";
import { soon } from "./sync.js";
import { words } from "./words.js";

const english = document.documentElement.lang === "en";
const zh = {
  wrong: "这不是标签编号，或有一位输错。请对照标签再试。",
  found: (what) => `${what}：请作答`,
  again: (what, when) => `${what}：已检查 ${when}，可以改答`,
  foreign: (school) => `这张标签属于“${school}”，不是所检查的学校。`,
  notHere: "这件器材不在这次检查的清单里（可能是带上之后登记的）。请联网后重新带上。",
  blank: (code) => `空白标签 ${code} 还没有贴在器材上。请选择要贴的器材。`,
  unknown: (code) => `本机资料里没有标签 ${code}。请联网后在“器材”里查找。`,
  claimed: (code, what) => `标签 ${code} 已贴在：${what}。发送后登记。`,
  camera: "对准标签上的二维码。",
  noCamera: "打不开相机（没有相机、没有允许使用，或不是安全连接）。请用扫码枪或输入编号。",
  choose: "选择器材",
};
const en = {
  wrong: "This is no label code, or a character is wrong. Compare it with the label and try again.",
  found: (what) => `${what}: answer it now`,
  again: (what, when) => `${what}: already checked ${when}; you may change it`,
  foreign: (school) => `This label belongs to “${school}”, not to the school being inspected.`,
  notHere: "This piece is not on the list of this visit (perhaps registered later). Take the visit along again when online.",
  blank: (code) => `Blank label ${code} is on nothing yet. Choose the piece to put it on.`,
  unknown: (code) => `This tablet knows no label ${code}. Look it up under Equipment when online.`,
  claimed: (code, what) => `Label ${code} is now on: ${what}. It is registered when sent.`,
  camera: "Hold the camera on the label's QR code.",
  noCamera: "The camera cannot be opened (none, not allowed, or no secure connection). Use a scanner or type the code.",
  choose: "Choose a piece",
};
const said = english ? en : zh;

const form = document.querySelector("form[data-tablet]");
const panel = document.querySelector("[data-scan-panel]");
const button = document.querySelector("[data-scan]");
const part = (name) => panel.querySelector(`[data-scan-${name}]`);
const labels = new Map(Object.entries(JSON.parse(form.dataset.labels || "{}")));
const draft = form.dataset.tablet;
const KEY = `labels ${draft}`;

function say(text, bad = false) {
  part("said").textContent = text;
  part("said").classList.toggle("error", bad);
}

const titleOf = (row) => row.querySelector(".title").firstChild.textContent.trim();

// One scan -----------------------------------------------------------------------------------------------------------------

export async function heard(text) {
  const code = read(text);
  panel.hidden = false;
  part("claim").hidden = true;
  if (!code) return say(said.wrong, true);
  navigator.vibrate?.(60);
  const row = rowOf(labels.get(code));
  if (row) return open(row);
  const what = await known(code);
  if (what?.blank) return offer(code);
  if (!what?.school) return say(said.unknown(spaced(code)), true);
  return say(what.school.id === form.dataset.schoolId ? said.notHere : said.foreign(what.school.title), true);
}

// In a re-check there is no row for the piece, but there may be findings about it: the first that is still open.
function rowOf(piece) {
  const about = [...rows.values()].filter((row) => row.dataset.row.startsWith("RECHECK@") && row.dataset.equipment === piece);
  return rows.get(`PIECE@${piece}`) || about.find(isOpen) || about[0];
}

function open(row) {
  for (const one of form.querySelectorAll(".is-scanned")) one.classList.remove("is-scanned");
  row.classList.add("is-scanned");
  row.dataset.scanned = "";
  go(row.closest("section").dataset.area, row);
  row.style.scrollMarginTop = `${panel.offsetHeight + 60}px`; // below the panel, heading and all
  row.scrollIntoView({ block: "start" });
  const when = row.querySelector("[data-stamp]").textContent.trim();
  say(isOpen(row) ? said.found(titleOf(row)) : said.again(titleOf(row), when));
}

// A blank label --------------------------------------------------------------------------------------------------------------

function offer(code) {
  say(said.blank(spaced(code)));
  part("claim").hidden = false;
  part("claim").dataset.code = code;
  part("piece").value = "";
  part("piece").focus();
}

part("claim").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { code } = part("claim").dataset;
  const piece = part("piece").value;
  if (!piece) return say(said.choose, true);
  const at = new Date().toISOString();
  try {
    await store.write(["ops", "meta"], async (s) => {
      s.ops.add({ op_id: newId(), act: "label", draft, kind: form.dataset.kind, item: "", place: "", field: "", value: { piece, code }, by: form.dataset.by, at });
      s.meta.put({ ...(await store.done(s.meta.get(KEY))), [code]: piece }, KEY);
    });
  } catch {
    return say(words.unsaved, true);
  }
  labels.set(code, piece);
  const option = part("piece").selectedOptions[0];
  const name = option.textContent;
  option.remove();
  part("claim").hidden = true;
  soon();
  const row = rowOf(piece);
  if (row) open(row);
  say(said.claimed(spaced(code), name));
});

// Typed by hand --------------------------------------------------------------------------------------------------------------

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = part("code");
  if (box.value.trim()) heard(box.value);
  box.value = "";
});

// By camera ----------------------------------------------------------------------------------------------------------------

let camera = null;

async function start() {
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  say(said.camera);
  try {
    const { Camera } = await import("./camera.js");
    camera = new Camera(part("video"), heard);
    await camera.start();
    if (panel.hidden) return stop();
    part("video").hidden = false;
    part("torch").hidden = !camera.hasTorch;
  } catch {
    camera?.stop();
    camera = null;
    say(said.noCamera, true);
    part("code").focus();
  }
}

function stop() {
  camera?.stop();
  camera = null;
  part("video").hidden = true;
  part("torch").hidden = true;
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

export const toggle = () => (panel.hidden ? start() : stop());
part("close").addEventListener("click", stop);
part("torch").addEventListener("click", async () => {
  const on = part("torch").getAttribute("aria-pressed") !== "true";
  if (await camera?.torch(on)) part("torch").setAttribute("aria-pressed", String(on));
});
// Answered: the sentence about it has been heeded. The review has nothing to scan for.
form.addEventListener("change", (event) => event.target.closest(".is-scanned") && say(camera ? said.camera : ""));
document.addEventListener("click", (event) => event.target.closest('[data-goto="review"]') && !panel.hidden && stop());
// A page that is not looked at keeps no camera open.
document.addEventListener("visibilitychange", () => document.hidden && camera && stop());

// Labels put on pieces here, which the page that was taken along does not know.
for (const [code, piece] of Object.entries((await store.get("meta", KEY).catch(() => null)) || {})) {
  labels.set(code, piece);
  part("piece").querySelector(`option[value="${piece}"]`)?.remove();
}
