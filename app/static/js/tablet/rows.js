// The rows of a walk, made of what the server drew: each form of row came once with the page, each row as a short line that
// fills it in. What a fault asks for, and the questions of a piece that was not chosen for tests, are made when they are needed.
const [BULK, OWNED, ALWAYS] = [1, 2, 4];
const FIRST = 0xe000; // the signs that stand for: name, item, equipment, title, detail, alarm, last, method, what was found before
const KINDS = /row-\ue000|[\ue000-\ue008]/g;

let told = null;
const lines = new Map();
const ofPiece = new Map();

const safe = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

// A line: form, fix, bits, and places in the list of texts: item, place, item as shown, equipment, title, …
const nameOf = (line) => (told.texts[line[4]] ? `${told.texts[line[3]]}@${told.texts[line[4]]}` : told.texts[line[3]]);

function filled(form, line) {
  const name = nameOf(line);
  return form.replace(KINDS, (sign) => {
    if (sign.length > 1) return safe(`row-${name.replace("@", "-")}`);
    const number = sign.charCodeAt(0) - FIRST;
    return safe(number ? told.texts[line[4 + number]] : name);
  });
}

function html(line) {
  lines.set(nameOf(line), line);
  return filled(told.forms[line[0]], line);
}

function area(one, only) {
  const section = document.querySelector("template[data-area-section]").content.firstElementChild.cloneNode(true);
  section.id = `area-${one.key}`;
  section.dataset.area = one.key;
  section.setAttribute("aria-label", one.name);
  const bulk = [];
  for (const heading of one.headings) {
    const shown = [];
    for (const place of heading.rows) {
      const line = told.rows[place];
      if (only && !only.has(told.texts[line[4]])) continue;
      if (line[2] & BULK) bulk.push(nameOf(line));
      if (line[2] & OWNED && !(line[2] & ALWAYS)) {
        const piece = told.texts[line[4]];
        ofPiece.set(piece, [...(ofPiece.get(piece) || []), line]);
      } else shown.push(html(line));
    }
    if (!shown.length) continue;
    const title = document.createElement("h2");
    title.textContent = heading.title;
    section.append(title);
    section.insertAdjacentHTML("beforeend", shown.join(""));
  }
  section.dataset.bulk = bulk.join(" ");
  return section;
}

function link(one) {
  const item = document.querySelector("template[data-area-link]").content.firstElementChild.cloneNode(true);
  const anchor = item.querySelector("a");
  anchor.href = `#area-${one.key}`;
  anchor.dataset.goto = one.key;
  anchor.firstElementChild.textContent = one.name;
  return item;
}

export function content() {
  told ??= JSON.parse(document.querySelector("script[data-walks]")?.textContent || "null");
  return told;
}

// Puts a walk into the page; `only`: the places that are asked (the findings of a re-check).
export function build(walk, only = null) {
  const form = document.querySelector("form[data-tablet]");
  const menu = document.querySelector(".sheet-areas ul");
  for (const one of content().walks[walk]) {
    const section = area(one, only);
    if (!section.querySelector("[data-row]")) continue;
    form.append(section);
    menu.insertBefore(link(one), menu.lastElementChild);
  }
  const findings = document.querySelector("template[data-open-findings]");
  if (findings) form.querySelector("section")?.prepend(findings.content.cloneNode(true));
}

// The questions of a piece's own, made after its row; only those that were not there yet.
export function ownRows(row) {
  const made = ofPiece.get(row.dataset.equipment) || [];
  ofPiece.delete(row.dataset.equipment);
  if (!made.length) return [];
  const box = document.createElement("template");
  box.innerHTML = made.map(html).join("");
  const found = [...box.content.children];
  for (const one of found) one.dataset.later = "";
  row.after(...found);
  return found;
}

// What a fault of this row asks for; answers whether it was made just now.
export function fix(row) {
  const box = row.querySelector(":scope > .fix[data-fix]");
  const line = box && lines.get(row.dataset.row);
  if (!line || line[1] < 0) return false;
  delete box.dataset.fix;
  box.innerHTML = filled(told.fixes[line[1]], line);
  return true;
}
