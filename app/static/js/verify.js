// Hashes a chosen paper in the browser, so that only its SHA-256 leaves the machine. Its form has
// a file input and a hidden input name="sha256"; where script or crypto is missing,
// the file itself is sent and the server hashes it.
const form = document.querySelector('input[name="sha256"]')?.form;

if (form && globalThis.crypto?.subtle) {
  const file = form.querySelector('input[type="file"]');
  const kept = form.querySelector('input[name="sha256"]');
  form.addEventListener("submit", async (event) => {
    if (!file.files.length || kept.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const hash = await crypto.subtle.digest("SHA-256", await file.files[0].arrayBuffer());
    kept.value = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    file.disabled = true;
    form.requestSubmit(event.submitter);
  }, { capture: true });
  file.addEventListener("change", () => { kept.value = ""; });
  addEventListener("pageshow", () => { kept.value = ""; file.disabled = false; });
}
