// What script says where drills and trainings are logged, in the page's language.
const english = document.documentElement.lang === "en";

const zh = {
  kinds: { drill: "演练", training: "培训" },
  begin: { drill: "登记演练", training: "登记培训" },
  school: "全校",
  noSchool: "请先在“离线工作”页选择学校。没有学校可选时，请联网打开该页一次。",
  fresh: "尚未填写。填写的内容随时保存在本机。",
  saved: (time) => `已存本机 ${time}`,
  unsaved: "没有保存：本机空间不足或存储被禁用。",
  fill: "请填写",
  at: (label, message) => `${label}：${message}`,
  photo: (n) => `照片 ${n}`,
  remove: "删除照片",
  most: (n) => `一次最多 ${n} 张照片，其余请登记后在记录页上传。`,
  badPhoto: "这张照片无法读取。",
  state: {
    draft: "填写中",
    waiting: "已完成，等待发送。有网络时自动发送。",
    mend: "服务器请您更正几处后再次完成。",
    kept: "服务器已收下，等待处理：",
    refused: "没有接受：",
    logged: "已登记 ✓",
  },
  short: { draft: "填写中", waiting: "待发送", mend: "需更正", kept: "等待处理", refused: "没有接受", logged: "已登记 ✓" },
  open: "查看记录",
  none: "没有可登记的学校。请联网打开本页一次；消防人员也可以从学校页面带上。",
};

const en = {
  kinds: { drill: "Drill", training: "Training" },
  begin: { drill: "Log a drill", training: "Log a training" },
  school: "Whole school",
  noSchool: "Choose a school on the offline page first. If none is listed, open that page once with network.",
  fresh: "Nothing filled in yet. What you fill in is kept on this device as you go.",
  saved: (time) => `Kept on this device ${time}`,
  unsaved: "Not saved: this device has no space or refuses storage.",
  fill: "please fill in",
  at: (label, message) => `${label}: ${message}`,
  photo: (n) => `Photo ${n}`,
  remove: "Remove photo",
  most: (n) => `At most ${n} photos at once; add more on the record's page later.`,
  badPhoto: "This photo cannot be read.",
  state: {
    draft: "Being filled in",
    waiting: "Finished, waiting to be sent. It goes by itself when there is network.",
    mend: "The server asks you to correct a few things and finish again.",
    kept: "The server has it, waiting for a decision: ",
    refused: "Not accepted: ",
    logged: "Logged ✓",
  },
  short: { draft: "Being filled in", waiting: "Waiting to be sent", mend: "To be corrected", kept: "Waiting for a decision", refused: "Not accepted", logged: "Logged ✓" },
  open: "See the record",
  none: "No school to log for. Open this page once with network; the brigade can also take a school along from its page.",
};

export const said = english ? en : zh;
