"""What is filled in about questions and answers."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.db import new_id
from app.core.forms import Form, LongText, Photos, Text, choices
from app.questions.queries import LATE, WAITING, Wanted
from app.questions.rules import QuestionKind, State
from app.questions.service import NewQuestion
from app.questions.words import KINDS, STATES

_WORDS = [DataRequired(_l("请写明内容。")), Length(max=4000, message=_l("请不超过 4000 字。"))]


class AskForm(Form):
    """What a school puts to the brigade. `key` makes sending twice harmless."""

    key = HiddenField()
    kind = RadioField(_l("属于哪一类"), [InputRequired(_l("请选择属于哪一类。"))], choices=choices(QuestionKind, KINDS))
    title = Text(_l("标题"), [DataRequired(_l("请写明标题。")), Length(max=120, message=_l("标题请不超过 120 字。"))])
    words = LongText(_l("内容"), _WORDS)
    photos = Photos(_l("照片"))

    def question_id(self) -> uuid.UUID:
        """The sender's id of this question."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def new_question(self) -> NewQuestion:
        """What was filled in."""
        return NewQuestion(kind=QuestionKind(self.kind.data), title=self.title.data or "", words=self.words.data or "")


class WordsForm(Form):
    """An answer, or more about a question, with photos."""

    words = LongText(_l("内容"), _WORDS)
    photos = Photos(_l("照片"))


class ReopenForm(Form):
    """Why an answer does not settle it."""

    words = LongText(_l("还有什么没有解决"), _WORDS)


class CloseForm(Form):
    """A last word, if any."""

    words = Text(_l("说明"), [Length(max=300, message=_l("请不超过 300 字。"))])


class PublishForm(Form):
    """An answer for all schools, worded anew."""

    question = LongText(_l("问题"), _WORDS)
    answer = LongText(_l("答复"), _WORDS)


class ReasonForm(Form):
    """Why a public answer is withdrawn."""

    reason = Text(_l("理由"), [DataRequired(_l("请写明理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))])


class FilterForm(Form):
    """Which questions to list. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    state = SelectField(
        _l("状态"),
        default="",
        choices=[
            SelectChoice("", _l("全部")),
            SelectChoice(WAITING, _l("等待答复")),
            SelectChoice(LATE, _l("逾期未答复")),
            *choices(State, STATES),
        ],
    )
    kind = SelectField(_l("种类"), default="", choices=[SelectChoice("", _l("全部")), *choices(QuestionKind, KINDS)])

    def wanted(self, school_id: uuid.UUID | None) -> Wanted:
        """What the form asks for."""
        return Wanted(
            text=self.q.data or "", state=self.state.data or "", kind=self.kind.data or "", school_id=school_id
        )
