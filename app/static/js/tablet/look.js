// The look chosen on this tablet (basement, sunlight), kept on it and put on before anything is drawn. No module: it runs at once.
(() => {
  const KEY = "xf-look";
  const LOOKS = ["", "dark", "contrast", "light"];
  const root = document.documentElement;
  const link = (name) => document.querySelector(`link[href*="css/${name}.css"]`);
  const media = (look, name, own) => (look === name ? "screen" : look ? "not all" : own);

  function wear(look) {
    link("dark").media = media(look, "dark", "screen and (prefers-color-scheme: dark)");
    link("contrast").media = media(look, "contrast", "screen and (prefers-contrast: more)");
    if (look) root.dataset.theme = look;
    else delete root.dataset.theme;
  }

  function say(button) {
    const words = button.dataset.looks.split("|");
    button.querySelector("span").textContent = words[LOOKS.indexOf(root.dataset.theme || "")];
  }

  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch { /* nothing is kept here: the page stays as it came */ }
  if (LOOKS.includes(kept)) wear(kept);

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-look-next]")) {
      say(button);
      button.hidden = false;
      button.addEventListener("click", () => {
        const next = LOOKS[(LOOKS.indexOf(root.dataset.theme || "") + 1) % LOOKS.length];
        wear(next);
        say(button);
        try {
          localStorage.setItem(KEY, next);
        } catch { /* worn, and gone with the page */ }
      });
    }
  });
})();
