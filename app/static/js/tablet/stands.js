// What stands on the draft as this tablet knows it: the page as it was taken along, with what was written here and heard since.
// Review, digest and signatures all read it here.
import { hash } from "./photos.js";
import { get, of } from "./store.js";

const form = document.querySelector("form[data-tablet]");
export const draft = form?.dataset.tablet;
export const page = JSON.parse(document.querySelector("template[data-signing]")?.content.textContent || "{}");

const less = (one, other) => {
  for (let n = 0; n < one.length; n += 1) if (one[n] !== other[n]) return one[n] < other[n] ? -1 : 1;
  return 0;
};
const says = (value) => !(value === "" || value === false || value === null || value === undefined || (Array.isArray(value) && !value.length));

export async function standing() {
  const [mine, answers, kept, ops] = [await get("drafts", draft), await of("answers", "draft", draft), await of("photos", "draft", draft), await of("ops", "draft", draft)];
  const unsent = new Set(ops.filter((op) => op.act === "answer").map((op) => `${op.item} ${op.place} ${op.field}`));
  const fields = new Map(page.answers.map(([item, place, field, value]) => [`${item} ${place} ${field}`, [item, place, field, value]]));
  for (const one of answers) {
    const key = `${one.item} ${one.place} ${one.field}`;
    if (unsent.has(key) || one.conflict || (one.rev || 0) > Number(form.dataset.rev)) fields.set(key, [one.item, one.place, one.field, one.value]);
  }
  const there = mine?.photos_there?.filter((one) => !one.withdrawn).map((one) => [one.id, one.item, one.place, one.slot, one.sha256]) || page.photos;
  const photos = new Map(there.map(([id, ...rest]) => [id, rest]));
  for (const one of kept) {
    if (["withdrawn", "rejected", "lost"].includes(one.state)) photos.delete(one.id);
    else photos.set(one.id, [one.item, one.place, one.slot, one.sha256]);
  }
  const value = (name, field) => {
    const [item, place = ""] = name.split("@");
    return fields.get(`${item} ${place} ${field}`)?.[3];
  };
  const head = { ...page.head, ...mine?.people };
  return { mine, fields, photos: [...photos.values()], value, head };
}

// SHA-256 of what the signers have before them, as PROTOCOL.md lays it out and the server reckons it again.
export async function digestOf({ fields, photos, head }) {
  const answers = [...fields.values()].filter(([item, , field, value]) => item !== "VISIT" && field !== "photo" && says(value)).sort(less);
  const once = [...new Map(photos.map((one) => [one.join(" "), one])).values()].sort(less);
  const content = { answers, head: Object.fromEntries(Object.entries(head).sort(less)), photos: once };
  return hash(new TextEncoder().encode(JSON.stringify(content)));
}

export const filesOf = ({ photos }) => [...new Set(photos.map((one) => one[3]))];

// What the server's tests ask about a row; a reading, choice, date or photo may say something by itself.
function judged(judge, value, slots) {
  if (!judge) return null;
  const said = judge.field === "photo" ? slots.length : value(judge.field);
  if (!said) return null;
  if (judge.field === "photo") return "pass";
  if (judge.field === "choice") return said in judge.fails ? (judge.fails[said] ? "fail" : "pass") : null;
  if (judge.field === "date") return said >= judge.from && said <= judge.to ? "pass" : "fail";
  if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(said)) return null;
  const number = Number(said);
  return (judge.below !== null && number < judge.below) || (judge.above !== null && number > judge.above) ? "fail" : "pass";
}

// The last day that may be set for a row: by its faults, where one has to be put right at once, else by the brigade's limit.
function lastDay(item, faults) {
  const named = faults.map((one) => (one === "other" ? `${item}:` : one.includes(":") ? one : `${item}:${one}`));
  const days = (named.length ? named : [`${item}:`]).map((one) => page.at_once?.[one]).filter((one) => one !== undefined);
  const last = new Date(`${page.day}T00:00:00Z`);
  last.setUTCDate(last.getUTCDate() + (days.length ? Math.min(...days) : page.within ?? 0));
  return { at_once: days.length > 0, most: last.toISOString().slice(0, 10) };
}

export function factsOf(name, { value: valueOf, photos }) {
  const [item, place = ""] = name.split("@");
  const value = (field) => valueOf(name, field);
  const slots = photos.filter((one) => one[0] === item && one[1] === place).map((one) => one[2]);
  const given = value("answer") || "";
  const verdict = judged(page.judges[name], value, slots);
  const after = slots.includes("after");
  return {
    item, piece: item === "PIECE", answer: given || verdict || "", note: value("note") || "", faults: value("fault") || [], reading: value("reading") || "",
    date: value("date") || "", deadline: value("deadline") || "", spot: Boolean(value("spot")), photos: slots.length > 0,
    against: Boolean(given && verdict) && (given === "fail") !== (verdict === "fail"), both: after && slots.some((slot) => slot !== "after"),
    day: page.day, today: new Date().toLocaleDateString("sv"), ...lastDay(item, value("fault") || []),
  };
}

const tests = {
  is: (fact, value) => fact === value,
  in: (fact, value) => value.includes(fact),
  has: (fact, value) => fact.includes(value),
  empty: (fact, value) => (fact.length === 0) === value,
  odd: (fact, value) => fact !== "" && !new RegExp(value).test(fact),
  before: (fact, value, facts) => fact !== "" && fact < facts[value],
  after: (fact, value, facts) => fact !== "" && fact > facts[value],
};

// What a row still wants, by the server's own list: its code, and the sentence.
export const wrongWith = (facts) => page.demands.filter(([, wrong]) => wrong.every(([fact, test, value]) => tests[test](facts[fact], value, facts))).map(([code, , said]) => [code, said]);
