"""How messages, their states and what went wrong read."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.notifications.rules import PAGE_ONLY, Channel, Kind, Outcome, Reason, State

#: What each event is called: the heading of its line. The sentence itself is templates/notifications/<event>.txt.
EVENTS: dict[str, Any] = {
    "deadline_near": _l("整改期限临近"),
    "deadline_passed": _l("整改逾期"),
    "order_review_wanted": _l("文书待法制审核"),
    "order_approval_wanted": _l("文书待审批"),
    "order_approved": _l("文书已批准"),
    "order_returned": _l("文书被退回"),
    "order_issued": _l("文书已签发"),
    "order_to_confirm": _l("文书待签收"),
    "order_served": _l("文书已送达"),
    "order_void": _l("文书已作废"),
    "order_closed": _l("全部销号"),
    "evidence_sent": _l("学校报送了整改材料"),
    "evidence_accepted": _l("整改材料已收下"),
    "evidence_returned": _l("整改材料被退回"),
    "extension_asked": _l("学校申请延期"),
    "extension_granted": _l("同意延期"),
    "extension_refused": _l("不同意延期"),
    "recheck_applied": _l("学校申请复查"),
    "recheck_planned": _l("已安排复查"),
    "recheck_passed": _l("复查合格"),
    "recheck_failed": _l("复查不合格"),
    "item_handed": _l("整改事项交由您负责"),
    "visit_planned": _l("系统安排了出行"),
    "escalated": _l("提请督办"),
    "escalation_answered": _l("督办意见"),
    "clock_due": _l("办理时限将到"),
    "clock_late": _l("办理时限已过"),
    "complaint_new": _l("收到举报投诉"),
    "complaint_due": _l("举报投诉临近时限"),
    "drill_plan_sent": _l("演练方案待审核"),
    "drill_plan_returned": _l("演练方案被退回"),
    "drill_plan_approved": _l("演练方案已同意"),
    "sample_failed": _l("抽查发现未真正整改"),
    "duty_near": _l("职责周期将结束"),
    "duties_received": _l("职责交由您负责"),
    "duties_given": _l("您的职责已交接"),
    "schools_received": _l("接收学校"),
    "schools_given": _l("学校已移交"),
    "task_sent": _l("收到任务"),
    "task_near": _l("任务临近期限"),
    "task_returned": _l("任务被退回"),
    "task_reported": _l("学校报告任务完成"),
    "question_asked": _l("学校提问"),
    "question_reopened": _l("学校重新提出"),
    "question_answered": _l("大队已答复"),
    "question_due": _l("答复临近或超过期限"),
    "test": _l("测试消息"),
}
CHANNELS = {
    Channel.EMAIL: _l("电子邮件"),
    Channel.SMS: _l("短信"),
    Channel.WEBHOOK: _l("消息平台接口"),
    Channel.WECOM: _l("企业微信群"),
    Channel.DINGTALK: _l("钉钉群"),
    Channel.FEISHU: _l("飞书群"),
    Channel.CALL: _l("电话"),
}
CHOICES = {
    "": _l("按顺序选用：电子邮件、短信"),
    Channel.EMAIL.value: _l("电子邮件"),
    Channel.SMS.value: _l("短信"),
    Channel.WEBHOOK.value: _l("消息平台接口"),
    PAGE_ONLY: _l("只在本系统页面上查看"),
}
KINDS = {Kind.DIGEST: _l("每日汇总"), Kind.URGENT: _l("紧急")}
STATES = {
    State.WAITING: _l("等待发送"),
    State.SENDING: _l("正在发送"),
    State.SENT: _l("已送出"),
    State.FAILED: _l("未送出"),
    State.REPLACED: _l("已并入后一天的汇总"),
}
LOOKS = {
    State.WAITING: "warn",
    State.SENDING: "info",
    State.SENT: "ok",
    State.FAILED: "bad",
    State.REPLACED: "na",
}
OUTCOMES = {
    Outcome.STARTED: _l("正在发送"),
    Outcome.ACCEPTED: _l("对方已接收"),
    Outcome.REFUSED: _l("未接收，稍后重试"),
    Outcome.REJECTED: _l("拒收"),
    Outcome.DOUBTFUL: _l("不能确定是否接收，以同一编号重试"),
    Outcome.BY_HAND: _l("已电话通知"),
}
REASONS: dict[str, Any] = {
    Reason.NO_CONNECTION: _l("连不上发送服务，可能已停机或地址不对。"),
    Reason.NO_SUCH_HOST: _l("找不到发送服务的主机名，请检查网络和地址。"),
    Reason.NOT_TRUSTED: _l("发送服务的证书不可信，没有发送。"),
    Reason.TIMEOUT: _l("发送服务在时限内没有回答。"),
    Reason.CUT_OFF: _l("发送过程中连接中断。"),
    Reason.SIGN_IN_REFUSED: _l("发送服务不接受本系统的账号或密钥，请管理员核对设置。"),
    Reason.SENDER_REFUSED: _l("发送服务不接受发件地址，请管理员核对设置。"),
    Reason.ADDRESS_REFUSED: _l("收件地址或号码被拒收，请核对联系方式。"),
    Reason.ANSWERED_ERROR: _l("发送服务回答出错。"),
    Reason.TOO_MANY: _l("发送服务限制了发送频率。"),
    Reason.NOT_SET_UP: _l("没有设置可用的发送服务，或地址写法不对。"),
    Reason.NO_ADDRESS: _l("没有可用的电子邮箱或电话。"),
    Reason.WORKER_DIED: _l("发送进程中途停止，不能确定是否送出。"),
    Reason.TOO_OLD: _l("多日未能送出，已转入电话通知单。"),
    Reason.BY_PHONE: _l("已转入电话通知单。"),
}
