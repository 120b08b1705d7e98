// The phone's own moment goes along with what is sent from a patrol; the server keeps it beside its own.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[name=device_at]");
  if (field) field.value = new Date().toISOString();
}, true);
