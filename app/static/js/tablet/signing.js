// Signing on the tablet. The first stroke fixes what is signed: its digest goes with every signature, and the draft is not
// changed on this tablet until the signatures are torn up. All of it is on disk at once; nothing leaves before 完成并发送.
import { newId } from "../shrink.js";
import { grantOf, lend, mayLend } from "./grants.js";
import { digestOf, draft, filesOf, page, standing } from "./stands.js";
import { done, get, write } from "./store.js";
import { sync } from "./sync.js";
import { words } from "./words.js";

export const ROLES = ["lead", "second", "school", "witness"];
const form = document.querySelector("form[data-tablet]");
const box = document.querySelector("#area-review");
const $ = (selector) => box.querySelector(selector);
const boxOf = (role) => $(`[data-role="${role}"]`);
const field = (role, name) => box.querySelector(`[name="${role}.${name}"]`);
const people = ["second", "accompanying", "accompanying_post"];
let settled = async () => {};
let changed = () => {};
let freeze = () => {};

const mend = (work) =>
  write(["drafts", "ops", "quarantine"], async (s) => {
    const mine = (await done(s.drafts.get(draft))) || { id: draft };
    const told = await work(s, mine);
    s.drafts.put(mine);
    return told;
  });

// Who has to sign, in their order; a witness when the school's person refuses.
export const wanted = (hands = {}) => ROLES.filter((role) => role !== "witness" || hands.school?.refused);
const complete = (role, hand) => Boolean(hand) && (role === "lead" || role === "second" ? hand.strokes : hand.name && (hand.refused ? hand.reason : hand.strokes));
export const missing = (hands = {}) => wanted(hands).filter((role) => !complete(role, hands[role]));

// What stands in a box of the page; null where nobody has signed or refused.
function handIn(role) {
  const refused = role === "school" && field(role, "refused").checked;
  const strokes = refused ? "" : field(role, "strokes").value;
  if (!strokes && !refused) return null;
  const text = (name) => field(role, name)?.value.trim() || "";
  return { name: text("name"), post: text("post"), strokes, refused, reason: refused ? text("reason") : "" };
}

let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

async function keepHand(role) {
  const hand = handIn(role);
  const mine = await get("drafts", draft);
  if (!hand && !mine?.signing?.hands[role]) return;
  let fixed = mine?.signing;
  if (hand && !fixed) {
    freeze();
    await settled();
    const now = await standing();
    fixed = { digest: await digestOf(now), base_rev: Math.max(Number(form.dataset.rev), now.mine?.rev || 0), files: filesOf(now), at: new Date().toISOString() };
  }
  await mend((s, draft_) => {
    const hands = { ...draft_.signing?.hands };
    if (hand) hands[role] = { ...hands[role], ...hand, at: hands[role]?.strokes === hand.strokes ? hands[role].at : new Date().toISOString() };
    else delete hands[role];
    draft_.signing = Object.keys(hands).length ? { ...fixed, ...draft_.signing, hands } : undefined;
  });
  changed();
}

const keepPeople = () =>
  mend((_s, mine) => {
    mine.people = Object.fromEntries(people.map((name) => [name, $(`[name="${name}"]`).value.trim()]));
  });

const opOf = (rest) => ({ op_id: newId(), draft, kind: form.dataset.kind, by: form.dataset.by, holder: form.dataset.by, at: new Date().toISOString(), ...rest });

function signatureOp(role, hand, digest, head) {
  const by = role === "lead" ? head.lead : role === "second" ? head.second : form.dataset.by;
  return opOf({ act: "answer", item: "VISIT", place: "", field: "signature", via: "tap", by, at: hand.at, value: { role, ...hand, at: undefined, digest } });
}

// Finishing and every signature go into the queue together, in this order; what is not signed yet can follow, here or online.
async function finish() {
  for (const role of ROLES) await keepHand(role);
  const { head } = await standing();
  await mend((s, mine) => {
    const { signing } = mine;
    if (!signing || (!signing.done_at && !signing.hands.lead)) return;
    const { digest, base_rev, files } = signing;
    const fresh = ROLES.filter((role) => complete(role, signing.hands[role]) && !signing.hands[role].queued && wanted(signing.hands).includes(role));
    if (!signing.done_at) {
      const { second, accompanying, accompanying_post } = head;
      s.ops.add(opOf({ act: "finalise", base_rev, value: { files, digest, second, accompanying, accompanying_post } }));
    }
    for (const role of fresh) {
      s.ops.add(signatureOp(role, signing.hands[role], digest, head));
      signing.hands[role].queued = true;
    }
    signing.done_at ||= new Date().toISOString();
  });
  await changed();
  $("h2").scrollIntoView({ block: "end" });
  sync({ asked: true });
}

// What was sent of it, or may have been, is taken back at the server before anything else is.
async function tear() {
  await mend(async (s, mine) => {
    const of = (op) => op.act === "finalise" || op.field === "signature";
    const [ops, kept] = [await done(s.ops.index("draft").getAll(draft)), await done(s.quarantine.index("draft").getAll(draft))];
    const queued = ops.filter(of);
    const heard = kept.filter(of);
    for (const op of queued) s.ops.delete(op.seq);
    for (const op of heard) s.quarantine.delete(op.op_id);
    if (heard.length || mine.finalise || queued.some((op) => op.tried)) s.ops.add(opOf({ act: "reopen", value: {} }));
    for (const name of ["signing", "finalise", "signatures"]) delete mine[name];
    if (mine.state === "signing") mine.state = "draft";
  });
  location.hash = "#area-review";
  location.reload();
}

// showing ------------------------------------------------------------------------------------------------------------------

async function names(head) {
  for (const [n, role] of ["lead", "second"].entries()) {
    const name = page.people[head[role]] || "";
    boxOf(role).querySelector("legend").textContent = words.officer(n + 1, name);
    const mine = head[role] === form.dataset.by;
    const granted = await grantOf(head[role]);
    const asks = head[role] && !mine && !granted && mayLend(head[role]);
    const said = !head[role] ? words.proof.none : mine ? "" : granted ? words.proof.here(name) : asks ? "" : words.proof.not(name);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.proof.pin(name) });
    button.addEventListener("click", async () => (await (await import("./pin.js")).confirm(head[role], lend)) && names(head));
    boxOf(role).querySelector("[data-proof]").replaceChildren(...(asks ? [button] : [said]));
  }
}

export async function show({ troubles, now }) {
  const { mine, head } = now;
  const signing = mine?.signing;
  await names(head);
  const closed = signing || ["signing", "signed", "withdrawn"].includes(mine?.state);
  for (const name of people) $(`[name="${name}"]`).disabled = Boolean(closed);
  $("[data-sign-first]").hidden = !troubles || Boolean(closed);
  $("[data-sign]").hidden = (troubles > 0 && !signing) || (!signing && Boolean(closed));
  const refused = field("school", "refused").checked;
  boxOf("witness").hidden = !refused;
  $("[data-refusal]").hidden = !refused;
  boxOf("school").querySelector("[data-pad]").hidden = refused;
  for (const role of ROLES) boxOf(role).inert = Boolean(signing?.hands[role]?.queued) || (role === "second" && !head.second) || (mine?.signed || []).includes(role);
  const left = missing(signing?.hands);
  const unsent = Object.values(signing?.hands || {}).some((hand) => !hand.queued);
  $("[data-sign-left]").textContent = !signing ? words.sign.before : left.length ? words.sign.left(left.map((role) => words.roles[role])) : words.sign.all;
  $("[data-finish]").hidden = Boolean(signing?.done_at) && !unsent;
  $("[data-finish]").disabled = !signing || left.includes("lead");
  // A signature that stands at the server is not torn up here.
  $("[data-tear]").hidden = !signing || (mine.signed || []).length > 0;
  const stale = signing && !signing.done_at && signing.digest !== (await digestOf(now));
  $("[data-stale]").hidden = !stale;
  if (stale) $("[data-finish]").disabled = true;
}

export async function bind(hooks) {
  ({ settled, changed, freeze } = hooks);
  const mine = await get("drafts", draft);
  for (const name of people) $(`[name="${name}"]`).value = mine?.people?.[name] ?? page.head[name];
  for (const [role, hand] of Object.entries(mine?.signing?.hands || {})) {
    field(role, "strokes").value = hand.strokes;
    for (const name of ["name", "post", "reason"]) if (field(role, name)) field(role, name).value = hand[name];
    if (hand.refused) field(role, "refused").checked = true;
  }
  const school = [["name", "accompanying"], ["post", "accompanying_post"]];
  const fill = () => school.forEach(([to, from]) => (field("school", to).value ||= $(`[name="${from}"]`).value));
  fill();
  const typing = {};
  box.addEventListener("input", (event) => {
    const role = event.target.closest("[data-role]")?.dataset.role;
    if (role && "strokes" in event.target.dataset) return void inTurn(() => keepHand(role));
    if (!role && !people.includes(event.target.name)) return;
    clearTimeout(typing[role]);
    const work = role ? () => keepHand(role) : () => keepPeople().then(fill).then(changed);
    typing[role] = setTimeout(() => inTurn(work), event.target.type === "text" ? 500 : 0);
  });
  $("[data-finish]").addEventListener("click", () => inTurn(finish));
  for (const button of box.querySelectorAll("[data-tear], [data-mend]")) {
    button.addEventListener("click", () => {
      if (button.dataset.sure !== undefined) return void inTurn(tear);
      button.dataset.sure = "";
      button.textContent = words.sure;
    });
  }
  await import("../signature.js");
}
