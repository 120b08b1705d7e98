"""What is filled in about posts and receipts."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, Text, not_after

_NAME = Length(max=80, message=_l("姓名请不超过 80 字。"))


class AppointForm(Form):
    """Who is in a post from which day on."""

    name = Text(_l("姓名"), [DataRequired(_l("请填写姓名。")), _NAME])
    from_day = Day(_l("到任日期"), [DataRequired(_l("请填写到任日期。"))], default=clock.today)


class HandOverForm(Form):
    """The last day of somebody in a post, and who follows."""

    to_day = Day(_l("离任日期"), [DataRequired(_l("请填写离任日期。"))], default=clock.today)
    successor = Text(_l("接任人"), [_NAME])


class ReceiptForm(Form):
    """A receipt; the signature stands beside it. `key` makes sending twice harmless. Without a drawing it is one on paper."""

    key = HiddenField()
    received_on = Day(
        _l("签收的日期"), [DataRequired(_l("请填写签收日期。")), not_after(clock.today)], default=clock.today
    )

    def receipt_id(self) -> uuid.UUID:
        """The sender's id of this receipt."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()


class ReasonForm(Form):
    """Why a receipt is withdrawn."""

    reason = Text(_l("理由"), [DataRequired(_l("请写明理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))])
