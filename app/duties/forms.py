"""What was done for a duty, as a form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, SelectField, SelectMultipleField, TimeField, ValidationError, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.core import clock
from app.core.forms import Day, Form, LongText, Photos, Text, choices, not_after
from app.duties.holding import NewHolder
from app.duties.queries import trainings
from app.duties.queries.tallies import ALL, Choice
from app.duties.rules.holders import Post
from app.duties.service import NewRecord
from app.duties.words import POSTS
from app.logbook.filling import EntryForm
from app.schools.labels import KINDS
from app.schools.models import SchoolKind


class RecordForm(EntryForm):
    """One patrol, check or test as done. `key` makes sending twice harmless."""

    duty = SelectField(_l("做了哪一项"), [DataRequired(_l("请选择做了哪一项。"))])
    day = Day(_l("日期"), [DataRequired(_l("请填写日期。")), not_after(clock.today)], default=clock.today)
    time = TimeField(_l("时间"), [InputRequired(_l("请填写时间。"))], format=["%H:%M", "%H:%M:%S"])
    done_by = Text(_l("检查人"), [DataRequired(_l("请填写检查人。")), Length(max=80)])
    found_faults = BooleanField(_l("发现问题"))
    visit = SelectField(_l("结合的检查"), default="")
    notes = LongText(_l("情况和处理"), [Length(max=4000)])
    photos = Photos(_l("照片"))

    def __init__(
        self, *args: Any, duties: Sequence[tuple[str, str]], visits: Sequence[tuple[uuid.UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, visits=visits, **kwargs)
        self.duty.choices = [SelectChoice("", _("请选择")), *(SelectChoice(code, text) for code, text in duties)]

    def new_record(self) -> NewRecord:
        """What was filled in."""
        return NewRecord(
            duty=self.duty.data,
            held_at=self.held_at(),
            visit_id=self.visit_id(),
            done_by=self.done_by.data or "",
            found_faults=self.found_faults.data,
            notes=self.notes.data or "",
        )


class GridForm(Form):
    """Which schools a district's grid shows. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    kind = SelectField(_l("学校类型"), default="", choices=[SelectChoice("", _l("全部")), *choices(SchoolKind, KINDS)])
    duty = SelectField(lazy_pgettext("menu", "职责"), default="")
    order = SelectField(
        _l("排序"), default="", choices=[SelectChoice("", _l("问题多的在前")), SelectChoice("name", _l("按名称"))]
    )

    def __init__(self, *args: Any, duties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty.choices = [
            SelectChoice("", _("全部计入的职责")),
            *(SelectChoice(code, text) for code, text in duties),
        ]

    def choice(self) -> Choice:
        """What the form asks for."""
        known = {code for code, *_text in self.duty.choices}
        return Choice(
            search=(self.q.data or "")[:100],
            kind=self.kind.data or "",
            duty=self.duty.data if self.duty.data in known else ALL,
            by_name=self.order.data == "name",
        )


class DueForm(Form):
    """Which schools the list of trainings that are due shows. Read from the address."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    everything = BooleanField(_l("也列出没有到期培训的学校"))

    def choice(self) -> trainings.Choice:
        """What the form asks for."""
        return trainings.Choice(search=(self.q.data or "")[:100], everything=self.everything.data)


class Ticks(SelectMultipleField):
    """Several of a list, each with its box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class HolderForm(Form):
    """Who answers for the duties that are ticked, from which day on."""

    duties = Ticks(_l("交给下面的人"), [DataRequired(_l("请至少勾选一项职责。"))])
    post = SelectField(_l("岗位"), [InputRequired(_l("请选择岗位。"))])
    who = SelectField(_l("责任人"), [InputRequired(_l("请选择责任人。"))])
    name = Text(_l("姓名"), [Length(max=80, message=_l("姓名请不超过 80 字。"))])
    phone = Text(_l("电话"), [Optional(), Length(max=40)], render_kw={"inputmode": "tel"})
    from_day = Day(_l("从哪天起"), [InputRequired(_l("请填写日期。"))], default=clock.today)

    def offer(self, *, duties: Sequence[tuple[str, str]], staff: Sequence[tuple[uuid.UUID, str, str]]) -> None:
        """The duties of the school, and its people with an account."""
        self.duties.choices = [SelectChoice(code, text) for code, text in duties]
        self.post.choices = [SelectChoice("", _("请选择")), *choices(Post, POSTS)]
        self.who.choices = [
            SelectChoice("", _("请选择")),
            *(SelectChoice(str(key), name) for key, name, _phone in staff),
            SelectChoice("named", _("没有账号，姓名写在下面")),
            SelectChoice("nobody", _("暂时没有人")),
        ]

    def validate_name(self, field: Any) -> None:
        """A name, where the person has no account."""
        if self.who.data == "named" and not field.data:
            field.validators = ()
            raise ValidationError(str(_l("请填写姓名。")))

    def new_holder(self) -> NewHolder:
        """What was filled in."""
        post = Post(self.post.data)
        if self.who.data == "nobody":
            return NewHolder(post=post)
        phone = self.phone.data or ""
        if self.who.data == "named":
            return NewHolder(post=post, name=self.name.data or "", phone=phone)
        return NewHolder(post=post, person_id=uuid.UUID(self.who.data), phone=phone)
