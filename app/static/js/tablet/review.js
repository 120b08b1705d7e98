// The review on the tablet: what is still open, what will be read out, and what waits to be sent. It lists; it judges nothing.
import { get } from "./store.js";
import { sync, waiting } from "./sync.js";
import { minute, words } from "./words.js";

const box = document.querySelector("#area-review");
const draft = document.querySelector("form[data-tablet]")?.dataset.tablet;

function line(list, text, press) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = "#";
  link.textContent = text;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    press();
  });
  item.append(link);
  list.append(item);
  return item;
}

const title = (row) => row.querySelector("legend").textContent;

function problem(list, row, press) {
  const item = line(list, title(row), press);
  const chosen = [...row.querySelectorAll(".chips input:checked")].map((one) => one.closest("label").textContent.trim());
  const detail = row.querySelector(".detail:not(.stamp)")?.textContent || "";
  const note = row.querySelector('textarea[name$=".note"]')?.value || "";
  const said = document.createElement("p");
  said.textContent = [chosen.join("；"), detail, note].filter(Boolean).join(" · ");
  item.append(said);
}

export function review({ areas, rowsOf, isOpen, go }) {
  const counts = { pass: 0, fail: 0, na: 0, not_checked: 0, pieces: 0, bulk: 0 };
  const open = box.querySelector("[data-open-rows]");
  const problems = box.querySelector("[data-problems]");
  open.replaceChildren();
  problems.replaceChildren();
  for (const area of areas) {
    const key = area.dataset.area;
    const all = rowsOf(area);
    const missing = all.filter((row) => isOpen(row) && row.dataset.item !== "PIECE");
    if (missing.length) line(open, `${area.getAttribute("aria-label")}：${words.openRows(missing.length)}`, () => go(key, missing[0]));
    for (const row of all) {
      const value = { corrected: "pass", partly: "fail", not_corrected: "fail" }[row.dataset.value] || row.dataset.value;
      if (value in counts) counts[value] += 1;
      if (isOpen(row) && row.dataset.item === "PIECE") counts.pieces += 1;
      if (row.querySelector("[data-stamp]").textContent.includes(words.via.bulk) && value === "pass") counts.bulk += 1;
      if (value === "fail") problem(problems, row, () => go(key, row));
    }
  }
  box.querySelector("[data-counts]").textContent = words.counts(counts);
  box.querySelector("[data-none-open]").hidden = open.children.length > 0;
  box.querySelector("[data-no-problems]").hidden = problems.children.length > 0;
  queue();
}

// How sending stands, in words: what waits, and why it is not gone yet.
export async function queue(told = null) {
  const left = await waiting();
  const last = told || (await get("meta", "sync"));
  const said = last && words.state[last.state];
  const why = typeof said !== "function" ? said : last.state === "sent" ? (left.ops ? "" : said(minute(last.at))) : said(last.state === "photo" ? last.left : last.message);
  const others = left.ops > left.mine ? words.others(left.ops - left.mine) : "";
  box.querySelector("[data-waiting]").textContent = [left.ops ? words.wait(left.ops, left.photos) : words.nothing, others, why].filter(Boolean).join(" ");
  box.querySelector("[data-online]").hidden = left.ops > 0 || !draft;
}

box?.querySelector("[data-send]").addEventListener("click", () => sync({ asked: true }));
addEventListener("xf-sync", (event) => box && !box.hidden && queue(event.detail));
