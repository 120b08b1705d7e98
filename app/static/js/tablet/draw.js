// Drawing on a photo before it is sent: circles and arrows, on the shrunk picture, with the time and place (EXIF) it had. What
// was drawn takes the picture's place while nothing of it has left the tablet; the caption says that it is marked.
import { exifOf, withExif } from "../shrink.js";
import { hash, thumb } from "./photos.js";
import * as store from "./store.js";

const english = document.documentElement.lang === "en";
const said = english
  ? { title: "Mark the photo", circle: "Circle", arrow: "Arrow", undo: "Undo", keep: "Keep", cancel: "Cancel", marked: "Marked on the tablet", gone: "The photo is being sent already and can no longer be marked.", failed: "Not saved: this device has no space or refuses storage." }
  : { title: "在照片上标注", circle: "圈", arrow: "箭头", undo: "撤销一步", keep: "保存标注", cancel: "取消", marked: "平板标注", gone: "照片已在发送，不能再标注。", failed: "没有保存：本机空间不足或存储被禁用。" };
const INK = "#d80f1f";

function ink(pen, width, colour) {
  Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineCap: "round", lineJoin: "round" });
  pen.stroke();
}

// A white edge keeps the red readable on any ground.
function draw(pen, { shape, from, to }, width) {
  pen.beginPath();
  if (shape === "circle") pen.ellipse((from.x + to.x) / 2, (from.y + to.y) / 2, Math.abs(to.x - from.x) / 2, Math.abs(to.y - from.y) / 2, 0, 0, 2 * Math.PI);
  else {
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const head = Math.min(width * 6, Math.hypot(to.x - from.x, to.y - from.y) / 2);
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    for (const side of [-1, 1]) {
      pen.moveTo(to.x, to.y);
      pen.lineTo(to.x - head * Math.cos(angle + side * 0.5), to.y - head * Math.sin(angle + side * 0.5));
    }
  }
  ink(pen, width * 2, "#ffffff");
  ink(pen, width, INK);
}

function button(text, press, pressed) {
  const one = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text });
  if (pressed !== undefined) one.setAttribute("aria-pressed", String(pressed));
  one.addEventListener("click", press);
  return one;
}

// The picture with its marks as bytes, with what its file said of time and place.
async function made(canvas, before) {
  const blob = await new Promise((good) => canvas.toBlob(good, "image/jpeg", 0.88));
  return (await withExif(blob, exifOf(before))).arrayBuffer();
}

async function keep(id, bytes, small) {
  const sha256 = await hash(bytes);
  return store.write(["photos", "bytes", "ops", "drafts"], async (s) => {
    const mine = await store.done(s.photos.get(id));
    const [op] = mine ? (await store.done(s.ops.index("draft").getAll(mine.draft))).filter((one) => one.op_id === id) : [];
    if (!op || op.tried || mine.state !== "kept") return null;
    const now = { ...mine, sha256, size: bytes.byteLength, thumb: small };
    s.photos.put(now);
    s.bytes.put(bytes, id);
    s.ops.put({ ...op, value: { ...op.value, sha256, size: bytes.byteLength, caption: said.marked } });
    return now;
  });
}

// Opens the photo; answers its line as it is now, or null where nothing was drawn.
export async function mark(id) {
  const before = await store.get("bytes", id);
  if (!before) return null;
  const picture = await createImageBitmap(new Blob([before]), { imageOrientation: "from-image" });
  const box = Object.assign(document.createElement("dialog"), { className: "mark" });
  box.setAttribute("aria-label", said.title);
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", said.title);
  const pen = canvas.getContext("2d");
  const width = Math.max(3, Math.round(Math.max(picture.width, picture.height) / 180));
  const marks = [];
  let shape = "circle";
  let open = null;
  const show = () => {
    pen.drawImage(picture, 0, 0);
    for (const one of open ? [...marks, open] : marks) draw(pen, one, width);
  };
  const at = (event) => {
    const area = canvas.getBoundingClientRect();
    return { x: ((event.clientX - area.left) * canvas.width) / area.width, y: ((event.clientY - area.top) * canvas.height) / area.height };
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    open = { shape, from: at(event), to: at(event) };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!open) return;
    open.to = at(event);
    show();
  });
  canvas.addEventListener("pointerup", () => {
    if (open && Math.hypot(open.to.x - open.from.x, open.to.y - open.from.y) > width * 3) marks.push(open);
    open = null;
    show();
  });
  const line = Object.assign(document.createElement("p"), { className: "error", hidden: true });
  line.setAttribute("role", "alert");
  const tools = document.createElement("div");
  tools.className = "mark-tools";
  const result = new Promise((good) => {
    const choose = (name) => () => {
      shape = name;
      circle.setAttribute("aria-pressed", String(name === "circle"));
      arrow.setAttribute("aria-pressed", String(name === "arrow"));
    };
    const circle = button(said.circle, choose("circle"), true);
    const arrow = button(said.arrow, choose("arrow"), false);
    const undo = button(said.undo, () => (marks.pop(), show()));
    const done = button(said.keep, async () => {
      if (!marks.length) return box.close();
      done.disabled = true;
      try {
        const bytes = await made(canvas, before);
        const now = await keep(id, bytes, await thumb(new Blob([bytes])));
        if (now) {
          good(now);
          return box.close();
        }
        line.textContent = said.gone;
      } catch {
        line.textContent = said.failed;
      }
      line.hidden = false;
    });
    done.classList.add("is-first");
    tools.append(circle, arrow, undo, done, button(said.cancel, () => box.close()));
    box.addEventListener("close", () => {
      good(null);
      picture.close();
      box.remove();
    });
  });
  box.append(tools, line, canvas);
  document.body.append(box);
  show();
  box.showModal();
  return result;
}
