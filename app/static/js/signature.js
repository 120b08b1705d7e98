// The pen: shows the pad of each signature box and keeps the strokes as SVG in its hidden field.
import SignaturePad from "../vendor/signature_pad@5.1.4/signature_pad.js";

function fit(canvas, pad) {
  const strokes = pad.toData();
  const box = canvas.getBoundingClientRect();
  if (!box.width) return;
  const ratio = Math.max(devicePixelRatio || 1, 1);
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(strokes);
}

for (const box of document.querySelectorAll("[data-signature]")) {
  const holder = box.querySelector("[data-pad]");
  const canvas = holder.querySelector("canvas");
  const kept = box.querySelector("[data-strokes]");
  holder.hidden = false;
  const pad = new SignaturePad(canvas, { penColor: "#101820", minWidth: 1.2, maxWidth: 3.2 });
  pad.addEventListener("endStroke", () => {
    kept.value = pad.toSVG();
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  holder.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    kept.value = "";
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  new ResizeObserver(() => fit(canvas, pad)).observe(canvas);
  fit(canvas, pad);
}
