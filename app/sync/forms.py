"""What is filled in on the pages of tablets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from app.core.forms import Form


class ImportForm(Form):
    """A file that a tablet exported."""

    file = FileField(_l("从平板导出的文件"), [FileRequired(_l("请选择文件。"))])
