// Waits for a label: the button for camera and typing, and a hardware scanner, which types faster than hands and ends with
// Enter. What it types into a field of text is meant for the label all the same.
import { read } from "./labels.js";

const form = document.querySelector("form[data-tablet]");
const button = document.querySelector("[data-scan]");
const FAST_MS = 100;
let burst = "";
let last = 0;

function untype(field, text) {
  if (!("value" in field) || !field.value.endsWith(text)) return;
  field.value = field.value.slice(0, -text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener(
  "keydown",
  async (event) => {
    if (!form.dataset.tablet || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.target.matches("[data-scan-code]")) return;
    const quick = event.timeStamp - last < FAST_MS;
    last = event.timeStamp;
    if (event.key.length === 1) burst = (quick ? burst : "") + event.key;
    else if (event.key === "Enter" || event.key === "Tab") {
      const typed = quick && read(burst) ? burst : "";
      burst = "";
      if (!typed) return;
      event.preventDefault();
      event.stopPropagation();
      untype(event.target, typed);
      (await import("./scanning.js")).heard(typed);
    }
  },
  true,
);

button.addEventListener("click", async () => (await import("./scanning.js")).toggle());
button.hidden = false;
