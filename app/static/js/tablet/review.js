// The review on the tablet: what is still missing by the server's own list, what is read out, what two people say differently,
// the signatures, and what waits to be sent.
import { newId } from "../shrink.js";
import { finished } from "./finished.js";
import * as signing from "./signing.js";
import { draft, factsOf, standing, wrongWith } from "./stands.js";
import { done, get, write } from "./store.js";
import { sync, waiting } from "./sync.js";
import { words } from "./words.js";

const box = document.querySelector("#area-review");
const $ = (selector) => box.querySelector(selector);
const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
const VALUES = { corrected: "pass", partly: "fail", not_corrected: "fail" };

function line(list, text, press, said = "") {
  const item = make("li", "");
  const link = make("a", text, { href: "#" });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    press();
  });
  item.append(link, said);
  list.append(item);
  return item;
}

const title = (row) => row.querySelector("legend").textContent.replace(/\s*[（(]PIECE[）)]/, "").trim();

function problem(list, row, facts, press) {
  const item = line(list, title(row), press);
  const chips = [...row.querySelectorAll(".chips input[type=checkbox]")].filter((one) => facts.faults.includes(one.value));
  const chosen = chips.map((one) => one.closest("label").textContent.trim());
  const follows = chips.map((one) => one.closest("label").nextElementSibling).filter((one) => one?.matches(".follows"));
  const detail = row.querySelector(".detail:not(.stamp)")?.textContent || "";
  const outcome = facts.item === "RECHECK" ? row.querySelector(".answers input:checked")?.closest("label").textContent.trim() : "";
  item.append(make("p", [outcome, chosen.join("；"), detail, facts.reading, facts.note].filter(Boolean).join(" · ")));
  const plain = (one) => [...one.childNodes].map((part) => (part.nodeName === "BR" ? "；" : part.textContent)).join("");
  for (const one of follows) item.append(make("p", plain(one).replace(/\s+/g, " ").trim()));
  if (facts.spot) item.append(make("p", words.onSpot));
  if (facts.deadline) item.append(make("p", words.ownDeadline(facts.deadline)));
  if (!facts.photos) item.append(make("p", words.noPhoto, { className: "hint" }));
}

// two answers side by side -------------------------------------------------------------------------------------------------

function valueWords(row, { field, value }) {
  const name = row?.dataset.row;
  const control = (one) => row?.querySelector(`input[name="${CSS.escape(field === "answer" ? name : `${name}.${field}`)}"][value="${CSS.escape(String(one))}"]`)?.closest("label").textContent.trim();
  if (Array.isArray(value)) return value.map((one) => control(one) || one).join("；") || "—";
  if (typeof value === "boolean") return words.yes[value];
  return control(value) || String(value ?? "") || "—";
}

function contest(row, one, kind, by, again) {
  const part = make("fieldset", "", { className: "contested" });
  part.append(make("legend", `${row ? title(row) : one.item}：${words.twoWords}`));
  const buttons = make("div", "", { className: "actions" });
  for (const option of one.options) {
    const button = make("button", `${valueWords(row, { ...one, value: option.value })}（${option.by_name}）`, { type: "button", className: "button" });
    button.addEventListener("click", async () => {
      const { item, place, field } = one;
      const at = new Date().toISOString();
      await write(["drafts", "answers", "ops"], async (s) => {
        const [mine, before] = await Promise.all([done(s.drafts.get(draft)), done(s.answers.get([draft, item, place, field]))]);
        s.drafts.put({ ...mine, contested: mine.contested.filter((other) => other.item !== item || other.place !== place || other.field !== field) });
        s.answers.put({ draft, item, place, field, via: "tap", at, ...before, value: option.value, rev: Math.max(before?.rev || 0, mine.rev || 0), conflict: undefined });
        s.ops.add({ op_id: newId(), act: "resolve", draft, kind, by, at, value: { item, place, field, chosen: option.op_id } });
      });
      await again();
      sync({ asked: true });
    });
    buttons.append(button);
  }
  part.append(buttons);
  return part;
}

// the whole review ---------------------------------------------------------------------------------------------------------

let bound = null;
let turn = 0;

export async function review(hooks) {
  const { areas, rowsOf, go, rows, again, form } = hooks;
  bound ??= signing.bind(hooks);
  await bound;
  const mine = (turn += 1);
  const now = await standing();
  if (mine !== turn) return;
  const counts = { pass: 0, fail: 0, na: 0, not_checked: 0, pieces: 0, bulk: 0 };
  const [missing, problems, contests] = [make("ul", ""), make("ol", ""), make("div", "")];
  let troubles = 0;
  for (const area of areas) {
    const key = area.dataset.area;
    const open = [];
    for (const row of rowsOf(area)) {
      const facts = factsOf(row.dataset.row, now);
      const value = VALUES[facts.answer] || facts.answer;
      if (value in counts) counts[value] += 1;
      if (!value && facts.piece) counts.pieces += 1;
      if (value === "pass" && row.querySelector("[data-stamp]").textContent.includes(words.via.bulk)) counts.bulk += 1;
      if (value === "fail" || (value && facts.item === "RECHECK")) problem(problems, row, facts, () => go(key, row));
      for (const [code, said] of wrongWith(facts)) {
        troubles += 1;
        if (code === "open") open.push(row);
        else line(missing, title(row), () => go(key, row), `：${said}`);
      }
    }
    if (open.length) line(missing, `${area.getAttribute("aria-label")}：${words.openRows(open.length)}`, () => go(key, open[0]));
  }
  for (const one of now.mine?.contested || []) {
    troubles += 1;
    const row = rows.get(one.place ? `${one.item}@${one.place}` : one.item);
    contests.append(contest(row, one, form.dataset.kind, form.dataset.by, again));
  }
  $("[data-open-rows]").replaceChildren(...missing.children);
  $("[data-problems]").replaceChildren(...problems.children);
  $("[data-contests]").replaceChildren(...contests.children);
  $("[data-counts]").textContent = words.counts(counts);
  $("[data-open-rows]").hidden = !$("[data-open-rows]").children.length;
  $("[data-none-open]").hidden = troubles > 0;
  $("[data-no-problems]").hidden = $("[data-problems]").children.length > 0;
  outcome(now.mine, rows, go);
  await signing.show({ troubles, now });
  await queue();
}

// Finished, but not through: what the server said, row by row, and what helps.
function outcome(mine, rows, go) {
  const told = mine && finished({ ...mine, id: draft });
  const part = $("[data-outcome]");
  part.hidden = !told;
  if (!told) return;
  part.className = `notice is-${told.look}`;
  part.querySelector("[data-outcome-said]").textContent = [told.tag, told.text].filter(Boolean).join(words.colon);
  const link = part.querySelector("a");
  link.hidden = !told.href || told.mend;
  if (told.href) Object.assign(link, { href: told.href, textContent: told.label });
  const list = part.querySelector("ul");
  list.replaceChildren();
  for (const one of mine.finalise?.missing || []) {
    const row = rows.get(one.row);
    if (one.message) line(list, row ? title(row) : words.whole, () => row && go(row.closest("section").dataset.area, row), `：${one.message}`);
  }
  part.querySelector("[data-mend]").hidden = !told.mend;
}

// How sending stands, in words: what waits, and why it is not gone yet.
export async function queue(told = null) {
  const left = await waiting();
  const last = told || (await get("meta", "sync"));
  $("[data-waiting]").textContent = words.queue(left, last);
}

box?.querySelector("[data-send]").addEventListener("click", () => sync({ asked: true }));
addEventListener("xf-sync", (event) => box && !box.hidden && queue(event.detail));
