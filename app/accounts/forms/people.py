"""Inviting people, and what they hold. Places come as choices from the view: `brigade:<id>`, `school:<id>`, `area:<code>`."""

from __future__ import annotations

import uuid
from typing import TypedDict

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.core.forms import Day, Form, Text


class PlaceIds(TypedDict):
    """Where a role is held; one of the three is set."""

    brigade_id: uuid.UUID | None
    school_id: uuid.UUID | None
    area_code: str | None


def place_ids(choice: str) -> PlaceIds:
    """What a chosen place names."""
    kind, _sep, value = choice.partition(":")
    return {
        "brigade_id": uuid.UUID(value) if kind == "brigade" else None,
        "school_id": uuid.UUID(value) if kind == "school" else None,
        "area_code": value if kind == "area" else None,
    }


class RoleForm(Form):
    """A role at a place."""

    place = SelectField(_l("所属单位"), [InputRequired(_l("请选择所属单位。"))])
    role = SelectField(_l("岗位"), [InputRequired(_l("请选择岗位。"))])
    title = Text(_l("职务名称"), [Optional(), Length(max=60)], description=_l("例如“副大队长”“安全副校长”。"))


class InviteForm(RoleForm):
    """Whom to invite."""

    name = Text(_l("姓名"), [InputRequired(_l("请输入姓名。")), Length(max=80)])


class BeginForm(RoleForm):
    """A further role for somebody who is here already."""

    from_day = Day(_l("任职开始日"), [InputRequired(_l("请输入任职开始日。"))])


class EndForm(Form):
    """When a role ends."""

    last_day = Day(_l("最后任职日"), [Optional()], description=_l("不填则立即结束，其页面和登录权限马上失效。"))


class HandOverForm(Form):
    """Who takes a role over, and when."""

    successor = SelectField(_l("接任人"), [InputRequired(_l("请选择接任人。"))])
    from_day = Day(_l("接任日"), [InputRequired(_l("请输入接任日。"))])


class PersonForm(Form):
    """How a person is named and reached."""

    name = Text(_l("姓名"), [InputRequired(_l("请输入姓名。")), Length(max=80)])
    name_bo = Text(_l("藏文姓名"), [Optional(), Length(max=120)])
    credential_number = Text(
        _l("执法证件号"), [Optional(), Length(max=40)], description=_l("消防监督员的证件号，印在检查记录上。")
    )
    phone = Text(_l("电话"), [Optional(), Length(max=40)], render_kw={"inputmode": "tel"})
    email = Text(
        _l("电子邮箱"),
        [
            Optional(),
            Length(max=120),
            Regexp(r"[^@\s]+@[^@\s]+$", message=_l("请输入有效的电子邮箱，例如 name@example.cn。")),
        ],
        render_kw={"inputmode": "email"},
    )


class PeopleFilter(Form):
    """Which people to list."""

    class Meta:
        csrf = False

    q = Text(_l("姓名、登录名或电话"))
    role = SelectField(_l("岗位"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)
