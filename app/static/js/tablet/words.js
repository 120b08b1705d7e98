// What script says on the tablet's pages: only the words of the page's language are loaded.
const english = document.documentElement.lang === "en";
export const { words } = await (english ? import("./words_en.js") : import("./words_zh.js"));

// How sending stands, in words: what waits, and why it is not gone yet.
words.queue = (left, last) => {
  const said = last && words.state[last.state];
  const why = typeof said !== "function" ? said : last.state === "sent" ? (left.ops ? "" : said(minute(last.at))) : said(last.state === "photo" ? last.left : last.message);
  const others = left.ops > left.mine ? words.others(left.ops - left.mine) : "";
  return [left.ops ? words.wait(left.ops, left.photos) : words.nothing, others, why].filter(Boolean).join(" ");
};

const locale = english ? "en-GB" : "zh-CN";
export const clock = (at) => new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export const minute = (at) => {
  const day = new Date(at);
  const time = day.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
  if (day.toDateString() === new Date().toDateString()) return time;
  return `${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")} ${time}`;
};
export const day = (date) => {
  const [, month, number] = date.split("-");
  const today = new Date();
  const is = (one) => one.getFullYear() === Number(date.slice(0, 4)) && one.getMonth() + 1 === Number(month) && one.getDate() === Number(number);
  const name = is(today) ? (english ? "Today" : "今天") : is(new Date(today.getTime() + 86_400_000)) ? (english ? "Tomorrow" : "明天") : "";
  return [name, `${month}-${number}`].filter(Boolean).join(" ");
};
