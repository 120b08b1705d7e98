// The rows of a walk, made of what the server drew: each form of row came once with the page, each row as a short line that
// fills it in. What a fault asks for, and the questions of a piece that was not chosen for tests, are made when they are needed.
const [BULK, OWNED, ALWAYS] = [1, 2, 4];
const FIRST = 0xe000; // the signs that stand for: name, item, equipment, title, detail, alarm, last, method, what was found before
const KINDS = /row-\ue000|[\ue000-\ue008]/g;

let told = null;
const lines = new Map();
const ofPiece = new Map();
const plans = new Map(); // of a section whose rows are not laid out yet: its headings, with the rows it will show
const homes = new Map(); // the section of a row, by its name

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

const html = (line) => filled(told.forms[line[0]], line);

function area(one, only) {
  const section = document.querySelector("template[data-area-section]").content.firstElementChild.cloneNode(true);
  section.id = `area-${one.key}`;
  section.dataset.area = one.key;
  section.setAttribute("aria-label", one.name);
  const bulk = [];
  const plan = [];
  for (const heading of one.headings) {
    const shown = [];
    for (const place of heading.rows) {
      const line = told.rows[place];
      if (only && !only.has(told.texts[line[4]])) continue;
      const name = nameOf(line);
      lines.set(name, line);
      homes.set(name, section);
      if (line[2] & BULK) bulk.push(name);
      if (line[2] & OWNED && !(line[2] & ALWAYS)) {
        const piece = told.texts[line[4]];
        ofPiece.set(piece, [...(ofPiece.get(piece) || []), line]);
      } else shown.push(line);
    }
    if (shown.length) plan.push([heading.title, shown]);
  }
  plans.set(section, plan);
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
    if (!plans.get(section).length) continue;
    form.append(section);
    menu.insertBefore(link(one), menu.lastElementChild);
  }
  const findings = document.querySelector("template[data-open-findings]");
  if (findings) form.querySelector("section")?.prepend(findings.content.cloneNode(true));
}

// Lays out the rows of a section, if they are not yet; answers those that were made.
export function lay(section) {
  const plan = plans.get(section);
  if (!plan) return [];
  plans.delete(section);
  for (const [heading, shown] of plan) {
    const title = document.createElement("h2");
    title.textContent = heading;
    section.append(title);
    section.insertAdjacentHTML("beforeend", shown.map(html).join(""));
  }
  return [...section.querySelectorAll("[data-row]")];
}

export const homeOf = (name) => homes.get(name);
export const waitingSections = () => [...plans.keys()].filter((section) => section.isConnected);

// The names of the rows that a section not laid out yet will ask; `sampled`: the pieces chosen for tests.
export function planned(section, sampled) {
  const shown = plans.get(section).flatMap(([, some]) => some.map(nameOf));
  const own = shown.filter((name) => name.startsWith("PIECE@") && sampled.has(name.slice(6))).flatMap((name) => (ofPiece.get(name.slice(6)) || []).map(nameOf));
  return [...shown, ...own];
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
  box.innerHTML = filled(told.fixes[line[1]].map((bit) => told.bits[bit]).join(""), line);
  return true;
}
