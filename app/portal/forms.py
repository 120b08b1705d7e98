"""What a school fills in."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Measure, Photos, Text

#: The dearest work that a school may enter, in yuan: what is more is a typing slip.
DEAREST = 99_999_999


class SendersForm(Form):
    """A form that somebody without an account signs with a name; who has an account is known."""

    #: Several of these forms stand on one page, and each field wants an id of its own.
    of = "evidence"
    sender_name = Text(_l("您的姓名"), [Length(max=80, message=_l("姓名请不超过 80 字。"))])

    def needs_name(self, *, is_link: bool) -> None:
        """Ask for the name, or leave it out."""
        if is_link:
            self.sender_name.id = self.sender_name.label.field_id = f"{self.of}-sender"
            self.sender_name.validators = [DataRequired(_l("请填写您的姓名。")), *self.sender_name.validators]
            self.sender_name.flags.required = True
        else:
            del self.sender_name

    @property
    def signed(self) -> str:
        """The name that was typed, if one was asked for."""
        return (self.sender_name.data or "") if "sender_name" in self else ""


class EvidenceForm(SendersForm):
    """Photos, what was done, by whom, for how much; `key` makes sending twice harmless."""

    photos = Photos(_l("整改照片"))
    note = LongText(_l("整改情况"), [Length(max=1000, message=_l("整改情况请不超过 1000 字。"))])
    done_by = Text(_l("整改人或施工单位"), [Length(max=120, message=_l("请不超过 120 字。"))])
    cost = Measure(
        _l("费用（元）"),
        [Optional(), NumberRange(min=0, max=DEAREST, message=_l("费用须是 0 到 99999999 之间的数字。"))],
        places=2,
    )
    asks_recheck = BooleanField(_l("已全部改好，申请复查"))
    key = HiddenField()

    def evidence_id(self) -> uuid.UUID:
        """The sender's id of this sending."""
        return as_id(self.key.data) or new_id()


class HolderForm(SendersForm):
    """Who takes an item in hand."""

    of = "holder"
    name = Text(
        _l("责任人姓名"), [DataRequired(_l("请填写责任人的姓名。")), Length(max=80, message=_l("姓名请不超过 80 字。"))]
    )
    post = Text(_l("职务"), [Length(max=80, message=_l("职务请不超过 80 字。"))])
    phone = Text(_l("电话"), [Length(max=40, message=_l("电话请不超过 40 个字符。"))])


class ExtensionForm(SendersForm):
    """More time: until when, and why."""

    of = "extension"
    wanted = Day(_l("申请延期至"), [DataRequired(_l("请填写申请延期到哪一天。"))])
    reason = LongText(
        _l("延期理由"),
        [DataRequired(_l("请写明申请延期的原因。")), Length(max=500, message=_l("理由请不超过 500 字。"))],
    )


class ReceiptForm(Form):
    """Who has received the order."""

    name = Text(
        _l("签收人姓名"), [DataRequired(_l("请填写签收人的姓名。")), Length(max=80, message=_l("姓名请不超过 80 字。"))]
    )


class ScanForm(SendersForm):
    """The letter as signed and sealed."""

    of = "scan"
    scan = FileField(_l("盖章后的扫描件或照片"), render_kw={"accept": "application/pdf,image/*"})

    def chosen(self) -> tuple[str, bytes]:
        """File name and bytes; empty where nothing was chosen."""
        file = self.scan.data
        return (file.filename or "", file.read()) if getattr(file, "filename", "") else ("", b"")


def as_id(text: str | None) -> uuid.UUID | None:
    """An id that a page made, or None."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
