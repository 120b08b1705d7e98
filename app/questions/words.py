"""How questions read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.questions.rules import QuestionAct, QuestionKind, State

KINDS = {
    QuestionKind.QUESTION: lazy_pgettext("question", "提问"),
    QuestionKind.OPINION: _l("意见建议"),
    QuestionKind.REQUEST: _l("请求"),
}
STATES = {
    State.OPEN: _l("待答复"),
    State.ANSWERED: _l("已答复"),
    State.CLOSED: lazy_pgettext("question", "已关闭"),
    State.REOPENED: _l("重新提出，待答复"),
}
LOOKS = {
    State.OPEN: "warn",
    State.ANSWERED: "ok",
    State.CLOSED: "na",
    State.REOPENED: "warn",
}
ACTS = {
    QuestionAct.ASK: _l("提出"),
    QuestionAct.ADD: _l("补充"),
    QuestionAct.ANSWER: _l("答复"),
    QuestionAct.CLOSE: lazy_pgettext("question", "关闭"),
    QuestionAct.REOPEN: _l("重新提出"),
}
