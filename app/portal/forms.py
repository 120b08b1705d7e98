"""What a school sends about a finding."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from app.core.db import new_id
from app.core.forms import Form, LongText, Photos


class EvidenceForm(Form):
    """Photos and a note; `key` makes sending twice harmless."""

    photos = Photos(_l("整改照片"))
    note = LongText(_l("整改情况"), [Length(max=1000, message=_l("整改情况请不超过 1000 字。"))])
    asks_recheck = BooleanField(_l("已全部改好，申请复查"))
    key = HiddenField()

    def evidence_id(self) -> uuid.UUID:
        """The sender's id of this sending."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()
