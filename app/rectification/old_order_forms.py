"""What is filled in on the way of a list of former orders."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.models import Person
from app.core import clock
from app.core.forms import Day, Form, Text, not_after
from app.imports.columns import ColumnsForm, DecisionsForm, columns_form, decisions_form
from app.imports.models import Decision, ImportRow, Verdict
from app.rectification.old_order_words import FIELDS


class UploadForm(Form):
    """The file."""

    file = FileField(_l("清单文件"), [FileRequired(_l("请选择文件。"))])


def mapping_form(headings: Sequence[str], mapped: Mapping[str, str]) -> type[ColumnsForm]:
    """A form with one choice for each column of this list."""
    options = [("", _("只作原文保存")), *((name, str(label)) for name, label in FIELDS.items())]
    return columns_form(ColumnsForm, headings, mapped, options)


class AcceptForm(Form):
    """Accepting the list."""

    only_good = BooleanField()
    take_readable = BooleanField(_l("我已逐行看过，点分日期、Excel 序号和带文字的日期按读出的日期登记"))


class DecisionForm(DecisionsForm):
    """Which school is meant in the rows of one page; fields are added by `decision_form`."""

    def decisions(self) -> dict[int, uuid.UUID | None]:
        """Row → the school that is meant, or None to leave the row out. Rows not decided are not named."""
        chosen = {number: said for number, said in self.chosen().items() if said}
        return {number: None if said == "leave" else uuid.UUID(said) for number, said in chosen.items()}


def decision_form(rows: Sequence[ImportRow], names: Mapping[str, str]) -> type[DecisionForm]:
    """A form with one choice for each row whose school is not sure. `names` are the schools it may be, by id."""
    asked = {}
    for row in rows:
        if row.verdict is not Verdict.LIKELY:
            continue
        same = [match[0] for match in row.matches if match[0] in names]
        options = [*((one, _("就是“%(name)s”", name=names[one])) for one in same), ("leave", _("不导入"))]
        now = "leave" if row.decision is Decision.LEAVE else str(row.target_id or "")
        asked[row.number] = (row.content["texts"].get("school", ""), options, now)
    return decisions_form(DecisionForm, asked)


class DeadlineForm(Form):
    """Which day the deadline of an old order is."""

    day = Day(_l("改正期限"), [InputRequired(_l("请填写改正期限。"))])


class StrikeOffForm(Form):
    """The re-check on paper that strikes an old order off."""

    on = Day(_l("复查日期"), [InputRequired(_l("请填写复查日期。")), not_after(clock.today)])
    second_id = SelectField(_l("第二名检查人员"), [InputRequired(_l("请选择第二名检查人员。"))])
    reason = Text(_l("依据"), [InputRequired(_l("请写明依据，例如复查记录的编号和存放处。")), Length(max=300)])

    def __init__(self, *args: Any, colleagues: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.second_id.choices = [SelectChoice("", _("请选择")), *(SelectChoice(str(p.id), p.name) for p in colleagues)]
