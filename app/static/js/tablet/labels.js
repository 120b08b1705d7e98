// Codes on labels, read as the server reads them, and what this tablet knows of the brigade's labels.
import { get, put } from "./store.js";

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 7;

export const spaced = (code) => `${code.slice(0, 3)}-${code.slice(3)}`;

// The code in whatever a scanner or a person gives: a whole address, or a code in any case, spaced or dashed; null for what is none.
export function read(text) {
  const address = /\/e\/([^/?#]*)/i.exec(text);
  let bare = text;
  try {
    if (address) bare = decodeURIComponent(address[1]);
  } catch {
    return null;
  }
  const code = bare.normalize("NFKC").replace(/[\p{Z}\p{Pd}\p{Cc}\p{Cf}._·]/gu, "").toUpperCase();
  if (code.length !== LENGTH || [...code].some((one) => !ALPHABET.includes(one))) return null;
  return [...code].reduce((sum, one, n) => sum + (n + 1) * ALPHABET.indexOf(one), 0) % ALPHABET.length ? null : code;
}

// Asked for while there is a line, kept until something changed.
export async function refresh() {
  try {
    const before = await get("meta", "labels");
    const headers = { Accept: "application/json", ...(before?.etag ? { "If-None-Match": `"${before.etag}"` } : {}) };
    const answer = await fetch("/sync/labels", { credentials: "same-origin", cache: "no-store", redirect: "manual", headers, signal: AbortSignal.timeout(30_000) });
    if (answer.status !== 200 || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return;
    const told = await answer.json();
    if (told.etag && Array.isArray(told.schools)) await put("meta", told, "labels");
  } catch { /* the labels known before are still good */ }
}

// What is known of a code: `{school: {id, title}}`, `{blank: true}`, or null.
export async function known(code) {
  const told = await get("meta", "labels");
  if (!told) return null;
  const school = told.schools.find((one) => one.codes.includes(code));
  if (school) return { school };
  return told.blank.includes(code) ? { blank: true } : null;
}
