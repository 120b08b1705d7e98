// What the lock asks: a PIN to open the tablet, a new PIN for who has just signed in.
import { enter, fromServer, people, setPin } from "./lock.js";

const english = document.documentElement.lang === "en";
const words = english
  ? {
      open: "Whose tablet is it now?", pin: "PIN (6 digits)", wrong: "That is not the PIN.", shut: "Too many wrong tries. Sign in online to set a new PIN.",
      forgot: "Sign in (another person, or PIN forgotten)", set: "Set a PIN for this tablet", again: "The same PIN again", differ: "The two are not the same.",
      why: "Work on this tablet is encrypted; this PIN opens it without network. Colleagues who use the same tablet cannot read it.",
      fresh: "Setting a PIN needs a sign-in of the last quarter of an hour.", signIn: "Sign in", later: "Not now", weak: "Choose one that is not so easily guessed.", good: "Set",
      confirm: (name) => `${name}: confirm your signature by your PIN`, noGrant: "This person has not signed in here for two weeks; the signature waits for their next sign-in.",
    }
  : {
      open: "现在由谁使用本机？", pin: "PIN（6 位数字）", wrong: "PIN 不对。", shut: "输错次数过多，请联网登录后重新设置 PIN。",
      forgot: "登录（换其他人，或忘记 PIN）", set: "为本机设置 PIN", again: "再输入一次", differ: "两次输入的不一样。",
      why: "本机上的内容加密保存，离线时用 PIN 打开。共用本机的其他同事看不到。",
      fresh: "设置 PIN 需要在一刻钟内登录过。", signIn: "登录", later: "以后再说", weak: "太容易猜到，请换一个。", good: "设置",
      confirm: (name) => `${name}：输入本人 PIN，确认本人签名`, noGrant: "此人两周内没有在本机登录过；签名等其下次登录后确认。",
    };

const make = (tag, given = {}, ...inside) => {
  const one = Object.assign(document.createElement(tag), given);
  one.append(...inside);
  return one;
};
const SIGN_IN = `/sign-in?next=${encodeURIComponent("/sync/?signed-in")}`;

function field(name, text) {
  const input = make("input", { id: `pin-${name}`, className: "input is-short", name, type: "password", inputMode: "numeric", maxLength: 6, autocomplete: "off", required: true, pattern: "[0-9]{6}" });
  return [make("p", { className: "field" }, make("label", { htmlFor: input.id, textContent: text }), input), input];
}

function dialog(title, ...inside) {
  const said = make("p", { className: "error", role: "alert" });
  const form = make("form", { className: "stack", noValidate: true }, make("h2", { id: "pin-title", textContent: title }), ...inside, said);
  const box = make("dialog", {}, form);
  box.dataset.pin = "";
  box.setAttribute("aria-labelledby", "pin-title");
  form.addEventListener("submit", (event) => event.preventDefault());
  document.body.append(box);
  box.showModal();
  return { box, form, say: (text) => (said.textContent = text) };
}

const signIn = (text, look = "button") => make("a", { className: look, href: SIGN_IN, textContent: text });
const isWeak = (pin) => /^(.)\1*$/.test(pin) || "0123456789876543210".includes(pin);

// The tablet is locked: until somebody opens it, or the one whose page this is, nothing goes on.
export function unlock(wanted = "") {
  if (new URLSearchParams(location.search).has("signed-in")) return renew();
  const some = people().filter(({ person }) => !wanted || person === wanted);
  if (!some.length) return choose(false);
  return new Promise((good) => {
    const choices = some.map(({ person, name }, n) => make("label", { className: "choice" }, make("input", { type: "radio", name: "who", value: person, checked: n === 0 }), make("span", { textContent: name })));
    const [line, input] = field("pin", words.pin);
    const { box, form, say } = dialog(words.open, make("div", { className: "choices" }, ...choices), line, make("p", { className: "actions" }, signIn(words.forgot)));
    box.addEventListener("cancel", (event) => event.preventDefault());
    const chosen = () => new FormData(form).get("who");
    const shown = () => {
      input.disabled = people().find(({ person }) => person === chosen())?.shut;
      say(input.disabled ? words.shut : "");
    };
    form.addEventListener("change", (event) => event.target !== input && shown());
    input.addEventListener("input", async () => {
      if (!/^\d{6}$/.test(input.value) || input.readOnly) return;
      input.readOnly = true;
      const well = await enter(chosen(), input.value);
      input.readOnly = false;
      input.value = "";
      if (!well) {
        say(words.wrong);
        if (people().find(({ person }) => person === chosen())?.shut) shown();
        return;
      }
      box.remove();
      good();
    });
    shown();
    input.focus();
    // Who has just signed in and is new on this tablet need not look for the way.
    fromServer().then((told) => {
      if (!told?.part || !box.isConnected || people().some(({ person }) => person === told.person)) return;
      box.remove();
      choose(false).then(good);
    });
  });
}

// Somebody else's PIN, for their signature; `lend` says whether it was the right one.
export function confirm(person, lend) {
  return new Promise((good) => {
    const one = people().find((some) => some.person === person);
    const [line, input] = field("pin", words.pin);
    const later = make("button", { type: "button", className: "button", textContent: words.later });
    const { box, say } = dialog(words.confirm(one.name), line, make("p", { className: "actions" }, later));
    later.addEventListener("click", () => box.close());
    box.addEventListener("close", () => (box.remove(), good(false)));
    input.addEventListener("input", async () => {
      if (!/^\d{6}$/.test(input.value) || input.readOnly) return;
      input.readOnly = true;
      const told = await lend(person, input.value);
      input.readOnly = false;
      input.value = "";
      if (told) return good(true), box.close();
      say(told === null ? words.noGrant : people().find((some) => some.person === person).shut ? words.shut : words.wrong);
    });
    input.focus();
  });
}

// A new PIN. Answers when it is set, fails when the person does not want to or may not now.
export async function choose(cancellable = true) {
  const told = await fromServer();
  return new Promise((good, bad) => {
    if (!told?.part) {
      const { box, form } = dialog(words.set, make("p", { textContent: words.fresh }), make("p", { className: "actions" }, signIn(words.signIn, "button is-first")));
      if (!cancellable) return box.addEventListener("cancel", (event) => event.preventDefault());
      const later = make("button", { type: "button", className: "button", textContent: words.later });
      form.querySelector(".actions").append(later);
      later.addEventListener("click", () => box.close());
      box.addEventListener("close", () => (box.remove(), bad(new Error("no PIN"))));
      return;
    }
    const [line, input] = field("pin", words.pin);
    const [other, again] = field("again", words.again);
    const later = make("button", { type: "button", className: "button", textContent: words.later, hidden: !cancellable });
    const { box, form, say } = dialog(words.set, make("p", { textContent: words.why }), line, other, make("p", { className: "actions" }, make("button", { className: "button is-first", textContent: words.good }), later));
    if (!cancellable) box.addEventListener("cancel", (event) => event.preventDefault());
    later.addEventListener("click", () => box.close());
    box.addEventListener("close", () => (box.remove(), bad(new Error("no PIN"))));
    form.addEventListener("submit", async () => {
      const pin = input.value;
      const wrong = !/^\d{6}$/.test(pin) ? words.pin : isWeak(pin) ? words.weak : pin !== again.value ? words.differ : "";
      say(wrong);
      if (wrong) return;
      await setPin(pin, told);
      good();
      box.close();
    });
    input.focus();
  });
}

// Back from the sign-in: who signed in sets a PIN anew, on the key that is there.
async function renew() {
  history.replaceState(null, "", "/sync/");
  await choose(false);
}
