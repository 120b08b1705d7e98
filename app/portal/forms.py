"""What a school sends about a finding."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField
from wtforms.validators import Length

from app.core.db import new_id
from app.core.forms import Form, LongText


class EvidenceForm(Form):
    """Photos and a note; `key` makes sending twice harmless."""

    photos = MultipleFileField(_l("整改照片"), render_kw={"accept": "image/*", "multiple": True})
    note = LongText(_l("整改情况"), [Length(max=1000, message=_l("整改情况请不超过 1000 字。"))])
    asks_recheck = BooleanField(_l("已全部改好，申请复查"))
    key = HiddenField()

    def files(self) -> list[tuple[str, bytes]]:
        """The photos that were chosen, as name and bytes."""
        return [(f.filename or "", f.read()) for f in self.photos.data or [] if getattr(f, "filename", "")]

    def evidence_id(self) -> uuid.UUID:
        """The sender's id of this sending."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()
