// How a finished draft stands, in words, for the list and the review; and what helps where it did not go through.
import { words } from "./words.js";

const say = words.finished;
const MEND = { incomplete: say.mendRows, contested: say.mendContested, unseen_changes: say.mendSeen, not_as_signed: say.mendSigned };

// null while it is a plain draft. `href` leads on; `mend`: it is mended on the visit's own page, signatures torn up.
export function finished(one) {
  const id = one.id;
  if (one.state === "signed") return { look: "ok", tag: say.signed, text: "", href: `/inspections/${id}/record`, label: say.record };
  if (one.state === "withdrawn") return null;
  const { signing, finalise } = one;
  const bad = (reason, text, href, label) => ({ look: "bad", tag: say.notThrough, text, href, label, mend: reason in MEND });
  if (finalise && ["held", "rejected"].includes(finalise.status)) {
    const { reason, message } = finalise;
    if (reason in MEND) return bad(reason, message, `/sync/visits/${id}#area-review`, MEND[reason]);
    return { look: "warn", tag: say.notThrough, text: message, href: reason === "files_missing" ? "" : "/sync/conflicts", label: say.conflicts };
  }
  const held = Object.values(one.signatures || {}).find((told) => ["held", "rejected"].includes(told.status) && told.reason !== "not_finalised");
  if (held?.reason in MEND) return bad(held.reason, held.message, `/sync/visits/${id}#area-review`, MEND[held.reason]);
  if (held) return { look: "warn", tag: say.notThrough, text: held.message, href: "/sync/conflicts", label: held.reason === "unproven" ? say.confirm : say.conflicts };
  if (one.state === "signing" || ["applied", "duplicate"].includes(finalise?.status)) return { look: "warn", tag: say.someMissing, text: "", href: `/inspections/${id}/signatures`, label: say.signOnline };
  if (signing?.done_at) return { look: "warn", tag: say.waiting, text: "" };
  if (signing) return { look: "warn", tag: say.signing, text: "" };
  return null;
}
