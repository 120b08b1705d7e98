"""What the invented people of the district say in orders, letters and records."""

from __future__ import annotations

#: The legal reviewer and the leader, mostly in few words.
REVIEWED = ("事实清楚，适用依据正确。", "同意，报领导审批。", "依据、期限核对无误。", "")
APPROVED = ("同意。", "同意，请按期复查。", "同意。送达时请当面说明整改要求。", "")
#: Who is there when a school does not sign, and why it does not.
WITNESSES = (
    ("旺姆", "河谷社区居委会"),
    ("陈立新", "东路社区居委会"),
    ("次旺罗布", "纳金社区居委会"),
    ("周慧敏", "教育局值班室"),
)
REFUSALS = ("校长对第 1 项的期限有异议，拒绝签收。", "学校认为应由产权单位整改，拒绝签收。", "负责人阅后不愿签字。")
LEFT = ("校长外出开会，值班人员拒绝代收，留置于校长办公室。", "学校放假，门卫不愿代签，留置于传达室。")
#: Posts of those at a school who have an item in hand.
POSTS = ("后勤主任", "电工", "食堂管理员", "宿管员", "总务干事", "德育主任")
#: Why a school asks for more time, and how many days more.
WANTS_TIME = (
    ("配件须从外地采购，物流需一周以上。", 10),
    ("施工队已约定，须等周末停课后进场。", 7),
    ("整改费用须经教育局审批，正在走流程。", 15),
    ("厂家答复下周发货。", 8),
)
GRANTED = ("情况属实，同意。延期期间须落实人防措施。", "同意，期间每日巡查并做好记录。")
REFUSED_TIME = ("影响疏散，不宜延期，请先行清理。", "申请期限过长，材料可在本地购买，请按原期限改正。")
#: Why what a school sent goes back to it.
RETURNED = (
    "照片看不清器材标签，请补拍近照。",
    "只有采购订单，没有安装后的照片。",
    "照片不是同一部位，请在原部位重拍。",
)
SENT_AGAIN = ("已按退回意见补拍近照。", "已安装到位，补充现场照片。")
SENT = ("已按要求整改，请复查。", "已更换新器材，照片附后。", "已清理并安排专人每日检查。")
DONE_BY = ("后勤组", "示范消防器材服务部", "学校电工", "示范机电安装公司", "总务处")
#: What it cost, in yuan; most tell nothing.
COSTS = (None, None, None, "180.00", "360.00", "1280.50", "2400.00", "96.00")
#: What the case file tells in words, for some.
PROBLEM_TEXTS = ("", "", "", "检查时学校已安排专人跟进。", "同类问题上学期曾口头提醒。")
VOID_REASON = "文书中单位名称有误，重新制作。"
ESCALATED = ("示范市消防救援支队", "同一问题两次复查未通过，提请挂牌督办。")

MAJOR_TEXT = "消防设施和安全疏散存在多处隐患，短期内难以消除，师生集中，一旦发生火灾可能造成人员伤亡。"
MAJOR_CONCLUSION = "对照判定标准逐条研究，建议判定为重大火灾隐患，书面通知学校并抄告教育局。"
SEAL_DANGER = "临时库房内大量纸箱、泡沫等可燃物堆放至顶棚，电线私拉乱接，与学生活动用房之间无防火分隔。"
SEAL_CONCLUSION = "不及时消除将严重威胁公共安全，决定对该部位临时查封。"
SEAL_COURSE = "宣读临时查封决定，告知权利；清点物品后切断库房电源，在东、西两侧门张贴封条各一张，拍照存档。"
SEAL_STATEMENT = "对查封没有异议，将尽快清理。"
