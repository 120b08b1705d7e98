// What script adds to pages that work without it: one sending per form, focus on what is wrong, the theme at once,
// warning before unsaved words are left, times in the reader's clock.

const words = document.documentElement.lang === "en" ? { sending: "Sending…", copied: "Copied" } : { sending: "正在提交…", copied: "已复制" };

document.querySelector("[data-focus]")?.focus();
document.querySelector(".sheet-areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// A narrow grid of a year opens at the present month.
for (const now of document.querySelectorAll(".table-wrap thead [aria-current]")) {
  const box = now.closest(".table-wrap");
  box.scrollLeft = now.offsetLeft + 2 * now.offsetWidth - box.clientWidth;
}

// A form is sent once: the button says so, and wakes up when the page is shown again from the browser's memory.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (!button) return;
  button.dataset.words = button.textContent;
  // After the browser has taken the button's name and value into what it sends.
  setTimeout(() => {
    button.setAttribute("aria-busy", "true");
    if (!button.closest(".frame, .page-foot, .answers")) button.textContent = words.sending;
  });
  // A file that comes as the answer leaves the page where it is.
  setTimeout(wake, 20_000);
});

function wake() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.words) button.textContent = button.dataset.words;
  }
}
addEventListener("pageshow", wake);

// Words typed into a form and not sent are not lost by a slip of the finger.
let touched = null;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post" && "once" in form.dataset) touched = form;
});
addEventListener("beforeunload", (event) => {
  if (touched && !touched.dataset.sent) event.preventDefault();
});

// The theme changes at once; the server only keeps the choice.
document.querySelector("[data-theme-switch]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const theme = event.submitter.value;
  const link = (name) => document.querySelector(`link[href*="css/${name}.css"]`);
  const media = (name, own) => (theme === name ? "screen" : theme ? "not all" : own);
  link("dark").media = media("dark", "screen and (prefers-color-scheme: dark)");
  link("contrast").media = media("contrast", "screen and (prefers-contrast: more)");
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
  delete form.dataset.sent;
  try {
    localStorage.setItem("xf-look", theme); // for the pages that a tablet opens without the server
  } catch { /* the server keeps it all the same */ }
  await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
}, { capture: true });

// A page that waits for a job fetches its main part again, until the server no longer asks for it.
async function fetchAgain() {
  let next = null;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) next = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* no network: the next turn tries again */ }
  if (next && !next.body.dataset.refresh) return location.reload();
  const main = next?.querySelector("main");
  const here = document.querySelector("main");
  if (main && here.innerHTML !== main.innerHTML && !here.contains(document.activeElement)) here.innerHTML = main.innerHTML;
  setTimeout(fetchAgain, 1000 * document.body.dataset.refresh);
}
if (document.body.dataset.refresh) setTimeout(fetchAgain, 1000 * document.body.dataset.refresh);

// Say which photo was taken where the box itself is invisible.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file") return;
  const said = input.closest(".photo-slot")?.querySelector("[data-chosen]");
  if (said) said.textContent = input.files.length ? "✓ " + [...input.files].map((file) => file.name).join("、") : "";
});

// What is shown once is copied with one press; where the clipboard is closed (no https) the old way still works.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = words.copied;
  });
}

// A page that is made to be printed says so where there is script.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Escape closes an asked question and gives the focus back.
document.addEventListener("keydown", (event) => {
  const asked = event.key === "Escape" && event.target.closest?.("details.confirm[open]");
  if (asked) {
    asked.open = false;
    asked.querySelector("summary").focus();
  }
});
