"""What people fill in about papers: a reason, a check code, a file to verify."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.core.forms import Form, LongText, Text


class ReasonForm(Form):
    """Why a paper is revoked, replaced or its number voided."""

    reason = LongText(
        _l("原因"), [InputRequired(_l("请填写原因。")), Length(max=300, message=_l("原因最多 300 个字。"))]
    )


class CodeForm(Form):
    """The check code from a paper."""

    code = Text(_l("校验码"), [InputRequired(_l("请输入文书页脚的校验码。")), Length(max=300)])


class FileForm(Form):
    """A paper as a file; where the browser can, only its hash is sent."""

    file = FileField(_l("PDF 文件"))
    sha256 = HiddenField(validators=[MayBeEmpty(), Regexp("^[0-9a-f]{64}$", message=_l("请重新选择文件。"))])
