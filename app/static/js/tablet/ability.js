// Whether this browser keeps work without network: what it has, and what follows. Judged before a visit starts.
import { open } from "./store.js";

const APPS = /MicroMessenger|wxwork|DingTalk|Feishu|Lark|QQ\/|Weibo|AlipayClient|baiduboxapp|aweme|; wv\)/i;

// What stands against it, as names of words.why; nothing: it can. Plain values in and out.
export function judge({ secure, worker, caches, subtle, store, hidden, agent, platform, touches, standalone }) {
  const found = [];
  const ios = /iPad|iPhone/.test(agent) || (platform === "MacIntel" && touches > 1);
  if (!secure) found.push("insecure");
  else if (!worker || !caches || !subtle) found.push("worker");
  if (!store) found.push("store");
  else if (hidden) found.push("hidden");
  if (APPS.test(agent) || (ios && !standalone && !/Safari\//.test(agent))) found.push("inApp");
  else if (ios && !standalone) found.push("iosTab");
  return found;
}

const works = async (what) => {
  try {
    await what();
    return true;
  } catch {
    return false;
  }
};

// Private windows of Safari and Firefox refuse the origin's own folder; Chromium's cannot be told from others.
async function facts() {
  return {
    secure: isSecureContext,
    worker: "serviceWorker" in navigator,
    caches: "caches" in window && (await works(() => caches.has("xf-visits"))),
    subtle: Boolean(crypto.subtle),
    store: await works(open),
    hidden: Boolean(navigator.storage?.getDirectory) && !(await works(() => navigator.storage.getDirectory())),
    agent: navigator.userAgent,
    platform: navigator.platform,
    touches: navigator.maxTouchPoints,
    standalone: Boolean(navigator.standalone) || matchMedia("(display-mode: standalone)").matches,
  };
}

export const unable = async () => judge(await facts());

// Lists the reasons in the page's box for them; `absent` and the like come from the page itself.
export function tellWhy(keys, why) {
  const box = document.querySelector("[data-cannot]");
  box.hidden = !keys.length;
  box.querySelector("[data-cannot-list]").replaceChildren(...keys.map((key) => Object.assign(document.createElement("li"), { textContent: why[key] })));
}
