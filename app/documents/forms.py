"""What people fill in about papers: a reason, a check code, a file to verify."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, HiddenField
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.core.forms import Form, LongText, Text


class ReasonForm(Form):
    """Why a paper is revoked, replaced or its number voided; a page has several, told apart by their act."""

    reason = LongText(
        _l("原因"), [InputRequired(_l("请填写原因。")), Length(max=300, message=_l("原因最多 300 个字。"))]
    )

    def __init__(self, act: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.id = self.reason.label.field_id = f"{act}-reason"


class CodeForm(Form):
    """The check code from a paper."""

    code = Text(_l("校验码"), [InputRequired(_l("请输入文书页脚的校验码。")), Length(max=300)])


class _Wanted:
    """Marks a field as needed without refusing it: the hash beside it may have come instead."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Refuses nothing."""


class FileForm(Form):
    """A paper as a file; where the browser can, only its hash is sent."""

    file = FileField(_l("PDF 文件"), [_Wanted()])
    sha256 = HiddenField(validators=[MayBeEmpty(), Regexp("^[0-9a-f]{64}$", message=_l("请重新选择文件。"))])
