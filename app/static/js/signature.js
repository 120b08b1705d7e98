// The pen: shows the pad of each signature box and keeps the strokes as SVG in its hidden field.
// What was signed before a page came back with a mistake is drawn again, and stands until it is cleared.
import SignaturePad from "../vendor/signature_pad@5.1.4/signature_pad.js";

const INK = "#101820";

function marksIn(svg) {
  return svg ? [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("path, circle")] : [];
}

function drawAgain(canvas, marks) {
  const pen = canvas.getContext("2d");
  pen.strokeStyle = pen.fillStyle = INK;
  pen.lineCap = "round";
  for (const mark of marks) {
    const value = (name) => Number(mark.getAttribute(name));
    if (mark.tagName === "path") {
      pen.lineWidth = value("stroke-width");
      pen.stroke(new Path2D(mark.getAttribute("d")));
    } else {
      pen.beginPath();
      pen.arc(value("cx"), value("cy"), value("r"), 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

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
  const pad = new SignaturePad(canvas, { penColor: INK, minWidth: 1.2, maxWidth: 3.2 });
  let before = marksIn(kept.value);
  if (before.length) pad.off();
  else kept.value = "";
  pad.addEventListener("endStroke", () => {
    kept.value = pad.toSVG();
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  holder.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    if (before.length) pad.on();
    before = [];
    kept.value = "";
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const show = () => {
    fit(canvas, pad);
    drawAgain(canvas, before);
  };
  new ResizeObserver(show).observe(canvas);
  show();
}
