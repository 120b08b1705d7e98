// The token that says: this person has signed in on this tablet. The one place that knows where it lies; how it is sealed is
// its business alone.
import { get, put } from "./store.js";

const SOON = 3 * 86_400_000;

// The token of a person, or null where they never signed in here, or too long ago.
export async function grantOf(person) {
  const kept = person && (await get("meta", `grant ${person}`));
  return kept && Date.parse(kept.until) > Date.now() ? kept.grant : null;
}

export async function keepGrant({ person, grant, until }) {
  if (person && grant && Date.parse(until)) await put("meta", { grant, until }, `grant ${person}`);
}

// Whether a new one should be asked for, while its person is signed in.
export async function grantEnds(person) {
  const kept = await get("meta", `grant ${person}`);
  return !kept || Date.parse(kept.until) < Date.now() + SOON;
}
