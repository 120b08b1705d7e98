// The token that says: this person has signed in on this tablet. It lies encrypted under their PIN; who signs beside somebody
// else enters it, and so lends the token to who has the tablet.
import { isOn, peek, people, who } from "./lock.js";
import { get, put } from "./store.js";

const SOON = 3 * 86_400_000;

// The token of a person, or null where they never signed in here, or too long ago.
export async function grantOf(person) {
  const kept = person && ((await get("meta", `grant ${person}`)) || (await get("meta", `lent ${person}`)));
  return kept && Date.parse(kept.until) > Date.now() ? kept.grant : null;
}

// Whether a PIN of this person on this tablet would bring it.
export const mayLend = (person) => isOn() && person !== who() && people().some((one) => one.person === person && !one.shut);

export async function lend(person, pin) {
  const kept = await peek(person, pin, `grant ${person}`);
  if (kept) await put("meta", kept, `lent ${person}`);
  return kept;
}

export async function keepGrant({ person, grant, until }) {
  if (person && grant && Date.parse(until)) await put("meta", { grant, until }, `grant ${person}`);
}

// Whether a new one should be asked for, while its person is signed in.
export async function grantEnds(person) {
  if (isOn() && person !== who()) return false; // it would lie under another's PIN
  const kept = await get("meta", `grant ${person}`);
  return !kept || Date.parse(kept.until) < Date.now() + SOON;
}
