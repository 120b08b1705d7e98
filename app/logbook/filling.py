"""What the forms of every log have: an id of the sender's, day and time, the visit it belongs to, photos, a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Optional, Photos, Text


class EntryForm(Form):
    """One entry as held. `key` makes sending twice harmless. A form of this kind has day, time, visit and photos."""

    key = HiddenField()

    def __init__(self, *args: Any, visits: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [SelectChoice("", _("不结合检查")), *(SelectChoice(str(key), name) for key, name in visits)]
        self._fields["visit"].choices = choices

    def entry_id(self) -> uuid.UUID:
        """The sender's id of this entry."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def held_at(self) -> datetime:
        """The moment, in the schools' zone."""
        return datetime.combine(self["day"].data, self["time"].data, clock.ZONE)

    def visit_id(self) -> uuid.UUID | None:
        """The outing it belongs to."""
        return uuid.UUID(self["visit"].data) if self["visit"].data else None


class FilterForm(Form):
    """Which entries to list. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    since = Day(_l("从"), [Optional()])
    until = Day(_l("到"), [Optional()])
    withdrawn = BooleanField(_l("只看已撤回的"))

    def chosen(self) -> dict[str, Any]:
        """What the form asks of any log."""
        return {
            "since": self.since.data,
            "until": self.until.data,
            "search": (self.q.data or "")[:100],
            "withdrawn": self.withdrawn.data,
        }


class PhotosForm(Form):
    """More photos."""

    photos = Photos(_l("照片"))


class WithdrawForm(Form):
    """Why an entry is taken back."""

    reason = LongText(
        _l("撤回理由"), [DataRequired(_l("请写明撤回理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))]
    )
