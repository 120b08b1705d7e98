// Photos on the tablet: made smaller one at a time (a 12 MP picture is 48 MB in memory), named by their hash, kept as bytes
// with a small picture for the page, and sent later. Time and place of the original stay in the file.
import { newId, smaller } from "../shrink.js";
import { done, photo as keep, write } from "./store.js";
import { words } from "./words.js";

const LONGEST = 1600;
const THUMB = 240;
const SLOTS = { photo: "close", "photo.wide": "wide", "photo.after": "after" };

export async function hash(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function thumb(blob) {
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, THUMB / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((good) => canvas.toBlob(good, "image/jpeg", 0.7));
    canvas.width = canvas.height = 0;
    return small ? await small.arrayBuffer() : null;
  } catch {
    return null;
  }
}

export function show(list, one) {
  const before = list.querySelector(`[data-kept="${one.id}"]`);
  const item = before || document.createElement("li");
  item.dataset.kept = one.id;
  if (!before) {
    const img = document.createElement("img");
    img.alt = words.photo(list.querySelectorAll("li").length);
    if (one.src) img.src = one.src;
    if (one.thumb) img.src = URL.createObjectURL(new Blob([one.thumb], { type: "image/jpeg" }));
    const said = document.createElement("small");
    said.className = "photo-state";
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button is-plain", name: "do", value: `withdraw:${one.id}`, textContent: words.withdraw });
    const mark = Object.assign(document.createElement("button"), { type: "button", className: "button is-plain", textContent: words.mark });
    mark.dataset.mark = "";
    mark.addEventListener("click", async () => {
      const now = await (await import("./draw.js")).mark(one.id);
      if (now) img.src = URL.createObjectURL(new Blob([now.thumb], { type: "image/jpeg" }));
    });
    item.append(img, said, mark, button);
    list.insertBefore(item, list.lastElementChild);
  }
  const said = { kept: words.photoKept, uploaded: words.photoKept, sent: words.photoSent }[one.state] || words.photoBad + (one.message || one.state);
  item.querySelector(".photo-state").textContent = said;
  item.querySelector("[data-mark]").hidden = one.state !== "kept";
}

// Takes a photo back: one that never left is gone, one that the server may have is withdrawn there, on record. Answers whether it could.
export function withdraw(id, { draft, kind, by, base_rev, row }) {
  return write(["photos", "bytes", "ops", "drafts"], async (s) => {
    const [mine, draft_] = await Promise.all([done(s.photos.get(id)), done(s.drafts.get(draft))]);
    const [op] = (await done(s.ops.index("draft").getAll(draft))).filter((one) => one.op_id === id);
    if (op?.tried) return false; // its verdict is on the way
    if (draft_?.signing) throw new Error("fixed");
    const at = new Date().toISOString();
    s.drafts.put({ ...draft_, saved_at: at });
    if (op || (mine && mine.state !== "sent")) {
      if (op) s.ops.delete(op.seq);
      s.photos.delete(id);
      s.bytes.delete(id);
      return true;
    }
    const [item, place = ""] = row.split("@");
    s.photos.put({ ...mine, id, draft, item, place, state: "withdrawn" });
    s.ops.add({ op_id: newId(), act: "answer", draft, kind, item, place, field: "photo", value: { withdrawn: true, id, reason: "" }, base_rev, via: "tap", by, at });
    return true;
  });
}

// Where the photos of a slot are listed in a row.
export function listOf(row, slot) {
  const suffix = Object.keys(SLOTS).find((key) => SLOTS[key] === slot) || "photo";
  return row.querySelector(`input[type=file][name="${CSS.escape(`${row.dataset.row}.${suffix}`)}"]`)?.closest(".photo-slots");
}

// Keeps what was chosen; answers how many were kept. What is written here is on disk when this returns.
export async function take(input, files, { draft, kind, by, base_rev }) {
  const row = input.closest("[data-row]");
  const [item, place = ""] = row.dataset.row.split("@");
  const slot = SLOTS[input.name.slice(row.dataset.row.length + 1)] || "close";
  for (const file of files) {
    const blob = await smaller(file, LONGEST, 1_000_000);
    const bytes = await blob.arrayBuffer();
    const sha256 = await hash(bytes);
    const at = new Date().toISOString();
    const id = newId();
    const one = { id, draft, item, place, slot, sha256, size: bytes.byteLength, state: "kept", at, thumb: await thumb(blob) };
    const value = { sha256, size: bytes.byteLength, slot, taken_at: new Date(file.lastModified || Date.now()).toISOString() };
    await keep(one, bytes, { op_id: id, act: "answer", draft, kind, item, place, field: "photo", value, base_rev, via: "tap", by, at });
    show(input.closest(".photo-slots"), one);
  }
  return files.length;
}
