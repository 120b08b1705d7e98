// The addresses of the pages that were taken along.
import { keepPage, keptPage } from "./pages.js";
import { put } from "./store.js";

export const addressOf = (id) => `/sync/visits/${id}`;
export const schoolAddress = (id) => `/sync/schools/${id}`;

// A draft begun here gets its own copy of the school's page, which no later version takes from it.
export async function keepCopy(school, draft, title) {
  let kept = await keptPage(schoolAddress(school));
  if (!kept) {
    const answer = await fetch(schoolAddress(school), { credentials: "same-origin" });
    if (!answer.ok) throw new Error("cut");
    kept = { text: await answer.text(), headers: answer.headers };
  }
  const { text } = kept;
  await keepPage(addressOf(draft), text, kept);
  await put("parts", { id: draft, school: null, title, etag: "", taken_at: new Date().toISOString(), bytes: new Blob([text]).size });
}
